"""What the team writes down is recognised by header like any export, and does not move the end of the data."""

from datetime import datetime

import pytest
from tables import reading, table

from opsbook.archive.archive_file import Archive
from opsbook.intake import read
from opsbook.intake.clean_tables import Source
from opsbook.intake.header_map import HeaderMap
from opsbook.schemas import schemas

FILES = {
    "store_status": ("日期,店铺等级,星等级,金品诚企认证日期,视觉升级已完成,视觉升级计划", "2026-01-05,L2,3星,2025-11-03,4,10"),
    "content_log": ("日期,类型,主题,观看,互动", "2026-03-02,直播,春季新品,1200,96"),
    "customers": ("客户ID,客户名称,分层,KA阶段,行业,规模,维护动作,应完成日,完成日", "b1,Ann,KA,返单,零售,50人,季度回访,2026-03-31,2026-03-20"),
    "collaboration_log": ("事项,部门,提出日期,解决日期", "打样,产品,2026-03-02,2026-03-09"),
    "competitors": ("月份,对手,价格,主图,详情页,活动,爆品数,内容互动", "2026-03,A店,19.9,场景图,视频首屏,618,6,800"),
    "core_keywords": ("核心关键词", "camping tent"),
    "ad_revenue": ("月份,归因信保金额USD", "2026-03,5200.5"),
    "fx_rates": ("日期,人民币/美元", "2026-03-01,7.12"),
}  # fmt: skip


def test_every_noted_kind_has_a_file_here():
    assert set(FILES) == {kind for kind, schema in schemas().items() if schema.noted}


@pytest.fixture(scope="module")
def readings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("noted")
    for kind, lines in FILES.items():
        (folder / f"{kind}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sources = [Source(folder / f"{kind}.csv", f"{kind}.csv") for kind in FILES]
    return dict(zip(FILES, read(sources, HeaderMap()), strict=True))


@pytest.mark.parametrize("kind", FILES)
def test_it_is_recognised_with_every_column(readings, kind):
    found = readings[kind]
    assert [issue.code for issue in found.issues] == []
    assert [(each.kind, len(each)) for each in found.tables] == [(kind, 1)]
    headers = FILES[kind][0].split(",")
    schema = schemas()[kind]
    stored = [field.name for field in schema.stored if set(field.headers) & set(headers)]
    assert sorted(found.tables[0].columns) == sorted(stored)


def test_its_days_do_not_tell_how_far_the_data_reach(tmp_path):
    visitors = table("shop_overview", [(5.0,)], ("store_visitors",))  # September 2026
    later = table("content_log", [("直播", "预告")], ("content_type", "topic"), days=["2026-11-02"])
    with Archive.open(tmp_path / "a.duckdb", for_writing=True) as archive:
        archive.take_in([reading("log", later)], rules="r", taken_at=datetime(2026, 10, 1))
        assert str(archive.last_day()) == "2026-11-02"  # nothing else is there
        archive.take_in([reading("shop", visitors)], rules="r", taken_at=datetime(2026, 10, 1))
        assert str(archive.last_day()) == "2026-09-30"


def test_an_archive_of_an_older_version_is_read_without_what_it_lacks(tmp_path):
    path = tmp_path / "a.duckdb"
    with Archive.open(path, for_writing=True) as archive:
        archive._connection.execute("DROP TABLE content_log")
        archive._connection.execute('ALTER TABLE inquiry_list DROP COLUMN "quality_mark"')
    with Archive.open(path, for_writing=False) as archive:
        assert archive.table("content_log", ("topic", "_start")).empty
        assert list(archive.table("inquiry_list", ("quality_mark",))) == ["quality_mark"]
        assert (archive.rows("content_log"), archive.last_day()) == (0, None)
