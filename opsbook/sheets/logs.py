"""What was taken in, and what was wrong with it."""

from __future__ import annotations

from opsbook.domain.language import Text
from opsbook.sheets.parts import MARGIN, Anchor, Column, Section, SheetParts

MOST_RECEIPTS = 300
MOST_ISSUES = 500
LOG = Section(
    Text("刷新记录", "Receipts"),
    "receipts.log",
    (),
    1 + MOST_RECEIPTS,
    (
        Column("number", Text("编号", "No."), "value.int"),
        Column("time", Text("时间", "Time"), "text.time.left.indent"),
        Column("file", Text("文件", "File"), "text"),
        Column("sheet", Text("工作表", "Sheet"), "text"),
        Column("kind", Text("类型", "Kind"), "text"),
        Column("period", Text("覆盖周期", "Period"), "text"),
        Column("rows_in", Text("读入行", "Rows in"), "value.int"),
        Column("added", Text("新增", "Added"), "value.int"),
        Column("replaced", Text("替换", "Replaced"), "value.int"),
        Column("unchanged", Text("未变", "Unchanged"), "value.int"),
        Column("dropped", Text("剔除", "Dropped"), "value.int"),
        Column("set_aside", Text("搁置", "Set aside"), "value.int"),
        Column("digest", Text("内容指纹", "Digest"), "quietnote"),
    ),
    show_title=False,
    prepared=1 + MOST_RECEIPTS,
)
ISSUES = Section(
    Text("数据问题", "Issues"),
    "issues.list",
    (),
    1 + MOST_ISSUES,
    (
        Column("severity", Text("级别", "Severity"), "severity"),
        Column("message", Text("发生了什么", "What"), "wrap"),
        Column("todo", Text("怎么处理", "What to do"), "wrap"),
        Column("file", Text("文件", "File"), "wrap"),
        Column("sheet", Text("工作表", "Sheet"), "wrap"),
        Column("row", Text("行", "Row"), "value.int"),
        Column("column", Text("列", "Column"), "wrap.indent"),
        Column("value", Text("内容", "Value"), "wrap"),
        Column("times", Text("次数", "Times"), "value.int"),
    ),
    show_title=False,
    prepared=1 + MOST_ISSUES,
)


def _sheet(title: Text, section: Section, widths: tuple[int, ...], height: int) -> SheetParts:
    """Return the sheet of a list with a line above it that counts the rows."""
    return SheetParts(
        section.sheet,
        title,
        (MARGIN, *widths),
        (section,),
        Section(title, f"{section.sheet}.more", (), 1, show_title=False),
        page_title=True,
        top=(8, 32),
        height=height,
        scroll_below=Anchor.LIST,
        repeat=(Anchor.LIST, Anchor.LIST),
        tab="log",
    )


SHEETS = (
    _sheet(Text("刷新记录", "Receipts"), LOG, (46, 130, 300, 90, 150, 170, *(64,) * 6, 110), 20),
    _sheet(Text("数据问题", "Issues"), ISSUES, (70, 330, 380, 220, 90, 50, 120, 120, 50), 34),
)
