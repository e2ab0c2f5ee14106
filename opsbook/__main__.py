"""`python -m opsbook`."""

from opsbook.cli import main

main(prog_name="opsbook")
