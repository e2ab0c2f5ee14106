"""What people are told of a copy: which sheets it has, what was replaced and what was left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from opsbook.domain.language import Language, Text

if TYPE_CHECKING:
    from opsbook.backends.ooxml.workbook_part import SheetEntry
    from opsbook.share.freeze.freeze_copy import Copy

SHOWN = 6  # cells that are named one by one
_CUT = {
    "cfRule": Text("条件格式", "conditional formats"),
    "dataValidation": Text("数据验证", "data validations"),
    "sparkline": Text("迷你图", "sparklines"),
    "hyperlink": Text("超链接", "links"),
    "pivotTable": Text("数据透视表（只留数值）", "pivot tables (their values stay)"),
    "object": Text("按钮、控件、切片器或嵌入对象", "buttons, controls, slicers or embedded objects"),
}


def lines(copy: Copy, language: Language) -> Iterator[str]:
    """Yield what a person wants to know of a copy."""
    chosen, formulas = copy.choice, copy.formulas

    def titles(entries: Collection[SheetEntry]) -> str:
        return _listed([each.title for each in entries], language)

    if copy.opened:
        yield Text(
            "工作簿正在 Excel 中打开：副本是上次保存的内容。",
            "The workbook is open in Excel: the copy is of what was saved last.",
        )[language]
    yield Text(f"副本的工作表：{titles(chosen.kept)}。", f"Sheets of the copy: {titles(chosen.kept)}.")[
        language
    ]
    if chosen.own:
        yield Text(
            f"其中您自己的工作表原样保留，发出前请确认没有客户信息：{titles(chosen.own)}（不要的用 --without 排除）。",
            f"Of these, your own are kept as they are; make sure that they hold nothing private: {titles(chosen.own)} (leave one out with --without).",
        )[language]
    if chosen.dropped:
        yield Text(f"未带入：{titles(chosen.dropped)}。", f"Left behind: {titles(chosen.dropped)}.")[language]
    if chosen.hidden:
        yield Text(
            f"隐藏的工作表未带入：{titles(chosen.hidden)}。", f"Hidden, left behind: {titles(chosen.hidden)}."
        )[language]
    yield Text(
        f"公式：{formulas.ours} 个自动公式和 {formulas.theirs} 个您的公式已成为数值，{formulas.kept} 个公式保留。",
        f"Formulas: {formulas.ours} of OpsBook's and {formulas.theirs} of yours became values, {formulas.kept} stay.",
    )[language]
    if formulas.theirs and copy.stale:
        yield Text(
            "注意：刷新后还没有用 Excel 打开并保存过，您的公式可能还是旧结果：请先打开、保存，再生成副本。",
            "Note: since the refresh the workbook was not opened and saved in Excel, so results of your formulas may be old: do that, then make the copy again.",
        )[language]
    if formulas.blank:
        some = _listed(formulas.blank[:SHOWN], language)
        yield Text(
            f"注意：{len(formulas.blank)} 个公式没有存下结果，副本中为空：{some}；请先用 Excel 打开、保存，再生成副本。",
            f"Note: {len(formulas.blank)} formulas had no result stored and are empty in the copy: {some}; open and save the workbook in Excel, then make the copy again.",
        )[language]
    if copy.native:
        yield Text(
            "注意：副本里的函数是 LAMBDA 名称，只有 Excel 365 和 2024 能计算。收件人从邮件或网上打开时，Excel 处于“受保护的视图”，"
            "这些单元格可能显示 #NAME?，点“启用编辑”后恢复正常。不想这样就不加 --functions（只留数值），或用 --functions inline。",
            "Note: the functions in the copy are LAMBDA names, which only Excel 365 and 2024 calculate. Opened from a mail or the web, Excel "
            "is in Protected View and may show #NAME? in these cells until 'Enable Editing' is pressed. To avoid this, leave "
            "--functions out (values only) or say --functions inline.",
        )[language]
    yield from _cut(copy, language)


def _listed(texts: Collection[str], language: Language) -> str:
    return Text("、", ", ")[language].join(texts)


def _cut(copy: Copy, language: Language) -> Iterator[str]:
    for (kind, sheet), number in sorted(copy.cut.items()):
        if kind == "chart":
            yield Text(
                f"“{sheet}”的图表中 {number} 处数据来自未带入的表，已存为固定数值。",
                f"Charts on {sheet!r}: {number} references to sheets left behind now hold their points themselves.",
            )[language]
        elif kind in _CUT:
            yield Text(
                f"“{sheet}”未带入 {number} 个{_CUT[kind].zh}。",
                f"{sheet!r}: {number} {_CUT[kind].en} left out.",
            )[language]
