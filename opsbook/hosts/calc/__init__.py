"""The module that the LibreOffice extension of version 0.1 calls."""
