"""The sheets of the workbook, one module each: which sections they have, in reading order. No addresses."""
