"""What was taken in, and what was wrong with it."""

from __future__ import annotations

from opsbook.domain.language import Text
from opsbook.sheets.sheet_parts import MARGIN, Anchor, SheetColumn, SheetDeclaration, SheetSection

MOST_RECEIPTS = 300
MOST_ISSUES = 500
LOG = SheetSection(
    Text("刷新记录", "Receipts"),
    "receipts.log",
    (),
    1 + MOST_RECEIPTS,
    (
        SheetColumn("number", Text("编号", "No."), "value.int"),
        SheetColumn("time", Text("时间", "Time"), "text.time.left.indent"),
        SheetColumn("file", Text("文件", "File"), "text"),
        SheetColumn("sheet", Text("工作表", "Sheet"), "text"),
        SheetColumn("kind", Text("类型", "Kind"), "text"),
        SheetColumn("period", Text("覆盖周期", "Period"), "text"),
        SheetColumn("rows_in", Text("读入行", "Rows in"), "value.int"),
        SheetColumn("added", Text("新增", "Added"), "value.int"),
        SheetColumn("replaced", Text("替换", "Replaced"), "value.int"),
        SheetColumn("unchanged", Text("未变", "Unchanged"), "value.int"),
        SheetColumn("dropped", Text("剔除", "Dropped"), "value.int"),
        SheetColumn("set_aside", Text("搁置", "Set aside"), "value.int"),
        SheetColumn("digest", Text("内容指纹", "Digest"), "quietnote"),
    ),
    show_title=False,
    prepared=1 + MOST_RECEIPTS,
)
ISSUES = SheetSection(
    Text("数据问题", "Issues"),
    "issues.list",
    (),
    1 + MOST_ISSUES,
    (
        SheetColumn("severity", Text("级别", "Severity"), "severity"),
        SheetColumn("message", Text("发生了什么", "What"), "wrap"),
        SheetColumn("todo", Text("怎么处理", "What to do"), "wrap"),
        SheetColumn("file", Text("文件", "File"), "wrap"),
        SheetColumn("sheet", Text("工作表", "Sheet"), "wrap"),
        SheetColumn("row", Text("行", "Row"), "value.int"),
        SheetColumn("column", Text("列", "Column"), "wrap.indent"),
        SheetColumn("value", Text("内容", "Value"), "wrap"),
        SheetColumn("times", Text("次数", "Times"), "value.int"),
    ),
    show_title=False,
    prepared=1 + MOST_ISSUES,
)


def _sheet(title: Text, section: SheetSection, widths: tuple[int, ...], height: int) -> SheetDeclaration:
    """Return the sheet of a list with a line above it that counts the rows."""
    return SheetDeclaration(
        section.sheet,
        title,
        (MARGIN, *widths),
        (section,),
        SheetSection(title, f"{section.sheet}.more", (), 1, show_title=False),
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
