"""Excel's side of the parity test: the native formulas, evaluated by formulon."""

from __future__ import annotations

import formulon

from opsbook.functions import FUNCTIONS, ExcelError
from opsbook.functions.excel import lambda_source


class Sheet:
    """A sheet with every native function defined; arguments are put into cells, so that blanks are blank."""

    def __init__(self, names=None):
        self.book = formulon.Workbook.create_default()
        for name, function in FUNCTIONS.items():
            if function.excel and (names is None or name in names):
                self.book.set_defined_name(name, lambda_source(function, "zh"))
        self.used = []

    def evaluate(self, name, arguments):
        """Return the result of a function as rows of cells."""
        return self._calculate(arguments, lambda references: f"={name}({','.join(references)})")

    def formula(self, text, arguments):
        """Return the result of a formula over A1, B1, ... as rows of cells."""
        return self._calculate(arguments, lambda _: text)

    def _calculate(self, arguments, write):
        for row, column in self.used:
            self.book.set_blank(0, row, column)
        self.used, references, column = [], [], 0
        for given in arguments:
            rows = given if isinstance(given, list) else [[given]]
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    self._put(r, column + c, cell)
            last = column + len(rows[0]) - 1
            end = f":{_letters(last)}{len(rows)}" if isinstance(given, list) else ""
            references.append(f"{_letters(column)}1{end}")
            column = last + 1
        found = self.book.evaluate_formula_array(0, 900, 200, write(references))
        return [[_cell(value) for value in row] for row in found]

    def _put(self, row, column, cell):
        self.used.append((row, column))
        if cell is None:
            self.book.set_blank(0, row, column)
        elif isinstance(cell, bool):
            self.book.set_bool(0, row, column, cell)
        elif isinstance(cell, ExcelError):
            self.book.set_error(0, row, column, _ERRORS[cell])
        elif isinstance(cell, str):
            self.book.set_text(0, row, column, cell)
        else:
            self.book.set_number(0, row, column, float(cell))


_ERRORS = {
    ExcelError.NULL: 0, ExcelError.DIV0: 1, ExcelError.VALUE: 2, ExcelError.REF: 3, ExcelError.NAME: 4,
    ExcelError.NUM: 5, ExcelError.NA: 6, ExcelError.GETTING_DATA: 7, ExcelError.SPILL: 8, ExcelError.CALC: 9,
}  # fmt: skip
_BY_CODE = {code: error for error, code in _ERRORS.items()}


def _cell(value):
    if value.kind is formulon.ValueKind.ERROR:
        return _BY_CODE[value.error_code]
    return value.to_python()


def _letters(column):
    text = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        text = chr(65 + digit) + text
    return text
