"""What the READMEs say is so: their tables equal the declared data, every command and option is named."""

import pytest
from contracts.readme_tables import ROOT, TABLES, filled

from opsbook.cli.app import main


@pytest.mark.parametrize("name", list(TABLES))
def test_tables_equal_the_declared_data(name):
    assert (ROOT / name).read_text(encoding="utf-8") == filled(name)


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_and_option_is_told(command):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"`opsbook {command}" in text
    options = [
        name
        for parameter in main.commands[command].params
        for name in parameter.opts
        if name.startswith("--")
    ]
    assert [name for name in options if name not in text] == []
