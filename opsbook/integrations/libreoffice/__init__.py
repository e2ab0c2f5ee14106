"""The functions in LibreOffice Calc: an extension (.oxt) made from the registry, calculated by Python."""
