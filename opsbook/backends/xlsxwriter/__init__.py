"""A new workbook, written with XlsxWriter."""
