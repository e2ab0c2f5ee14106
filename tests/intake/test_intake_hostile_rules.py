"""opsbook.toml and fleet files that nobody meant: one clear issue, quickly, and not thousands."""

import pytest

from opsbook.domain.errors import OpsbookError
from opsbook.fleet.store_list import load
from opsbook.intake.header_map import from_rows, load_toml
from opsbook.intake.issue_collector import IssueCollector

HUGE = {
    "decimal number": "x = " + "9" * 5000,
    "hexadecimal number": "x = 0x" + "f" * 5000,
    "nested lists": "x = " + "[" * 20_000,
    "no text": "\udcff\udcfe",
    "unended": 'x = "',
}


def written(tmp_path, text):
    path = tmp_path / "opsbook.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


@pytest.mark.parametrize("line", HUGE.values(), ids=HUGE.keys())
@pytest.mark.parametrize(
    "table", ["[[map]]", "[[map]]\n[map.headers]", "[[map]]\nkind = 'orders'\nheaders.a = 'b'"]
)
def test_rules_that_cannot_be_read(tmp_path, table, line):
    _, issues = load_toml(written(tmp_path, f"{table}\n{line}\n"))
    assert {issue.code for issue in issues} == {"column.map"}
    assert all(len(issue.message("en")) < 400 for issue in issues)


@pytest.mark.parametrize("key", ["x", "book", "name"])
@pytest.mark.parametrize("line", HUGE.values(), ids=HUGE.keys())
def test_fleets_that_cannot_be_read(tmp_path, key, line):
    with pytest.raises(OpsbookError) as caught:
        load(written(tmp_path, f"[[store]]\n{line.replace('x =', f'{key} =')}\n"))
    assert len(str(caught.value)) < 600


def test_thousands_of_wrong_rules_are_counted(tmp_path):
    rules = "".join(f'[[map]]\nheaders = {{ "h{number}" = "ordr_id" }}\n' for number in range(2000))
    _, issues = load_toml(written(tmp_path, rules))
    assert sum(issue.times for issue in issues) == 2000
    assert len(issues) < 30
    _, issues = from_rows([("", f"h{number}", "", "ordr_id") for number in range(2000)])
    assert (sum(issue.times for issue in issues), issues[0].row, len(issues) < 30) == (2000, 2, True)
    assert "order_id" in issues[0].detail


def test_thousands_of_issues_of_one_kind_are_counted():
    tally = IssueCollector("a.csv")
    for row in range(5000):
        tally.add("row.joined", row=row)
    tally.add("table.empty")
    assert (len(tally.issues), sum(issue.times for issue in tally.issues)) == (101, 5001)
    assert tally.issues[-1].code == "table.empty"
