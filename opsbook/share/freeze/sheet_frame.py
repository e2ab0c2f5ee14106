"""What surrounds the cells of a sheet in the copy: rules, links, tables and objects that lead nowhere are cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.xml_spans import Node

if TYPE_CHECKING:
    from opsbook.share.freeze.formula_dependencies import Reach

RELATIONS = "officeDocument/2006/relationships"  # the end of the namespace of ``r:id``
# Objects that compute, act or lead out of the file, and views of single persons.
_CUT = frozenset(
    """controls oleObjects customProperties customSheetViews dataConsolidate webPublishItems smartTags slicerList
    timelineRefs""".split()  # noqa: SIM905
)
# What is cut when its formula leads nowhere.
_UNITS = frozenset(
    "cfRule dataValidation sparkline sparklineGroup hyperlink calculatedColumnFormula totalsRowFormula".split()  # noqa: SIM905
)
_FORMULAS = frozenset("f formula formula1 formula2 calculatedColumnFormula totalsRowFormula".split())  # noqa: SIM905
# What must go when nothing is left in it, and what does not count as something.
_LISTS = frozenset(
    """conditionalFormatting conditionalFormattings dataValidations hyperlinks tableParts sparklines sparklineGroup
    sparklineGroups ext extLst Choice AlternateContent""".split()  # noqa: SIM905
)
_NOTHING = frozenset(("f", "sqref", "Fallback"))


def relation_ids(node: Node) -> set[str]:
    """Return the relationships that an element names, whatever the attribute (``r:id``, ``r:embed``)."""
    return {
        value for name, value in node.attributes.items() if name.rpartition(" ")[0].endswith(RELATIONS)
    } | {value for name, value in node.attributes.items() if name.endswith(" relid")}


def trimmed(data: bytes, reach: Reach, alive: Collection[str]) -> tuple[bytes, Counter[str]]:
    """Return a worksheet's frame, a chart sheet or a table without what the copy cannot have.

    Args:
        data: The part, or the worksheet's part without its rows.
        reach: What the copy has.
        alive: Ids of the relationships of the part that stay.

    Returns:
        The new bytes, and how many elements were cut, by their local names.
    """
    root = xml_spans.parse(data)
    cut: dict[int, Node] = {}
    parents = {id(child): node for node in root.walk() for child in node.children}
    for node in root.walk():
        unit = _unit(node, parents)
        if node.name in _CUT or any(each not in alive for each in relation_ids(node)):
            cut[id(node)] = node
        elif unit is not None and _leads_nowhere(node, reach):
            cut[id(unit)] = unit
    counts = Counter(node.name for node in cut.values())
    for node in list(cut.values()):
        _empty_parents(node, parents, cut)
    outermost = [node for node in cut.values() if not _inside(node, parents, cut)]
    edits = [(node.start, node.end, b"") for node in outermost]
    edits += _recounted(data, root, cut)
    return xml_spans.splice(data, edits), counts


def _unit(node: Node, parents: dict[int, Node]) -> Node | None:
    """Return the rule that an element belongs to."""
    found: Node | None = node
    while found is not None and found.name not in _UNITS:
        found = parents.get(id(found))
    return found


def _leads_nowhere(node: Node, reach: Reach) -> bool:
    if node.name in _FORMULAS and node.text and reach.lost(node.text):
        return True
    return node.name == "hyperlink" and reach.named(node.attributes.get("location", ""))


def _empty_parents(node: Node, parents: dict[int, Node], cut: dict[int, Node]) -> None:
    """Cut also the lists that hold nothing any more, such as a group of sparklines that has only its colours."""
    parent = parents.get(id(node))
    while parent is not None and parent.name in _LISTS:
        left = [each for each in parent.children if id(each) not in cut and each.name not in _NOTHING]
        if left if parent.name != "sparklineGroup" else any(each.name == "sparklines" for each in left):
            return
        cut[id(parent)] = parent
        parent = parents.get(id(parent))


def _inside(node: Node, parents: dict[int, Node], cut: dict[int, Node]) -> bool:
    parent = parents.get(id(node))
    while parent is not None:
        if id(parent) in cut:
            return True
        parent = parents.get(id(parent))
    return False


def _recounted(data: bytes, root: Node, cut: dict[int, Node]) -> Iterable[tuple[int, int, bytes]]:
    """Yield the opening tags of lists whose ``count`` is no longer true."""
    for node in root.walk():
        left = [each for each in node.children if id(each) not in cut]
        if node.name in _LISTS and id(node) not in cut and len(left) < len(node.children):
            tag = data[node.start : node.inner]
            if "count" in node.attributes:
                yield node.start, node.inner, xml_spans.with_attribute(tag, "count", str(len(left)))
