"""What fails while figures are computed leaves archive and workbook as they were, and nothing in the way of the next refresh."""

import pytest

from opsbook.archive.archive_file import Archive
from opsbook.commands.refresh import refresh


@pytest.mark.parametrize(
    "where",
    ["opsbook.metrics.compute_review._made", "opsbook.plan.annual_plan.plan", "opsbook.book.compose.compose"],
)
@pytest.mark.parametrize("error", [OverflowError, KeyboardInterrupt])
def test_rows_are_kept_only_with_their_figures(  # noqa: PLR0917
    tmp_path, run, values, monkeypatch, where, error
):
    def broken(*_, **__):
        raise error

    book, exports = tmp_path / "review.xlsx", tmp_path / "exports"
    exports.mkdir()
    run("new", book)
    (exports / "a.csv").write_text("统计日期,店铺访问人数\n2025-03,1000\n", encoding="utf-8")
    run("refresh", book)
    content = book.read_bytes()
    (exports / "b.csv").write_text("统计日期,店铺访问人数\n2025-04,2000\n", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(where, broken)
        with pytest.raises(error):
            refresh(book)
    assert book.read_bytes() == content
    with Archive.open(book.with_suffix(".duckdb"), for_writing=False) as archive:
        assert (archive.serial, archive.rows("shop_overview"), len(archive.receipts())) == (1, 1, 1)
    assert run("refresh", book)[0] == 0
    assert values(book)["visitors", "2025", ""][0] == 3000
