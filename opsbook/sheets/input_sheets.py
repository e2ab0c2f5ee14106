"""The sheets that people fill in: team data, settings, paste sheets, the header map."""

from __future__ import annotations

from collections.abc import Iterator

from opsbook.domain.language import LANGUAGES, Text
from opsbook.params import Setting, declared
from opsbook.review.team import TeamTable, tables
from opsbook.schemas import FieldType, schemas
from opsbook.sheets.guide_sheet import text
from opsbook.sheets.sheet_parts import (
    MARGIN,
    Anchor,
    FormLine,
    InputForm,
    InputTable,
    SheetColumn,
    SheetDeclaration,
    SideBySide,
    TextTable,
)

PASTE_SHEETS = 6
MAP_ROWS = 60
REQUIREMENTS = {
    "store_status": ("R2.1.1a", "R2.2.1a", "R2.2.1b"),
    "fx_rates": ("R2.2.2a",),
    "ad_revenue": ("R2.2.2a",),
    "core_keywords": ("R2.1.1c",),
    "content_log": ("R2.2.2c",),
    "customers": ("R2.2.4a", "R2.2.4b"),
    "collaboration_log": ("R2.3.4",),
    "competitors": ("R2.3.3",),
}


def _team(table: TeamTable) -> InputTable:
    """Return a table of the team: a hint with an example above its headings."""
    line = " | ".join(each or "–" for each in table.example)
    zh, en = (text("team_example", hint=table.hint[language], line=line)[language] for language in LANGUAGES)
    columns = (
        SheetColumn(field.name, Text(*headings), head="head")
        for field, *headings in zip(table.fields, *map(table.headers, LANGUAGES), strict=True)
    )
    return InputTable(
        table.title,
        f"team.{table.kind}",
        REQUIREMENTS[table.kind],
        table.rows,
        tuple(columns),
        lead=(Text(zh, en),),
        gap=2,
        page_break=True,
    )


TEAM = SheetDeclaration(
    "team",
    Text("基础资料", "Team data"),
    (MARGIN, *(128,) * 9),
    tuple(map(_team, tables())),
    notes=(text("team_hint"),),
    page_title=True,
    first_row=5,
    height=22,
    tab="input",
)


def _help(setting: Setting) -> Text:
    if setting.default in (None, ""):
        return setting.help
    default = text("default", value=setting.default)
    return Text(f"{setting.help.zh}；{default.zh}", f"{setting.help.en}. {default.en}")


SETTINGS = SheetDeclaration(
    "settings",
    Text("设置", "Settings"),
    (MARGIN, 220, 220, 560),
    (
        InputForm(
            Text("设置", "Settings"),
            "settings.values",
            (),
            len(declared()),
            (
                SheetColumn("label", Text("设置", "Setting"), "body", head="head"),
                SheetColumn("value", Text("填写", "Value"), "ops_input", head="headnote"),
                SheetColumn("help", Text("说明", "What it does"), "note.indent", head="headnote"),
            ),
            show_title=False,
            questions=tuple(
                FormLine(f"settings.{key}", setting.title, _help(setting))
                for key, setting in declared().items()
            ),
        ),
    ),
    notes=(text("settings_hint"),),
    page_title=True,
    top=(8, 32, 20),
    first_row=3,
    height=26,
    scroll_below=Anchor.NONE,
    tab="input",
)


def _paste(number: int) -> SheetDeclaration:
    """Return a paste sheet: people paste below the line of the period."""
    period = FormLine(f"paste{number}.period", text("paste_period"), text("paste_help"))
    return SheetDeclaration(
        f"paste{number}",
        Text(f"粘贴{number}", f"Paste{number}"),
        (110, 200, *(96,) * 24),
        (
            TextTable(lines=((text("paste_hint"),),), looks=("pagenote",), gap=0),
            InputForm(
                columns=(
                    SheetColumn("label", look="body"),
                    SheetColumn("period"),
                    SheetColumn("help", look="pagenote"),
                ),
                questions=(period,),
            ),
        ),
        top=(),
        first_row=0,
        first_column=0,
        scroll_below=Anchor.END,
        tab="input",
    )


PASTE = tuple(_paste(number) for number in range(1, PASTE_SHEETS + 1))


def _fields() -> Iterator[tuple[Text, Text, Text]]:
    """Yield kind, header and name of every field that a header can be mapped to."""
    for schema in schemas().values():
        for field in schema.fields:
            mapped = field.type is not FieldType.IGNORED and not field.name.startswith("peer_")
            if mapped and field.headers:  # fields of replies in JSON only have none
                header, name = field.headers[0], field.name
                yield schema.title, Text(header, header), Text(name, name)


HEADER_MAP = SheetDeclaration(
    "headermap",
    Text("列映射", "Header map"),
    (MARGIN, 220, 220, 200, 220, 30, 190, 210, 180),
    (
        SideBySide(
            stacks=(
                (
                    1,
                    (
                        InputTable(
                            Text("列映射", "Header map"),
                            "headermap.rules",
                            (),
                            MAP_ROWS,
                            (
                                SheetColumn(
                                    "file",
                                    Text("文件名包含（可空）", "File name contains (optional)"),
                                    head="headnote",
                                ),
                                SheetColumn(
                                    "header", Text("文件中的表头", "Header in the file"), head="headnote"
                                ),
                                SheetColumn(
                                    "kind",
                                    Text("导出类型（可空）", "Kind of export (optional)"),
                                    head="headnote",
                                ),
                                SheetColumn("field", Text("对应字段", "Our field"), head="headnote"),
                            ),
                            show_title=False,
                        ),
                    ),
                ),
                (
                    6,
                    (
                        TextTable(
                            head=(text("map_kind"), text("map_header"), text("map_field")),
                            lines=tuple(_fields()),
                            looks=("quiet", "quiet", "quiet"),
                        ),
                    ),
                ),
            )
        ),
    ),
    notes=(text("map_hint"), text("map_example")),
    page_title=True,
    top=(8, 32),
    height=22,
    scroll_below=Anchor.LIST,
    printed=(4, 0),
    tab="input",
)
