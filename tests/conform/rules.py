"""What Excel would repair, refuse or show wrongly in a package, as far as a few hundred lines know it.

Microsoft's validator (see ``.ci/run``) knows the schemas by heart; these rules look at what it does not: indices,
references, orders that matter, formulas, and four things that are only seen on the screen.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote

from conform.formulas import faults_of, functions_of
from lxml import etree

from opsbook.book import address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
XM = "{http://schemas.microsoft.com/office/excel/2006/main}"
MAIN_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ".xlam": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}
# The children of a worksheet in the order that Excel demands.
SHEET_ORDER = tuple(
    """sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges
    scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr
    conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter
    rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing
    legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst""".split()  # noqa: SIM905
)
ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!"}
CHINESE = re.compile(r"[\u3400-\u9fff]")
A_NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?%?\s*", re.IGNORECASE)


@dataclass
class Package:
    """An Office file taken apart.

    Attributes:
        name: Of the file.
        parts: Content by name.
        faults: What was found, each a code and what it is about.
        trees: Parts that are XML.
        links: Relationships by the part that they are of: id to kind and target (empty for one out of the file).
    """

    name: str
    parts: dict[str, bytes]
    faults: list[tuple[str, str]] = field(default_factory=list)
    trees: dict[str, etree._Element] = field(default_factory=dict)
    links: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)

    def say(self, code: str, text: str) -> None:
        """Note a fault."""
        self.faults.append((code, text))

    def one(self, owner: str, kind: str) -> etree._Element | None:
        """Return the part that another has of a kind, taken apart, or None."""
        found = (target for name, target in self.links.get(owner, {}).values() if name.endswith(f"/{kind}"))
        return self.trees.get(next(found, ""))


def faults(path: Path) -> list[tuple[str, str]]:
    """Return code and place of everything that is wrong with a file."""
    content = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = packed.namelist()
        package = Package(path.name, {name: packed.read(name) for name in names})
    for name, number in Counter(name.lower() for name in names).items():
        if number > 1:
            package.say("part-twice", name)
    for name, data in package.parts.items():
        if name.endswith((".xml", ".rels", ".vml")):
            try:
                package.trees[name] = etree.fromstring(data)
            except etree.XMLSyntaxError as error:
                package.say("xml", f"{name}: {error}")
    if path.suffix in MAIN_TYPES and not package.faults:
        _links(package)
        _types(package, path.suffix)
        if path.suffix != ".pptx":
            _workbook(package)
    return package.faults


# --- the package ---------------------------------------------------------------------------------


def _links(package: Package) -> None:
    lower = {name.lower(): name for name in package.parts}
    for name, tree in package.trees.items():
        if not (match := re.fullmatch(r"(.*?)_rels/([^/]*)\.rels", name)):
            continue
        owner = match[1] + match[2]
        found = package.links.setdefault(owner, {})
        for node in tree:
            target, number = node.get("Target", ""), node.get("Id", "")
            if number in found:
                package.say("link-twice", f"{name}: {number}")
            if node.get("TargetMode") == "External" or target.startswith("#"):
                found[number] = node.get("Type", ""), ""
                continue
            whole = posixpath.normpath(posixpath.join("/", posixpath.dirname(owner), target)).lstrip("/")
            part = lower.get(whole.lower()) or lower.get(unquote(whole).lower())
            if part is None:
                package.say("link-nowhere", f"{name}: {number} to {target}")
            found[number] = node.get("Type", ""), part or ""
    for name, tree in package.trees.items():
        if not name.endswith(".rels"):
            for node in tree.iter(etree.Element):
                for key, value in node.attrib.items():
                    known = value in package.links.get(name, {})
                    if key in {f"{R}id", f"{R}embed", f"{R}link"} and value and not known:
                        package.say("link-unknown", f"{name}: {value}")


def _types(package: Package, ending: str) -> None:
    types = package.trees.get("[Content_Types].xml")
    if types is None:
        package.say("types", "[Content_Types].xml is missing")
        return
    defaults = {
        node.get("Extension", "").lower(): node.get("ContentType") for node in types if node.get("Extension")
    }
    given = [node for node in types if node.get("PartName")]
    overrides = {node.get("PartName", "").lstrip("/").lower(): node.get("ContentType") for node in given}
    if len(overrides) != len(given):
        package.say("types", "a part is named twice")
    for name in package.parts:
        if name == "[Content_Types].xml" or name.endswith("/"):
            continue
        if not overrides.get(name.lower()) and not defaults.get(name.rpartition(".")[2].lower()):
            package.say("types", f"{name} has none")
    main = next(
        (to for kind, to in package.links.get("", {}).values() if kind.endswith("/officeDocument")), ""
    )
    if overrides.get(main.lower(), defaults.get(main.rpartition(".")[2].lower())) != MAIN_TYPES[ending]:
        package.say("types", f"{main} is not what {ending} says")
    package.parts.setdefault("", main.encode())


# --- the workbook --------------------------------------------------------------------------------


@dataclass
class Book:
    """What its sheets need to know of a workbook."""

    package: Package
    main: str
    titles: list[str]
    names: dict[str, str]
    macros: frozenset[str]
    strings: list[str]
    formats: list[etree._Element]
    rules: int
    dynamic: list[bool]

    @property
    def called(self) -> set[str]:
        """Names that can be called as functions, folded."""
        return set(self.names) | self.macros


def _workbook(package: Package) -> None:
    main = package.parts[""].decode()
    root = package.trees[main]
    tabs = root.findall(f"{M}sheets/{M}sheet")
    titles = [tab.get("name", "") for tab in tabs]
    for title in titles:
        if not 0 < len(title) <= 31 or re.search(r"[\[\]:*?/\\]", title) or title.strip("'") != title:
            package.say("sheet-name", title)
    if len({title.casefold() for title in titles}) != len(titles):
        package.say("sheet-name", "two sheets of one name")
    if len({tab.get("sheetId") for tab in tabs}) != len(tabs):
        package.say("sheet-id", "two sheets of one number")
    if all(tab.get("state", "visible") != "visible" for tab in tabs):
        package.say("sheet-hidden", "all are")
    names = root.findall(f"{M}definedNames/{M}definedName")
    book = Book(
        package,
        main,
        titles,
        {node.get("name", "").casefold(): node.text or "" for node in names},
        frozenset(node.get("name", "").casefold() for node in root.iter(f"{X14}definedName")),
        _strings(package, main),
        *_styles(package, main),
        _dynamic(package, main),
    )
    _names(book, names)
    formulas = 0
    for tab in tabs:
        part = package.links[main].get(tab.get(f"{R}id", ""), ("", ""))[1]
        if part.startswith("xl/worksheets/"):
            formulas += _sheet(book, part, tab.get("name", ""))
    calculation = root.find(f"{M}calcPr")
    if not formulas and calculation is not None and calculation.get("fullCalcOnLoad") == "1":
        package.say("calculates", "nothing to calculate, and Excel asks at every close whether to save")
    _drawings(book)


def _names(book: Book, nodes: list[etree._Element]) -> None:
    seen = set()
    for node in nodes:
        name, scope = node.get("name", ""), node.get("localSheetId")
        if (name.casefold(), scope) in seen:
            book.package.say("name-twice", name)
        seen.add((name.casefold(), scope))
        cell = re.fullmatch(r"(?i)[a-z]{1,3}\d{1,7}|r\d*c?\d*|c\d*", name)
        if not re.fullmatch(r"(?:[^\W\d]|\\)[\w.?\\]*", name) or cell:
            book.package.say("name", name)
        if scope is not None and int(scope) >= len(book.titles):
            book.package.say("name", f"{name} of sheet {scope}")
        if len(node.get("comment") or "") > 255:
            book.package.say("name-comment", name)
        _formula(book, node.text or "", f"name {name}")


def _strings(package: Package, main: str) -> list[str]:
    root = package.one(main, "sharedStrings")
    found = []
    for item in root if root is not None else ():
        texts = [node for node in item.iter(f"{M}t") if node.getparent().tag != f"{M}rPh"]
        found.append("".join(node.text or "" for node in texts))
        for node in texts:
            kept = node.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
            if node.text and node.text != node.text.strip(" \n\t\r") and not kept:
                package.say("string-blanks", repr(node.text[:20]))
    return found


def _styles(package: Package, main: str) -> tuple[list[etree._Element], int]:
    root = package.one(main, "styles")
    if root is None:
        return [], 0
    lists = {name: list(root.findall(f"{M}{name}/*")) for name in (
        "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
    )}  # fmt: skip
    for which in ("cellStyleXfs", "cellXfs"):
        for node in lists[which]:
            for key, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
                if int(node.get(key, "0")) >= max(1, len(lists[name])):
                    package.say("style-index", f"{which} {key} {node.get(key)}")
            if int(node.get("xfId", "0")) >= max(1, len(lists["cellStyleXfs"])):
                package.say("style-index", f"xfId {node.get('xfId')}")
    for node in root.iter(f"{M}numFmt"):
        code = node.get("formatCode", "")
        bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", code)
        if (
            '"' in bare
            or bare.count(";") > 3
            or any(ord(letter) > 0x2000 and letter not in "￥€" for letter in bare)
        ):
            package.say("number-format", code)
    return lists["cellXfs"], len(lists["dxfs"])


def _dynamic(package: Package, main: str) -> list[bool]:
    """Return of each entry of the cells' metadata whether it marks a dynamic array."""
    root = package.one(main, "sheetMetadata")
    if root is None:
        return []
    kinds = [node.get("name") for node in root.findall(f"{M}metadataTypes/{M}metadataType")]
    blocks = {node.get("name"): node.findall(f"{M}bk") for node in root.findall(f"{M}futureMetadata")}
    found = []
    for entry in root.findall(f"{M}cellMetadata/{M}bk"):
        dynamic = False
        for node in entry:
            kind, at = int(node.get("t", "0")), int(node.get("v", "0"))
            if not 1 <= kind <= len(kinds) or (
                kinds[kind - 1] in blocks and at >= len(blocks[kinds[kind - 1]])
            ):
                package.say("metadata", f"t={kind} v={at}")
            elif kinds[kind - 1] == "XLDAPR":
                dynamic = b'fDynamic="1"' in etree.tostring(blocks["XLDAPR"][at])
        found.append(dynamic)
    return found


