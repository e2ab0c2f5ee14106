"""Lines that people and Refresh write together: what a person does to them, and what the next refresh leaves."""

from datetime import date

import pytest

from opsbook.domain.language import Text
from opsbook.plan.row_merge import Line, LineState, Standing, Wanted, settle
from opsbook.plan.table_declarations import CellKind, SharedTable, TableColumn, Writer

TABLE = SharedTable(
    "actions.list",
    4,
    (
        TableColumn("task", Text("任务", "Task"), Writer.SUGGESTED),
        TableColumn("due", Text("截止", "Due"), Writer.SUGGESTED, CellKind.DAY),
        TableColumn("actual", Text("实际", "Actual"), Writer.REFRESH, CellKind.NUMBER),
        TableColumn("owner", Text("负责人", "Owner"), Writer.PEOPLE),
    ),
)
TUNE = Wanted("q1/tune", {"task": "Tune P4P", "due": date(2027, 3, 31)})
LIVE = Wanted("q2/live", {"task": "Livestreams", "due": date(2027, 6, 30)})
SERIAL = 46477  # Excel's number of 2027-03-31


def standing(agreed):
    """Return what the next refresh reads, were nothing changed: days come back as numbers."""
    return Standing(
        tuple(
            Line(
                line.key,
                {
                    k: (v - date(1899, 12, 30)).days if isinstance(v, date) else v
                    for k, v in line.cells.items()
                },
                line.mark,
            )
            for line in agreed.lines
        ),
        agreed.offered,
    )


def edited(before, row, **cells):
    lines = list(before.lines)
    lines[row] = Line(lines[row].key, {**lines[row].cells, **cells}, lines[row].mark)
    return Standing(tuple(lines), before.offered)


@pytest.fixture
def first():
    return standing(settle(TABLE, Standing(), [TUNE, LIVE]))


def test_a_new_table_lists_the_suggestions_and_leaves_lines_free():
    agreed = settle(TABLE, Standing(), [TUNE, LIVE])
    assert [line.state for line in agreed.lines] == [
        LineState.SUGGESTED,
        LineState.SUGGESTED,
        LineState.FREE,
        LineState.FREE,
    ]
    assert agreed.lines[0].written == {"task", "due"}
    assert agreed.lines[0].day("due") == date(2027, 3, 31)


def test_unchanged_it_stays_and_a_new_suggestion_is_written(first):
    again = settle(TABLE, first, [TUNE, LIVE])
    assert standing(again) == first
    renamed = settle(
        TABLE, first, [Wanted("q1/tune", {"task": "调整直通车", "due": date(2027, 3, 31)}), LIVE]
    )
    assert renamed.lines[0].text("task") == "调整直通车"
    assert renamed.lines[0].written == {"task", "due"}


def test_a_renamed_task_is_kept_and_told_stale_once_the_suggestion_changes(first):
    mine = edited(first, 0, task="My own words")
    kept = settle(TABLE, mine, [TUNE, LIVE]).lines[0]
    assert (kept.text("task"), kept.written, kept.stale) == ("My own words", {"due"}, frozenset())
    other = Wanted("q1/tune", {"task": "Tune P4P harder", "due": date(2027, 3, 31)})
    stale = settle(TABLE, standing(settle(TABLE, mine, [TUNE, LIVE])), [other, LIVE])
    assert (stale.lines[0].text("task"), stale.lines[0].stale) == ("My own words", {"task"})
    still = settle(TABLE, standing(stale), [other, LIVE])
    assert still.lines[0].stale == {"task"}
    # Written anew in sight of the new suggestion, it is up to date.
    anew = settle(TABLE, edited(standing(still), 0, task="My newer words"), [other, LIVE])
    assert (anew.lines[0].text("task"), anew.lines[0].stale) == ("My newer words", frozenset())


def test_words_written_beside_old_figures_are_stale_at_once(first):
    other = Wanted("q1/tune", {"task": "Tune P4P harder", "due": date(2027, 3, 31)})
    found = settle(TABLE, edited(first, 0, task="Of the old figures"), [other, LIVE]).lines[0]
    assert (found.text("task"), found.stale) == ("Of the old figures", {"task"})


