"""A VBA project from the text of its modules: the bytes of ``vbaProject.bin`` ([MS-OVBA]).

Only source is written, no compiled code: the version 0xFFFF makes the host compile it on opening, which is what the
specification asks of writers, and what xlwings' own released workbooks do.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import Literal

from vba_builder import compound_file
from vba_builder.vba_compression import compress

Kind = Literal["standard", "class", "workbook", "sheet"]

CODE_PAGE = 1252
"""Recorded in the project; it never matters, for every text in it is plain ASCII."""

_BASES: dict[Kind, str] = {
    "class": "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}",
    "workbook": "0{00020819-0000-0000-C000-000000000046}",
    "sheet": "0{00020820-0000-0000-C000-000000000046}",
}
_REFERENCES = (
    (
        "stdole",
        r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    ),
    (
        "Office",
        (
            r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared"
            r"\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library"
        ),
    ),
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
_LONGEST_LINE = 1023
_TAKEN = {"excel", "vba", "office", "stdole"}


@dataclass(frozen=True)
class Module:
    """One module.

    Attributes:
        name: At most 31 characters.
        kind: Document modules belong to the workbook and its sheets.
        text: The source without the attributes that `source` adds.
    """

    name: str
    kind: Kind
    text: str = ""

    def source(self) -> str:
        """Return what stands in the module's stream: attributes, then the text, lines ended by CR LF."""
        lines = [f'Attribute VB_Name = "{self.name}"']
        if self.kind != "standard":
            document = self.kind != "class"
            lines += [
                f'Attribute VB_Base = "{_BASES[self.kind]}"',
                "Attribute VB_GlobalNameSpace = False",
                "Attribute VB_Creatable = False",
                f"Attribute VB_PredeclaredId = {document}",
                f"Attribute VB_Exposed = {document}",
                "Attribute VB_TemplateDerived = False",
                f"Attribute VB_Customizable = {document}",
            ]
        return "\r\n".join([*lines, *self.text.splitlines()]) + "\r\n"


def build(name: str, modules: tuple[Module, ...]) -> bytes:
    """Return the ``vbaProject.bin`` of a project.

    Raises:
        ValueError: Excel would not take it; the message names the module and what is wrong.
    """
    _check(name, modules)
    streams: compound_file.Tree = {
        module.name: compress(module.source().encode("ascii")) for module in modules
    }
    return compound_file.write(
        {
            "VBA": {
                **streams,
                "_VBA_PROJECT": bytes.fromhex("cc61ffff000100"),
                "dir": compress(_directory(name, modules)),
            },
            "PROJECT": _project(name, modules).encode("ascii"),
            "PROJECTwm": b"".join(
                module.name.encode() + b"\0" + module.name.encode("utf-16-le") + b"\0\0" for module in modules
            )
            + b"\0\0",
        }
    )


def _check(name: str, modules: tuple[Module, ...]) -> None:
    taken = {*_TAKEN, name.lower()}
    for module in modules:
        where = f"module {module.name}"
        if not _NAME.fullmatch(module.name):
            raise ValueError(f"{where}: a name has letters, digits and _, at most 31, a letter first")
        if module.name.lower() in taken:
            raise ValueError(f"{where}: the name is taken by the project, a library or another module")
        taken.add(module.name.lower())
        source = module.source()
        if not source.isascii():
            line = next(line for line in source.splitlines() if not line.isascii())
            raise ValueError(f"{where}: not ASCII, so it would depend on the user's code page: {line!r}")
        if long := next((line for line in source.splitlines() if len(line) > _LONGEST_LINE), None):
            raise ValueError(f"{where}: VBA takes {_LONGEST_LINE} characters a line: {long[:60]!r}...")


def _directory(name: str, modules: tuple[Module, ...]) -> bytes:
    """Return the ``dir`` stream: what the project, its references and its modules are."""
    number, short = struct.Struct("<I").pack, struct.Struct("<H").pack
    out = [
        _record(0x0001, number(3)),  # 64-bit Windows
        _record(0x0002, number(0x409)),
        _record(0x0014, number(0x409)),
        _record(0x0003, short(CODE_PAGE)),
        _record(0x0004, name.encode()),
        _record(0x0005, b"") + _record(0x0040, b""),
        _record(0x0006, b"") + _record(0x003D, b""),
        _record(0x0007, number(0)),
        _record(0x0008, number(0)),
        struct.pack("<HIIH", 0x0009, 4, 1, 1),
        _record(0x000C, b"") + _record(0x003C, b""),
    ]
    for title, library in _REFERENCES:
        out.append(_record(0x0016, title.encode()) + _record(0x003E, title.encode("utf-16-le")))
        out.append(_record(0x000D, number(len(library)) + library.encode() + bytes(6)))
    out += [_record(0x000F, short(len(modules))), _record(0x0013, short(0xFFFF))]
    for module in modules:
        narrow, wide = module.name.encode(), module.name.encode("utf-16-le")
        out += [
            _record(0x0019, narrow) + _record(0x0047, wide),
            _record(0x001A, narrow) + _record(0x0032, wide),
            _record(0x001C, b"") + _record(0x0048, b""),
            _record(0x0031, number(0)),
            _record(0x001E, number(0)),
            _record(0x002C, short(0xFFFF)),
            _record(0x0021 if module.kind == "standard" else 0x0022, b""),
            _record(0x002B, b""),
        ]
    return b"".join([*out, _record(0x0010, b"")])


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HI", kind, len(content)) + content


def _project(name: str, modules: tuple[Module, ...]) -> str:
    """Return the ``PROJECT`` stream, an old INI file."""
    project_id = "{5A3B7D52-0F4C-4E7A-9C1E-6F0B1D2A8E47}"
    written: dict[Kind, str] = {"standard": "Module={}", "class": "Class={}"}
    key = sum(project_id.encode()) & 0xFF
    lines = [
        f'ID="{project_id}"',
        *(written.get(each.kind, "Document={}/&H00000000").format(each.name) for each in modules),
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_hidden(bytes(4), 0x0D, key)}"',  # not protected
        f'DPB="{_hidden(bytes(1), 0x1B, key)}"',  # no password
        f'GC="{_hidden(bytes([0xFF]), 0x29, key)}"',  # visible
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{each.name}=0, 0, 0, 0, C" for each in modules),
    ]
    return "\r\n".join(lines) + "\r\n"


def _hidden(data: bytes, seed: int, key: int) -> str:
    """Return data in the obfuscation of [MS-OVBA] 2.4.3, with a fixed seed."""
    version = 2
    out = [seed, seed ^ version, seed ^ key]
    plain, last, before = key, out[2], out[1]
    for byte in [*bytes((seed & 6) // 2), *struct.pack("<I", len(data)), *data]:
        out.append(byte ^ (before + plain & 0xFF))
        plain, before, last = byte, last, out[-1]
    return bytes(out).hex().upper()