# --- sheets --------------------------------------------------------------------------------------


def _sheet(book: Book, part: str, title: str) -> int:
    """Look at a worksheet; return how many formulas it has."""
    root, say = book.package.trees[part], book.package.say
    order = [SHEET_ORDER.index(name) for node in root if (name := etree.QName(node).localname) in SHEET_ORDER]
    if order != sorted(order):
        say("order", title)
    ignored = list(_ignored(book, root, title))
    formulas, row_before, groups = 0, 0, set()
    texts: dict[tuple[int, int], str] = {}
    for row in root.iterfind(f"{M}sheetData/{M}row"):
        number, column_before = int(row.get("r", row_before + 1)), -1
        if number <= row_before:
            say("row-order", f"{title}: {number}")
        row_before = number
        for cell in row.iterfind(f"{M}c"):
            at = address.corner(cell.get("r", "A0"))
            if at[0] != number - 1 or at[1] <= column_before:
                say("cell-order", f"{title}: {cell.get('r')}")
            column_before = at[1]
            texts[at] = _cell(book, title, cell, at, ignored)
            formula = cell.find(f"{M}f")
            if formula is not None:
                formulas += 1
                if formula.get("t") == "shared" and (formula.text or formula.get("si") not in groups):
                    if not formula.text:
                        say("shared-formula", f"{title}: {cell.get('r')}")
                    groups.add(formula.get("si"))
    _ranges(book, root, title)
    _tables(book, part, root, title, texts)
    return formulas


