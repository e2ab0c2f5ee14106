"""The workbook as it is open in Excel on Windows, through xlwings (its BSD part) and Excel's own object model."""
