"""A Windows DLL that holds no code: its one function is another DLL's.

Wine 8 has no ``bcryptprimitives.dll``, whose ``ProcessPrng`` every recent Rust library asks for random bytes;
``SystemFunction036`` of ``advapi32`` fills a buffer in the same way (Microsoft calls it RtlGenRandom).
"""

import struct

_RVA, _RAW = 0x1000, 0x200  # where the section lies in memory and in the file


def dll(name, function, target):
    """Return the bytes of a 64-bit DLL that forwards an exported function.

    Args:
        name: Of the DLL.
        function: As its callers know it.
        target: Such as ``advapi32.SystemFunction036``.
    """
    texts = [each.encode("ascii") + b"\0" for each in (name, function, target)]
    at = [_RVA + 40 + 4 + 4 + 2]  # after the directory, one address, one name, one ordinal
    for text in texts:
        at.append(at[-1] + len(text))
    directory = struct.pack("<IIHHIIIIIII", 0, 0, 0, 0, at[0], 1, 1, 1, _RVA + 40, _RVA + 44, _RVA + 48)
    # An address inside the directory is no function but the name of one.
    section = directory + struct.pack("<IIH", at[2], at[1], 0) + b"".join(texts)
    coff = struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 240, 0x2022)  # x86-64, a DLL
    optional = struct.pack("<HBBIIIII", 0x20B, 0, 0, 0, _RAW, 0, 0, _RVA)
    optional += struct.pack(
        "<QIIHHHHHHIIIIHH", 0x180000000, 0x1000, 0x200, 6, 0, 0, 0, 6, 0, 0, 0x2000, _RAW, 0, 3, 0x100
    )
    optional += struct.pack("<QQQQII", 0x100000, 0x1000, 0x100000, 0x1000, 0, 16)
    optional += struct.pack("<II", _RVA, len(section)) + bytes(15 * 8)
    header = struct.pack("<8sIIIIIIHHI", b".edata", len(section), _RVA, 0x200, _RAW, 0, 0, 0, 0, 0x40000040)
    head = (b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + coff + optional + header).ljust(
        _RAW, b"\0"
    )
    return head + section.ljust(0x200, b"\0")
