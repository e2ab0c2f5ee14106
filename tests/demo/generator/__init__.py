"""Simulates the demonstration store and writes its exports: the source of the archive in ``opsbook/demo``."""
