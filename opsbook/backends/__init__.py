"""The programs and files that show a workbook. They do not know what the numbers mean."""
