"""What is wrong with the workbook part, its names, styles, texts and metadata."""

from __future__ import annotations

import re

from conform.drawing_rules import look_at_drawings
from conform.model import X14, Book, M, Package, R
from conform.sheet_rules import look_at_sheet
from lxml import etree


def look_at_workbook(package: Package) -> None:
    """Note what is wrong with a workbook and all that is in it."""
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
            formulas += look_at_sheet(book, part, tab.get("name", ""))
    calculation = root.find(f"{M}calcPr")
    if not formulas and calculation is not None and calculation.get("fullCalcOnLoad") == "1":
        package.say("calculates", "nothing to calculate, and Excel asks at every close whether to save")
    look_at_drawings(book)


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
        book.formula(node.text or "", f"name {name}")


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