def _cell(
    book: Book,
    title: str,
    cell: etree._Element,
    at: tuple[int, int],
    ignored: list[tuple[etree._Element, address.Place]],
) -> str:
    """Look at a cell; return its text, empty for what is no text."""
    say, where = book.package.say, f"{title}: {cell.get('r')}"
    if int(cell.get("s", "0")) >= max(1, len(book.formats)):
        say("style-index", where)
    kind, formula = cell.get("t", "n"), cell.find(f"{M}f")
    value = cell.findtext(f"{M}v")
    marked = int(cell.get("cm", "0"))
    if marked > len(book.dynamic):
        say("metadata", where)
    if formula is not None and formula.text:
        spills = formula.get("t") == "array" and 0 < marked <= len(book.dynamic) and book.dynamic[marked - 1]
        if not spills and functions_of(formula.text) & book.called:
            say("at", f"{where} ={formula.text[:60]}")
        _formula(book, formula.text, where)
    if kind == "e":
        if value not in ERRORS:
            say("value", where)
        if not _is_ignored("evalError", at, ignored):
            say("corner-error", where)
    elif kind == "b" and value not in {"0", "1"}:
        say("value", where)
    elif kind == "n" and value:
        try:
            float(value)
        except ValueError:
            say("value", where)
    if kind == "s":
        if not (value or "").isdigit() or int(value or 0) >= len(book.strings):
            say("string-index", where)
            return ""
        text = book.strings[int(value or 0)]
    else:
        text = "".join(node.text or "" for node in cell.iter(f"{M}t")) if kind == "inlineStr" else ""
        text = value or "" if kind == "str" else text
    if A_NUMBER.fullmatch(text) and formula is None and not _is_ignored("numberStoredAsText", at, ignored):
        say("corner-text", f"{where} {text}")
    return text


