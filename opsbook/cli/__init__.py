"""The command line: what people type, and how it answers."""

from opsbook.cli.app import main

__all__ = ["main"]
