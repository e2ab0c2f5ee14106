"""A workbook of an older layout is brought to the present one: as a new workbook is, and with all that is the user's."""

from __future__ import annotations

import openpyxl
import pytest
from conform import rules
from hosts.layouts import Planted
from openpyxl.formula.translate import Translator

from opsbook.book import shared, versions
from opsbook.book.address import Place, parse
from opsbook.book.calculation import calculated
from opsbook.book.compose import compose as _  # noqa: F401 - the module is patched by its name
from opsbook.book.model import Cell
from opsbook.hosts.author import build
from opsbook.hosts.file import apply
from opsbook.hosts.package.workbook import Workbook
from opsbook.params import Settings
from opsbook.plan.tables import tables

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
REVIEW, SETTINGS, GUIDE, WORK = "业绩回顾", "设置", "使用说明", "重点工作"


@pytest.fixture(scope="module")
def old():
    """Return the bytes of a new workbook of the present layout, which the tests make an older one."""
    return build(calculated(versions.empty("zh"), "inline"))


@pytest.fixture
def planted(monkeypatch):
    yield Planted(monkeypatch)
    Planted.new()


def refreshed(path):
    """Do what a refresh does with a workbook; return the upgrade and what was not written."""
    from opsbook.book.compose import compose  # noqa: PLC0415 - as it is patched now
    from opsbook.metrics.figures import Review  # noqa: PLC0415

    with Workbook.open(path, for_writing=True) as book:
        outcome = book.upgrade()
        standing = {
            name: shared.standing(table, book.read(place))
            for name, table in tables().items()
            if (place := book.place(f"ops.{name}"))
        }
        plan = calculated(compose(Review(year=0, as_of=None), Settings(), standing=standing), "inline")
        issues = apply(book, plan, outcome.failed if outcome else ())
        book.save()
    return outcome, issues


def fresh(tmp_path):
    """Return a new workbook of the layout as it is now, refreshed once."""
    path = tmp_path / "fresh.xlsx"
    path.write_bytes(build(calculated(versions.empty("zh"), "inline")))
    outcome, issues = refreshed(path)
    assert (outcome, issues) == (None, [])
    return path


def picture(path):
    """Return everything of a workbook that people see, by sheet."""
    book = openpyxl.load_workbook(path)
    found = {}
    for sheet in book.worksheets:
        cells = {
            cell.coordinate: (
                getattr(cell.value, "text", cell.value),
                cell.number_format,
                cell.font.b,
                cell.font.color and cell.font.color.rgb,
                cell.fill.fgColor.rgb,
                cell.border.bottom.style,
                cell.protection.locked,
            )
            for line in sheet.iter_rows()
            for cell in line
            if cell.value is not None or cell.has_style
        }
        heights = {row: size.height for row, size in sheet.row_dimensions.items() if size.height is not None}
        merged = sorted(map(str, sheet.merged_cells.ranges))
        charts = sorted(
            (chart.anchor._from.row, chart.anchor._from.col, *_series(chart)) for chart in sheet._charts
        )
        found[sheet.title] = cells, heights, merged, charts, coloured(sheet), validated(sheet)
    names = {
        name: parse(entry.attr_text) or entry.attr_text
        for name, entry in book.defined_names.items()
    }
    return found, names


def _series(chart):
    return [(each.val.numRef.f, each.cat and (each.cat.strRef or each.cat.numRef).f) for each in chart.series]


def coloured(sheet):
    """Return the conditional formats of every cell, their formulas as of that cell."""
    found = {}
    for area in sheet.conditional_formatting:
        first = str(area.sqref).split()[0].partition(":")[0]
        for part in area.sqref.ranges:
            for row, column in part.cells:
                cell = sheet.cell(row, column).coordinate
                for rule in area.rules:
                    moved = [Translator(f"={text}", origin=first).translate_formula(cell) for text in rule.formula]
                    found.setdefault(cell, set()).add((rule.type, rule.operator, *moved))
    return found


