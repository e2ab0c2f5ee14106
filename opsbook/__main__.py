"""`python -m opsbook`."""

from opsbook.cli.app import main

main(prog_name="opsbook")
