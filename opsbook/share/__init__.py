"""Copies of a workbook for people outside the store: the frozen workbook, its PDF, the deck."""
