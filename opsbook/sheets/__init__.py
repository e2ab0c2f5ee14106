"""The sheets of the workbook, one module each: which sections they have, in reading order. No addresses.

To add a section: declare it among the parts of its sheet here (name, title, requirement ids, columns, lines), and write
the function that fills its rows in the page module of the sheet in `opsbook.book`. The flow layout gives it its place,
its title, its defined name and its page break; `tests/review/test_sections.py` names what is missing.
"""
