"""The archive: one DuckDB file that keeps every row of every export for ever. Layout in layout.py."""