def test_an_emptied_cell_stays_empty_and_a_typed_number_stays(first):
    found = settle(TABLE, edited(first, 0, task=None, due=46500), [TUNE, LIVE]).lines[0]
    assert (found.text("task"), found.number("due"), found.written) == ("", 46500, frozenset())


def test_a_day_read_back_as_a_number_is_no_change(first):
    assert first.lines[0].cells["due"] == SERIAL
    assert settle(TABLE, first, [TUNE, LIVE]).lines[0].written == {"task", "due"}


def test_a_sorted_table_keeps_its_order(first):
    turned = Standing(tuple(reversed(first.lines)), first.offered)
    assert [line.key for line in settle(TABLE, turned, [TUNE, LIVE]).lines] == ["", "", "q2/live", "q1/tune"]


def test_a_deleted_line_stays_deleted(first):
    less = Standing(first.lines[1:], first.offered)
    assert [line.key for line in settle(TABLE, less, [TUNE, LIVE]).lines] == ["q2/live", "", ""]


def test_an_own_line_gets_a_key_and_is_never_written(first):
    own = edited(first, 2, task="Visit the fair", owner="Li")
    agreed = settle(TABLE, own, [TUNE, LIVE])
    line = agreed.lines[2]
    assert (line.state, line.text("task"), line.written) == (LineState.OWN, "Visit the fair", frozenset())
    again = settle(TABLE, edited(standing(agreed), 2, task="Visit both fairs"), [TUNE, LIVE])
    assert (again.lines[2].key, again.lines[2].text("task")) == (line.key, "Visit both fairs")


def test_a_copied_line_becomes_a_persons_own(first):
    twice = Standing((first.lines[0], first.lines[0], *first.lines[1:]), first.offered)
    agreed = settle(TABLE, twice, [TUNE, LIVE])
    assert [line.state for line in agreed.lines[:3]] == [
        LineState.SUGGESTED,
        LineState.OWN,
        LineState.SUGGESTED,
    ]
    assert len({line.key for line in agreed.lines[:3]}) == 3
    assert settle(TABLE, standing(agreed), [TUNE, LIVE]).lines[1].key == agreed.lines[1].key


def test_two_equal_own_lines_keep_two_keys(first):
    own = edited(edited(first, 2, task="Fair"), 3, task="Fair")
    lines = settle(TABLE, own, [TUNE, LIVE]).lines
    assert lines[2].key != lines[3].key


@pytest.mark.parametrize("keep", [True, False])
def test_a_vanished_source_marks_the_line_or_frees_an_untouched_one(first, keep):
    agreed = settle(TABLE, edited(first, 1, owner="Wang"), [], keep_gone=keep)
    assert agreed.lines[1].state is LineState.GONE
    assert agreed.lines[1].text("task") == "Livestreams"
    assert agreed.lines[0].state is (LineState.GONE if keep else LineState.FREE)
    # What Refresh took away itself comes back with its source; a person's deletion would not.
    back = settle(TABLE, standing(agreed), [TUNE, LIVE], keep_gone=keep)
    assert {line.key for line in back.used} == {"q1/tune", "q2/live"}


def test_without_a_free_line_the_table_grows(first):
    full = edited(edited(first, 2, task="One"), 3, task="Two")
    agreed = settle(TABLE, full, [TUNE, LIVE, Wanted("q3/new", {"task": "New markets"})])
    assert [line.text("task") for line in agreed.lines] == [
        "Tune P4P",
        "Livestreams",
        "One",
        "Two",
        "New markets",
    ]


def test_an_emptied_cell_that_refills_gets_its_suggestion_back():
    columns = (
        TableColumn("growth", Text("增长", "Growth"), Writer.SUGGESTED, CellKind.PERCENT, refills=True),
    )
    table = SharedTable("targets.list", 1, columns)
    wanted = [Wanted("money", {"growth": 0.1})]
    typed = edited(standing(settle(table, Standing(), wanted)), 0, growth=0.3)
    kept = standing(settle(table, typed, wanted))
    assert kept.lines[0].cells["growth"] == 0.3
    given_back = settle(table, edited(kept, 0, growth=None), wanted).lines[0]
    assert (given_back.number("growth"), given_back.written) == (0.1, {"growth"})
