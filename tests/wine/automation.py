"""On Windows: COM automation with the very Variants that VBA sends and gets, which pywin32 would change on the way.

(pywin32 sends every error as "argument left out", and shows an empty and a null Variant as the same None.)
"""

import ctypes
import struct
import time
from ctypes import POINTER, WINFUNCTYPE, byref, c_long, c_uint, c_ushort, c_void_p, c_wchar_p
from types import SimpleNamespace

EMPTY, NULL, LONG, DOUBLE, TEXT, ERROR, BOOL, VARIANT_ARRAY = 0, 1, 3, 5, 8, 10, 11, 0x200C
LOCAL_SERVER, METHOD, APARTMENT = 4, 1, 2
SIZE = 24  # bytes of a Variant
NO_CLASS = -2147221164


class Guid(ctypes.Structure):
    _fields_ = [("bytes", ctypes.c_ubyte * 16)]


class Variant(ctypes.Structure):
    _fields_ = [("vt", c_ushort), ("reserved", c_ushort * 3), ("data", ctypes.c_ulonglong * 2)]


class Bound(ctypes.Structure):
    _fields_ = [("count", c_uint), ("low", c_long)]


class Parameters(ctypes.Structure):
    _fields_ = [("arguments", POINTER(Variant)), ("names", c_void_p), ("count", c_uint), ("named", c_uint)]


class Fault(ctypes.Structure):
    _fields_ = [
        ("code", c_ushort), ("reserved", c_ushort), ("source", c_void_p), ("description", c_void_p),
        ("help", c_void_p), ("context", c_uint), ("more", c_void_p * 2), ("scode", c_long),
    ]  # fmt: skip


def _library():
    ole, automation = ctypes.OleDLL("ole32"), ctypes.WinDLL("oleaut32")
    automation.SysAllocStringLen.argtypes, automation.SysAllocStringLen.restype = (
        [c_wchar_p, c_uint],
        c_void_p,
    )
    automation.SysStringLen.argtypes = [c_void_p]
    automation.SafeArrayCreate.argtypes = [c_ushort, c_uint, POINTER(Bound)]
    automation.SafeArrayCreate.restype = c_void_p
    automation.SafeArrayGetDim.argtypes = [c_void_p]
    automation.SafeArrayAccessData.argtypes = [c_void_p, POINTER(c_void_p)]
    automation.SafeArrayUnaccessData.argtypes = [c_void_p]
    for name in ("SafeArrayGetLBound", "SafeArrayGetUBound"):
        getattr(automation, name).argtypes = [c_void_p, c_uint, POINTER(c_long)]
    ole.CoUninitialize.restype = None
    return SimpleNamespace(ole=ole, automation=automation)


LIBRARY = _library()


