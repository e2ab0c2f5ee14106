"""Changes of the layout, as later versions may bring them."""

from __future__ import annotations

from opsbook.book import layout

WORK = "重点工作"
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
    planted.add_rows("review.customers", 5, ["新指标"])


def column_inside(planted):
    planted.add_column("work.infrastructure", 3, "新列")


def block_between(planted):
    row = layout.SPOTS["work.product"].row - 1
    planted.shift("work", row, 5)
    planted.add_block("work.extra", row + 1, 1, BLOCK)


def block_at_the_end(planted):
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
    row = layout.INPUTS["settings.gross_margin"].row
    planted.shift("settings", row, 1)
    planted.add_input("settings.extra", "settings", row, 2)


def setting_at_the_end(planted):
    row = max(each.row for each in layout.INPUTS.values() if each.sheet == "settings") + 1
    planted.add_input("settings.extra", "settings", row, 2)


def rows_gone(planted):
    planted.remove_rows("work.infrastructure", 2, 2)


def block_gone(planted):
    planted.drop_block("work.aov", rows=9, heading=1)


CHANGES = {
    "rows": (row_inside, rows_at_the_end, row_beside_another_block),
    "columns and blocks": (column_inside, block_between, block_at_the_end, block_at_the_top),
    "sheet, chart, setting": (sheet, chart, setting_in_the_middle),
    "last setting, less": (setting_at_the_end, rows_gone, block_gone),
}
