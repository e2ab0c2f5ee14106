"""Run-length compression of VBA streams ([MS-OVBA] 2.4.1)."""

from __future__ import annotations

import struct

_CHUNK = 4096
_LITERAL_HEADER = 0x3FFF  # 4096 bytes as they are
_COMPRESSED_HEADER = 0xB000
_SHORTEST = 3


def compress(data: bytes) -> bytes:
    """Return the bytes as a CompressedContainer."""
    chunks = (_chunk(data[start : start + _CHUNK]) for start in range(0, len(data), _CHUNK))
    return b"\x01" + b"".join(chunks)


def _chunk(data: bytes) -> bytes:
    packed = _tokens(data)
    if len(packed) >= _CHUNK:  # only a full chunk can come out larger than itself
        return struct.pack("<H", _LITERAL_HEADER) + data.ljust(_CHUNK, b"\0")
    return struct.pack("<H", _COMPRESSED_HEADER | len(packed) - 1) + packed


def _tokens(data: bytes) -> bytes:
    """Return the tokens of a chunk, eight of them behind each byte of flags."""
    out = bytearray()
    seen: dict[bytes, list[int]] = {}
    at = 0
    while at < len(data):
        flags_at = len(out)
        out.append(0)
        for bit in range(8):
            if at >= len(data):
                break
            offset, length = _longest(data, at, seen)
            if length:
                out[flags_at] |= 1 << bit
                bits = _offset_bits(at)
                out += struct.pack("<H", (offset - 1) << (16 - bits) | (length - _SHORTEST))
            else:
                out.append(data[at])
            for each in range(at, at + max(length, 1)):
                seen.setdefault(data[each : each + _SHORTEST], []).append(each)
            at += max(length, 1)
    return bytes(out)


def _longest(data: bytes, at: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """Return how far back the longest repetition starts, and its length; 0, 0 when there is none."""
    limit = min((1 << (16 - _offset_bits(at))) - 1 + _SHORTEST, len(data) - at)
    best_offset = best = 0
    if limit < _SHORTEST:
        return 0, 0
    for start in reversed(seen.get(data[at : at + _SHORTEST], [])):
        length = _SHORTEST
        while length < limit and data[start + length] == data[at + length]:
            length += 1
        if length > best:
            best_offset, best = at - start, length
            if best == limit:
                break
    return best_offset, best


def _offset_bits(at: int) -> int:
    """Return how many bits of a copy token hold the offset, at this place of the chunk."""
    return max((at - 1).bit_length(), 4)
