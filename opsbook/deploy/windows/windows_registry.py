r"""The Windows registry: text, whole numbers and bytes under keys such as ``HKCU\Software\OpsBook``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

Value = str | int | bytes


class Registry(Protocol):
    """What is read and written. A key or value that is not there, or may not be read, reads as nothing."""

    def values(self, key: str) -> dict[str, Value]:
        """Return the values of a key by name; the unnamed one is ``""``. Empty when there is no such key."""

    def keys(self, key: str) -> list[str]:
        """Return the names of the keys directly under a key."""

    def exists(self, key: str) -> bool:
        """Tell whether the key is there."""

    def put(self, key: str, name: str, value: Value) -> None:
        """Write a value; keys on the way are created."""

    def remove(self, key: str, name: str) -> None:
        """Remove a value, if it is there."""

    def remove_key(self, key: str) -> None:
        """Remove a key that holds nothing; any other is left alone."""


def value(registry: Registry, key: str, name: str = "") -> Value | None:
    """Return one value, or None. Names compare without case, as Windows does it."""
    wanted = name.casefold()
    return next((each for found, each in registry.values(key).items() if found.casefold() == wanted), None)


class MemoryRegistry:
    """One in memory: empty where a system has none, filled as they please by tests. Names compare without case."""

    def __init__(self, content: Mapping[str, Mapping[str, Value]] | None = None) -> None:
        self._names: dict[str, str] = {}  # as first written, by the name without case
        self._values: dict[str, dict[str, Value]] = {}
        for key, entries in (content or {}).items():
            self._make(key)
            for name, each in entries.items():
                self.put(key, name, each)

    def values(self, key: str) -> dict[str, Value]:
        """Return the values of a key by name."""
        return dict(self._values.get(key.casefold(), {}))

    def keys(self, key: str) -> list[str]:
        """Return the names of the keys directly under a key."""
        start = f"{key.casefold()}\\"
        return [
            name.rpartition("\\")[2]
            for folded, name in self._names.items()
            if folded.startswith(start) and "\\" not in folded.removeprefix(start)
        ]

    def exists(self, key: str) -> bool:
        """Tell whether the key is there."""
        return key.casefold() in self._names

    def put(self, key: str, name: str, value: Value) -> None:
        """Write a value."""
        self._make(key)
        self.remove(key, name)
        self._values[key.casefold()][name] = value

    def remove(self, key: str, name: str) -> None:
        """Remove a value, if it is there."""
        entries = self._values.get(key.casefold(), {})
        for each in [each for each in entries if each.casefold() == name.casefold()]:
            del entries[each]

    def remove_key(self, key: str) -> None:
        """Remove a key that holds nothing."""
        if not self.values(key) and not self.keys(key):
            self._names.pop(key.casefold(), None)
            self._values.pop(key.casefold(), None)

    def _make(self, key: str) -> None:
        parts = key.split("\\")
        for end in range(1, len(parts) + 1):
            name = "\\".join(parts[:end])
            self._names.setdefault(name.casefold(), name)
            self._values.setdefault(name.casefold(), {})


class WindowsRegistry:
    """The real one."""

    def __init__(self) -> None:
        import winreg  # Windows alone has it

        self._api: Any = winreg  # type checkers know its members on Windows alone

    @contextmanager
    def _open(self, key: str, access: int) -> Iterator[Any]:
        root, _, path = key.partition("\\")
        roots = {"HKCU": self._api.HKEY_CURRENT_USER, "HKLM": self._api.HKEY_LOCAL_MACHINE}
        handle = self._api.OpenKey(roots[root], path, 0, access)
        try:
            yield handle
        finally:
            handle.Close()

    def values(self, key: str) -> dict[str, Value]:
        """Return the values of a key by name."""
        found: dict[str, Value] = {}
        try:
            with self._open(key, self._api.KEY_READ) as handle:
                for index in range(self._api.QueryInfoKey(handle)[1]):
                    name, content, _ = self._api.EnumValue(handle, index)
                    found[name] = content if isinstance(content, str | int | bytes) else str(content)
        except OSError:
            return found
        return found

    def keys(self, key: str) -> list[str]:
        """Return the names of the keys directly under a key."""
        try:
            with self._open(key, self._api.KEY_READ) as handle:
                return [
                    self._api.EnumKey(handle, index) for index in range(self._api.QueryInfoKey(handle)[0])
                ]
        except OSError:
            return []

    def exists(self, key: str) -> bool:
        """Tell whether the key is there."""
        try:
            with self._open(key, self._api.KEY_READ):
                return True
        except OSError:
            return False

    def put(self, key: str, name: str, value: Value) -> None:
        """Write a value, as text, whole number or bytes; of the current user alone."""
        root, _, path = key.partition("\\")
        if root != "HKCU":
            raise ValueError(f"{key} is not the user's own")
        kinds = {str: self._api.REG_SZ, int: self._api.REG_DWORD, bytes: self._api.REG_BINARY}
        with self._api.CreateKey(self._api.HKEY_CURRENT_USER, path) as handle:
            self._api.SetValueEx(handle, name, 0, kinds[type(value)], value)

    def remove(self, key: str, name: str) -> None:
        """Remove a value, if it is there."""
        try:
            with self._open(key, self._api.KEY_SET_VALUE) as handle:
                self._api.DeleteValue(handle, name)
        except FileNotFoundError:
            return

    def remove_key(self, key: str) -> None:
        """Remove a key that holds nothing."""
        if self.exists(key) and not self.values(key) and not self.keys(key):
            self._api.DeleteKey(self._api.HKEY_CURRENT_USER, key.partition("\\")[2])
