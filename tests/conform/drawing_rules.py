"""What is wrong with charts, notes, themes and the calculation chain."""

from __future__ import annotations

import re
from collections import Counter

from conform.model import A, Book, C, M, R
from lxml import etree

CHINESE = re.compile(r"[\u3400-\u9fff]")


def look_at_drawings(book: Book) -> None:
    """Note what is wrong with every part that is no sheet."""
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
        book.formula(node.text or "", part)
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
