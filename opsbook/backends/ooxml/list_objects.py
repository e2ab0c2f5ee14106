"""Tables (ListObjects) over our cells: their headers must say what the cells say, or Excel repairs the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opsbook.backends.ooxml import cell_strings, xml_spans
from opsbook.book import address
from opsbook.book.address import Place

if TYPE_CHECKING:
    from opsbook.backends.ooxml.package_parts import Parts
    from opsbook.book.model import Scalar


@dataclass(frozen=True)
class ListObject:
    """A table: its part, where it stands, and its column names in order."""

    part: str
    name: str
    place: Place
    headers: int
    totals: int
    columns: tuple[str, ...]


def tables_of(parts: Parts, sheet_part: str) -> list[ListObject]:
    """Return the tables of a worksheet."""
    found = []
    for part in parts.related(sheet_part, "table"):
        root = xml_spans.parse(parts.read(part))
        place = address.parse(root.attributes.get("ref", ""))
        if not place:
            continue
        values = root.attributes
        columns = tuple(
            cell_strings.unescape(node.attributes.get("name", "")) for node in root.find("tableColumn")
        )
        headers, totals = int(values.get("headerRowCount", "1")), int(values.get("totalsRowCount", "0"))
        found.append(ListObject(part, values.get("displayName", ""), place, headers, totals, columns))
    return found


def headers_after(table: ListObject, cells: Mapping[tuple[int, int], Scalar]) -> tuple[Scalar, ...] | None:
    """Return the column names that writing ``cells`` gives the table, or None when its headers stay."""
    if not table.headers:
        return None
    names: list[Scalar] = list(table.columns)
    for at in range(len(names)):
        key = table.place.row, table.place.column + at
        if key in cells:
            names[at] = cells[key]
    return tuple(names) if tuple(names) != table.columns else None


def headers_fit(parts: Parts, table: ListObject, names: tuple[Scalar, ...]) -> bool:
    """Whether a table may have these column names: texts, distinct, and no formula speaks of the old ones."""
    texts = [name.casefold() for name in names if isinstance(name, str) and name]
    if len(texts) != len(names) or len(set(texts)) != len(texts):
        return False
    spoken = xml_spans.escape(table.name) + b"["
    return not any(
        spoken in parts.read(name)
        for name in parts.container.names
        if name.endswith(".xml") and name.startswith(("xl/worksheets/", "xl/tables/", "xl/workbook"))
    )


def rename(parts: Parts, table: ListObject, names: tuple[Scalar, ...]) -> None:
    """Give the table's columns the names of its header cells."""
    data = parts.read(table.part)
    edits = []
    for node, old, new in zip(xml_spans.parse(data).find("tableColumn"), table.columns, names, strict=False):
        if old != new:
            text = cell_strings.encode(str(new)).decode()
            text = xml_spans.unescape(text).replace("\n", "_x000a_")
            edits.append(
                (
                    node.start,
                    node.inner,
                    xml_spans.with_attribute(data[node.start : node.inner], "name", text),
                )
            )
    parts.write(table.part, xml_spans.splice(data, edits))
