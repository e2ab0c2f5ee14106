"""Writes the compound file ([MS-CFB]) that holds a VBA project: storages and streams, as in a small file system."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NO_ENTRY = 0xFFFFFFFF
_ROOT, _STORAGE, _STREAM = 5, 1, 2
_RED, _BLACK = 0, 1
_HEADER_FATS = 109  # sectors of the allocation table that the header lists; enough for 7 MB
_LONGEST_NAME = 31

Tree = dict[str, "bytes | Tree"]


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    left: int = _NO_ENTRY
    right: int = _NO_ENTRY
    child: int = _NO_ENTRY
    colour: int = _BLACK
    start: int = 0
    size: int = 0
    children: list[int] = field(default_factory=list)


def write(tree: Tree) -> bytes:
    """Return a compound file with these streams (bytes) and storages (mappings).

    Equal trees give equal bytes: no time stamps, no class ids.

    Raises:
        ValueError: A name is too long, or everything together is larger than 7 MB.
    """
    entries = [_Entry("Root Entry", _ROOT)]
    _add(entries, 0, tree)
    sectors: list[bytes] = []
    chain: list[int] = []  # the allocation table: the sector after each

    def store(data: bytes) -> int:
        """Put data into sectors of its own; return the first."""
        if not data:
            return _END
        first = len(sectors)
        count = -(-len(data) // _SECTOR)
        sectors.extend(data[at : at + _SECTOR].ljust(_SECTOR, b"\0") for at in range(0, len(data), _SECTOR))
        chain.extend([*range(first + 1, first + count), _END])
        return first

    minis = bytearray()
    mini_chain: list[int] = []
    for entry in entries:
        if entry.kind != _STREAM:
            continue
        entry.size = len(entry.data)
        if entry.size >= _CUTOFF:
            entry.start = store(entry.data)
        elif entry.size:
            first, count = len(mini_chain), -(-entry.size // _MINI)
            minis += entry.data.ljust(count * _MINI, b"\0")
            mini_chain.extend([*range(first + 1, first + count), _END])
            entry.start = first
        else:
            entry.start = _END
    entries[0].start, entries[0].size = store(bytes(minis)), len(minis)
    mini_fat = store(_table(mini_chain))
    mini_fat_sectors = -(-len(mini_chain) * 4 // _SECTOR)
    directory = store(_directory(entries))

    fats = 1
    while (len(sectors) + fats) * 4 > fats * _SECTOR:
        fats += 1
    if fats > _HEADER_FATS:
        raise ValueError(f"{len(sectors) * _SECTOR} bytes are more than this writer can hold")
    first_fat = len(sectors)
    chain.extend([_FAT] * fats)
    listed = [*range(first_fat, first_fat + fats), *[_FREE] * (_HEADER_FATS - fats)]
    header = struct.pack(
        "<8s16s5H6x10I",
        bytes.fromhex("d0cf11e0a1b11ae1"),
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        fats,
        directory,
        0,
        _CUTOFF,
        mini_fat,
        mini_fat_sectors,
        _END,
        0,
        listed[0],
    )
    header += struct.pack(f"<{_HEADER_FATS - 1}I", *listed[1:])
    return header + b"".join(sectors) + _table(chain)


def _add(entries: list[_Entry], parent: int, tree: Tree) -> None:
    for name, content in tree.items():
        if not 0 < len(name) <= _LONGEST_NAME:
            raise ValueError(f"{name!r}: a name has 1 to {_LONGEST_NAME} characters")
        index = len(entries)
        entries[parent].children.append(index)
        if isinstance(content, bytes):
            entries.append(_Entry(name, _STREAM, content))
        else:
            entries.append(_Entry(name, _STORAGE))
            _add(entries, index, content)
    ordered = sorted(
        entries[parent].children, key=lambda each: (len(entries[each].name), entries[each].name.upper())
    )
    deepest = len(ordered).bit_length()  # the level that is red unless it is full
    full = len(ordered) == 2**deepest - 1
    entries[parent].child = _balanced(entries, ordered, 1, None if full else deepest)


def _balanced(entries: list[_Entry], ordered: list[int], level: int, red: int | None) -> int:
    """Link the entries as a red-black tree; return its top."""
    if not ordered:
        return _NO_ENTRY
    middle = len(ordered) // 2
    top = entries[ordered[middle]]
    top.colour = _RED if level == red else _BLACK
    top.left = _balanced(entries, ordered[:middle], level + 1, red)
    top.right = _balanced(entries, ordered[middle + 1 :], level + 1, red)
    return ordered[middle]


def _directory(entries: list[_Entry]) -> bytes:
    out = bytearray()
    for entry in entries:
        name = entry.name.encode("utf-16-le")
        out += struct.pack(
            "<64sH2B3I16xI16xIQ",
            name,
            len(name) + 2,
            entry.kind,
            entry.colour,
            entry.left,
            entry.right,
            entry.child,
            0,
            entry.start,
            entry.size,
        )
    empty = struct.pack("<64sH2B3I16xI16xIQ", b"", 0, 0, 0, _NO_ENTRY, _NO_ENTRY, _NO_ENTRY, 0, 0, 0)
    return bytes(out) + empty * (-len(entries) % (_SECTOR // len(empty)))


def _table(chain: list[int]) -> bytes:
    """Return sector numbers, filled up to whole sectors."""
    padded = [*chain, *[_FREE] * (-len(chain) % (_SECTOR // 4))]
    return struct.pack(f"<{len(padded)}I", *padded)