def _ignored(book: Book, root: etree._Element, title: str) -> Iterator[tuple[etree._Element, address.Place]]:
    for node in root.iterfind(f"{M}ignoredErrors/{M}ignoredError"):
        for piece in node.get("sqref", "").split():
            if place := address.parse(piece):
                yield node, place
            else:
                book.package.say("range", f"{title}: {piece}")


def _is_ignored(flag: str, at: tuple[int, int], ignored: list[tuple[etree._Element, address.Place]]) -> bool:
    return any(place.holds(*at) and node.get(flag) in {"1", "true"} for node, place in ignored)


def _ranges(book: Book, root: etree._Element, title: str) -> None:
    say = book.package.say
    places = []
    for node in root.iter(f"{M}mergeCell", f"{M}autoFilter", f"{M}hyperlink", f"{M}dimension"):
        place = address.parse(node.get("ref", ""))
        if place is None:
            say("range", f"{title}: {node.get('ref')}")
        elif node.tag == f"{M}mergeCell":
            places.append(place)
    if any(one.meets(other) for one, other in combinations(places, 2)):
        say("merge", title)
    for node in root.iter(f"{M}mergeCells", f"{M}dataValidations", f"{M}hyperlinks", f"{M}tableParts"):
        if int(node.get("count", len(node))) != len(node):
            say("count", f"{title}: {etree.QName(node).localname}")
    columns = [(int(node.get("min", "0")), int(node.get("max", "0"))) for node in root.iter(f"{M}col")]
    if any(low <= high_before for (_, high_before), (low, _) in pairwise(columns)):
        say("columns", title)
    for rule in root.iter(f"{M}cfRule"):
        if int(rule.get("dxfId", "0")) >= max(1, book.rules):
            say("rule-format", title)
        if rule.get("type") in {"expression", "cellIs"} and rule.find(f"{M}formula") is None:
            say("rule", title)
    for node in root.iter(f"{M}formula", f"{M}formula1", f"{M}formula2", f"{XM}f"):
        _formula(book, node.text or "", f"{title}: rule")
        if node.tag == f"{M}formula1" and (node.text or "").startswith('"') and len(node.text or "") > 257:
            say("list-long", title)
    for node in root.iter(f"{M}hyperlink"):
        if (place := node.get("location")) and not node.get(f"{R}id"):
            _formula(book, place, f"{title}: link")