def validated(sheet):
    """Return the validations of every cell."""
    return {
        sheet.cell(row, column).coordinate: (rule.type, rule.formula1)
        for rule in sheet.data_validations.dataValidation
        for part in rule.sqref.ranges
        for row, column in part.cells
    }


def differences(path, other):
    """Return what of two workbooks is not the same."""
    (one, names), (two, others) = picture(path), picture(other)
    found = [("names", name, names.get(name), others.get(name)) for name in sorted({*names, *others}) if names.get(name) != others.get(name)]
    for title in {*one, *two}:
        if title not in one or title not in two:
            found.append((title, "sheet", title in one, title in two))
            continue
        kinds = ("cell", "height", "merged", "charts", "format", "validation")
        for kind, mine, theirs in zip(kinds, one[title], two[title], strict=True):
            if isinstance(mine, dict):
                found += [
                    (title, kind, at, mine.get(at), theirs.get(at))
                    for at in {*mine, *theirs}
                    if mine.get(at) != theirs.get(at)
                ]
            elif mine != theirs:
                found.append((title, kind, mine, theirs))
    return found


BLOCK = (
    (("新区块", "head"), ("甲", "head"), ("乙", "head")),
    (("一", "body"), (1, "body.int"), (2, "body.int")),
    (("二", "body"), (3, "body.int"), (4, "body.int")),
)


def row_inside(planted):
    planted.add_rows("work.infrastructure", 3, ["新指标"])


def rows_at_the_end(planted):
    planted.add_rows("work.certification", 4, ["新指标一", "新指标二"])


def row_beside_another_block(planted):
    # review.products is beside review.customers, which has one row more: room is there.
    planted.edits.append(lambda plan: plan)
    planted.add_rows("review.months", 10, ["新指标"])


def column_inside(planted):
    planted.add_column("work.infrastructure", 3, "新列")


def block_between(planted):
    from opsbook.book import layout

    row = layout.SPOTS["work.product"].row - 1
    planted.shift("work", row, 5)
    planted.add_block("work.extra", row + 1, 1, BLOCK)


def block_at_the_end(planted):
    from opsbook.book import layout

    last = max(spot.row for spot in layout.SPOTS.values() if spot.sheet == "cost") if False else 0
    del last
    planted.add_block("weekly.extra", 40, 1, BLOCK)


def block_at_the_top(planted):
    planted.shift("risks", 1, 4)
    planted.add_block("risks.extra", 1, 1, BLOCK)


def sheet(planted):
    planted.add_sheet("extra", "新表", "weekly")
    planted.add_block("extra.list", 2, 1, BLOCK)
    planted.add_chart("extra_list", "extra", "extra.list", 6, 1)


def chart(planted):
    planted.add_chart("weekly_extra", "weekly", "work.infrastructure", 30, 1)


def setting_in_the_middle(planted):
    from opsbook.book import layout

    row = layout.INPUTS["settings.gross_margin"].row
    planted.shift("settings", row, 1)
    planted.add_input("settings.extra", "settings", row, 2)


def setting_at_the_end(planted):
    from opsbook.book import layout

    row = max(each.row for each in layout.INPUTS.values() if each.sheet == "settings") + 1
    planted.add_input("settings.extra", "settings", row, 2)


CHANGES = [
    row_inside,
    rows_at_the_end,
    row_beside_another_block,
    column_inside,
    block_between,
    block_at_the_end,
    block_at_the_top,
    sheet,
    chart,
    setting_in_the_middle,
    setting_at_the_end,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_an_untouched_workbook_becomes_what_a_new_one_is(change, old, planted, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(old)
    change(planted)
    outcome, issues = refreshed(path)
    assert (list(outcome.issues), issues) == ([], [])
    assert outcome.done
    found = differences(path, fresh(tmp_path))
    assert not found, "\n".join(map(str, found[:25]))
    assert rules.faults(path) == []
    content = path.read_bytes()
    assert refreshed(path) == (None, [])
    assert path.read_bytes() == content
