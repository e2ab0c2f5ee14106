"""Copies of a workbook for people outside the store."""