def _tables(
    book: Book, part: str, root: etree._Element, title: str, texts: dict[tuple[int, int], str]
) -> None:
    found = []
    for node in root.iterfind(f"{M}tableParts/{M}tablePart"):
        table = book.package.trees[book.package.links[part][node.get(f"{R}id", "")][1]]
        place = address.parse(table.get("ref", ""))
        columns = [each.get("name", "") for each in table.iterfind(f"{M}tableColumns/{M}tableColumn")]
        if place is None or len(columns) != place.columns:
            book.package.say("table", f"{title}: {table.get('ref')}")
            continue
        found.append(place)
        if table.get("headerRowCount", "1") == "1":
            shown = [texts.get((place.row, place.column + at), "") for at in range(place.columns)]
            if [name.replace("_x000a_", "\n") for name in columns] != shown:
                book.package.say("table-header", f"{title}: {table.get('displayName')}")
    if any(one.meets(other) for one, other in combinations(found, 2)):
        book.package.say("table", f"{title}: two in one place")


def _formula(book: Book, text: str, where: str) -> None:
    for fault in faults_of(text, book.titles, book.called):
        book.package.say("formula", f"{where}: {fault}")


# --- charts and notes ----------------------------------------------------------------------------


def _drawings(book: Book) -> None:
    tables = Counter(
        root.get("id") for part, root in book.package.trees.items() if part.startswith("xl/tables/")
    )
    if any(number > 1 for number in tables.values()):
        book.package.say("table-id", "two tables of one number")
    for part, root in book.package.trees.items():
        if root.tag == f"{C}chartSpace":
            _chart(book, part, root)
        elif root.tag == f"{M}comments":
            authors = len(root.findall(f"{M}authors/{M}author"))
            if any(int(node.get("authorId", "0")) >= authors for node in root.iter(f"{M}comment")):
                book.package.say("comment", part)
        elif root.tag == f"{M}calcChain":
            _chain(book, part, root)
        elif root.tag == f"{A}theme" and any(not node.get("typeface") for node in root.iter(f"{A}ea")):
            book.package.say("font", part)


def _chart(book: Book, part: str, root: etree._Element) -> None:
    for node in root.iter(f"{C}f"):
        _formula(book, node.text or "", part)
    axes = [node.findtext(f"{C}axId") or node.find(f"{C}axId").get("val") for node in root.iter(
        f"{C}catAx", f"{C}valAx", f"{C}dateAx"
    )]  # fmt: skip
    crossed = {node.get("val") for node in root.iter(f"{C}crossAx")}
    if crossed - set(axes):
        book.package.say("chart-axes", part)
    for cache in root.iter(f"{C}numCache", f"{C}strCache"):
        points = [int(node.get("idx", "0")) for node in cache.iter(f"{C}pt")]
        count = cache.find(f"{C}ptCount")
        if points != sorted(set(points)) or (points and points[-1] >= int(count.get("val", "0"))):
            book.package.say("chart-points", part)
    for latin in root.iter(f"{A}latin"):
        after = latin.getnext()
        if CHINESE.search(latin.get("typeface", "")) and (after is None or after.tag != f"{A}ea"):
            book.package.say("font", part)


def _chain(book: Book, part: str, root: etree._Element) -> None:
    sheets = {}
    for tab in book.package.trees[book.main].iter(f"{M}sheet"):
        target = book.package.links[book.main][tab.get(f"{R}id", "")][1]
        tree = book.package.trees.get(target)
        cells = tree.iter(f"{M}c") if tree is not None else ()
        sheets[tab.get("sheetId")] = {cell.get("r") for cell in cells if cell.find(f"{M}f") is not None}
    sheet = None
    for node in root:
        sheet = node.get("i", sheet)
        if node.get("r") not in sheets.get(sheet, set()):
            book.package.say("chain", f"{part}: {node.get('r')}")
