"""The zip file of a workbook: members read by name, and the file rebuilt with untouched members copied raw."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Collection, Mapping

from opsbook.backends.ooxml.xml_spans import damaged

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_ZIP64_EXTRA = 0x0001
_UTF8 = 0x800
_FIRST_DAY = 1 << 5 | 1  # 1980-01-01
_LARGEST_PART = 2**30  # bytes once unpacked; no sheet that Excel opens comes near


class Container:
    """The members of a package, in the order of the file. Names are compared without case, as Excel does."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except zipfile.BadZipFile:
            raise damaged("zip") from None
        self._members = self._zip.infolist()
        self._names = {info.filename.lower(): info for info in self._members}
        if len(self._names) != len(self._members):
            raise damaged("duplicate parts")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the members, in the order of the file."""
        return tuple(info.filename for info in self._members)

    def find(self, name: str) -> str | None:
        """Return the member's name as the file spells it, or None."""
        info = self._names.get(name.lower())
        return info.filename if info else None

    def read(self, name: str) -> bytes:
        """Return the unpacked bytes of a member.

        Raises:
            BookError: There is no such member, or it is damaged.
        """
        info = self._names.get(name.lower())
        if info is None:
            raise damaged(name)
        if info.file_size > _LARGEST_PART:
            raise damaged(f"{name}: {info.file_size} bytes")
        try:
            return self._zip.read(info)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError):
            raise damaged(name) from None

    def rebuilt(self, changed: Mapping[str, bytes], dropped: Collection[str] = ()) -> bytes:
        """Return the file with some members' content replaced, some left out, and new ones behind the others.

        Untouched members keep their compressed bytes, order, time stamps and extra fields; changed ones keep all
        but the bytes, so that the same change gives the same file.

        Args:
            changed: Member name as the file spells it, and its new content; a name that the file has not is added.
            dropped: Names to leave out.
        """
        body: list[bytes] = []
        directory: list[bytes] = []
        offset = 0
        for info in self._members:
            if info.filename in dropped:
                continue
            local, entry = self._record(info, changed.get(info.filename), offset)
            body.append(local)
            directory.append(entry)
            offset += len(local)
        for name, data in changed.items():
            if not self.find(name):
                local, entry = _new_record(name, data, offset)
                body.append(local)
                directory.append(entry)
                offset += len(local)
        size = sum(map(len, directory))
        comment = self._zip.comment
        end = _END.pack(b"PK\5\6", 0, 0, len(directory), len(directory), size, offset, len(comment))
        return b"".join([*body, *directory, end, comment])

    def _record(self, info: zipfile.ZipInfo, new: bytes | None, offset: int) -> tuple[bytes, bytes]:
        """Return the member with its local header, and its line in the directory."""
        header = _LOCAL.unpack_from(self._content, info.header_offset)
        name_at = info.header_offset + _LOCAL.size
        name = self._content[name_at : name_at + header[9]]
        data_at = name_at + header[9] + header[10]
        local_extra = _without_zip64(self._content[name_at + header[9] : data_at])
        if new is None:
            data = self._content[data_at : data_at + info.compress_size]
            # Bit 3 (sizes follow the data) goes: they stand in the header now.
            method, flags, crc, length = info.compress_type, info.flag_bits & ~8, info.CRC, info.file_size
        else:
            data = _deflated(new)
            method, flags, crc, length = (
                zipfile.ZIP_DEFLATED,
                info.flag_bits & _UTF8,
                zlib.crc32(new),
                len(new),
            )
        year, month, day, hour, minute, second = info.date_time
        day_bits = (year - 1980) << 9 | month << 5 | day
        time_bits = hour << 11 | minute << 5 | second // 2
        needs = 20 if new is not None else info.extract_version
        common = (needs, flags, method, time_bits, day_bits, crc, len(data), length, len(name))
        local = _LOCAL.pack(b"PK\3\4", *common, len(local_extra)) + name + local_extra + data
        extra = _without_zip64(info.extra)
        made_by = info.create_version | info.create_system << 8
        rest = (len(extra), len(info.comment), 0, info.internal_attr, info.external_attr, offset)
        return local, _CENTRAL.pack(b"PK\1\2", made_by, *common, *rest) + name + extra + info.comment


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def _new_record(name: str, data: bytes, offset: int) -> tuple[bytes, bytes]:
    """Return a new member with its local header, and its line in the directory; it tells no day and no system."""
    packed, spelled = _deflated(data), name.encode()
    flags = 0 if name.isascii() else _UTF8
    common = (20, flags, zipfile.ZIP_DEFLATED, 0, _FIRST_DAY, zlib.crc32(data), len(packed), len(data))
    local = _LOCAL.pack(b"PK\3\4", *common, len(spelled), 0) + spelled + packed
    return local, _CENTRAL.pack(b"PK\1\2", 20, *common, len(spelled), 0, 0, 0, 0, 0, offset) + spelled


def _without_zip64(extra: bytes) -> bytes:
    """Return the extra field without 64-bit sizes: the headers hold them in full."""
    kept = b""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        if kind != _ZIP64_EXTRA:
            kept += extra[: 4 + length]
        extra = extra[4 + length :]
    return kept + extra
