"""A workbook on disk, changed by patching its zip package: what is not ours is copied byte for byte."""