def text(value):
    """Return a new BSTR."""
    return LIBRARY.automation.SysAllocStringLen(value, len(value.encode("utf-16-le")) // 2)


def array(cells, dimensions):
    """Return a new array of Variants.

    Args:
        cells: Told cells in the order of memory: down the first column, then the next.
        dimensions: Length and lower bound of each.
    """
    bounds = (Bound * len(dimensions))(*dimensions)
    made, start = LIBRARY.automation.SafeArrayCreate(12, len(dimensions), bounds), c_void_p()
    LIBRARY.automation.SafeArrayAccessData(made, byref(start))
    if cells:
        memory = (ctypes.c_char * (SIZE * len(cells))).from_address(start.value)
        for number, cell in enumerate(cells):
            write(memory, number * SIZE, cell)
    LIBRARY.automation.SafeArrayUnaccessData(made)
    return made


def write(memory, at, cell):
    """Put a told cell into memory as a Variant."""
    kind, value = cell
    if kind == "number":
        struct.pack_into("<H6xd", memory, at, DOUBLE, float.fromhex(value))
    elif kind == "text":
        struct.pack_into("<H6xQ", memory, at, TEXT, text(value))
    elif kind == "error":  # CVErr
        struct.pack_into("<H6xI", memory, at, ERROR, 0x800A0000 + value)
    elif kind == "bool":
        struct.pack_into("<H6xh", memory, at, BOOL, -value)
    elif kind == "rows":  # Range.Value2
        columns = [cell for column in zip(*value, strict=True) for cell in column]
        made = array(columns, [(len(value), 1), (len(value[0]), 1)])
        struct.pack_into("<H6xQ", memory, at, VARIANT_ARRAY, made)
    elif kind == "column":  # the same few cells again and again, and a last one
        cells, height, last = value
        column = [cells[number % len(cells)] for number in range(height - 1)] + [last]
        struct.pack_into("<H6xQ", memory, at, VARIANT_ARRAY, array(column, [(height, 1), (1, 1)]))
    elif kind == "array":  # Array(...)
        struct.pack_into("<H6xQ", memory, at, VARIANT_ARRAY, array(value, [(len(value), 0)]))
    else:
        struct.pack_into("<H", memory, at, EMPTY)


def read(memory, at):
    """Return a Variant in memory as a told cell; an array with its dimensions."""
    (kind,) = struct.unpack_from("<H", memory, at)
    if kind == DOUBLE:
        return ["number", struct.unpack_from("<d", memory, at + 8)[0].hex()]
    if kind == TEXT:
        (where,) = struct.unpack_from("<Q", memory, at + 8)
        return ["text", ctypes.wstring_at(where, LIBRARY.automation.SysStringLen(where)) if where else ""]
    if kind == BOOL:
        return ["bool", bool(struct.unpack_from("<h", memory, at + 8)[0])]
    if kind == VARIANT_ARRAY:
        return _read_array(struct.unpack_from("<Q", memory, at + 8)[0])
    return ["blank", None] if kind == EMPTY else [f"type {kind}", struct.unpack_from("<i", memory, at + 8)[0]]


def _read_array(made):
    lengths = []
    for dimension in range(1, LIBRARY.automation.SafeArrayGetDim(made) + 1):
        low, high = c_long(), c_long()
        LIBRARY.automation.SafeArrayGetLBound(made, dimension, byref(low))
        LIBRARY.automation.SafeArrayGetUBound(made, dimension, byref(high))
        lengths.append(high.value - low.value + 1)
    start = c_void_p()
    LIBRARY.automation.SafeArrayAccessData(made, byref(start))
    cells = []
    count = lengths[0] if len(lengths) == 1 else lengths[0] * lengths[1]
    if count:
        memory = (ctypes.c_char * (SIZE * count)).from_address(start.value)
        cells = [read(memory, number * SIZE) for number in range(count)]
    LIBRARY.automation.SafeArrayUnaccessData(made)
    if len(lengths) == 1:
        return ["array", cells]
    return ["rows", [cells[row :: lengths[0]] for row in range(lengths[0])]]


class Server:
    """A late bound object, as VBA's ``Object``."""

    def __init__(self, clsid, wait=60.0):
        """Reach a class; ``wait`` seconds for its server to be there."""
        LIBRARY.ole.CoInitializeEx(None, APARTMENT)
        guid, interface, self._pointer = Guid(), Guid(), c_void_p()
        LIBRARY.ole.CLSIDFromString(clsid, byref(guid))
        LIBRARY.ole.CLSIDFromString("{00020400-0000-0000-C000-000000000046}", byref(interface))  # IDispatch
        deadline = time.monotonic() + wait
        while True:
            try:
                LIBRARY.ole.CoCreateInstance(
                    byref(guid), None, LOCAL_SERVER, byref(interface), byref(self._pointer)
                )
                break
            except OSError as error:
                if error.winerror != NO_CLASS or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
        table = ctypes.cast(ctypes.cast(self._pointer, POINTER(c_void_p))[0], POINTER(c_void_p))
        find = WINFUNCTYPE(
            c_long, c_void_p, POINTER(Guid), POINTER(c_wchar_p), c_uint, c_uint, POINTER(c_long)
        )(table[5])
        self._invoke = WINFUNCTYPE(
            c_long, c_void_p, c_long, POINTER(Guid), c_uint, c_ushort, POINTER(Parameters), POINTER(Variant),
            POINTER(Fault), POINTER(c_uint),
        )(table[6])  # fmt: skip
        self._nothing, self._number = Guid(), c_long()
        names = (c_wchar_p * 1)("CallUDF")
        if find(self._pointer, byref(self._nothing), names, 1, 0, byref(self._number)):
            raise OSError("the server knows no CallUDF")

    def close(self):
        """Let go of the server; without this the process does not end."""
        table = ctypes.cast(ctypes.cast(self._pointer, POINTER(c_void_p))[0], POINTER(c_void_p))
        WINFUNCTYPE(c_uint, c_void_p)(table[2])(self._pointer)
        LIBRARY.ole.CoUninitialize()

    def call(self, module, function, arguments, times=1):
        """Do ``CallUDF(module, function, Array(...))``.

        Returns:
            What came back as a told cell, and the seconds that each of ``times`` calls took.
        """
        given = (Variant * 3)()
        for at, cell in enumerate(
            (["array", arguments], ["text", function], ["text", module])
        ):  # from the last
            write((ctypes.c_char * SIZE).from_buffer(given[at]), 0, cell)
        parameters = Parameters(ctypes.cast(given, POINTER(Variant)), None, 3, 0)
        seconds, told = [], None
        for _ in range(times):
            result, fault = Variant(), Fault()
            start = time.perf_counter()
            status = self._invoke(
                self._pointer, self._number, byref(self._nothing), 0, METHOD, byref(parameters), byref(result),
                byref(fault), None,
            )  # fmt: skip
            seconds.append(time.perf_counter() - start)
            if status:
                told = ["failed", ctypes.wstring_at(fault.description) if fault.description else hex(status)]
            else:
                told = read((ctypes.c_char * SIZE).from_buffer(result), 0)
            LIBRARY.automation.VariantClear(byref(result))
        for each in given:
            LIBRARY.automation.VariantClear(byref(each))
        return told, seconds
