"""The answers to the LibreOffice extension, under their name of version 0.1."""

from opsbook.integrations.libreoffice.calc_worker import answer, main

__all__ = ["answer", "main"]

if __name__ == "__main__":
    main()
