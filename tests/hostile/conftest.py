"""A workbook refreshed once from the planted store."""

import pytest
from click.testing import CliRunner
from hostile import planted

from opsbook.cli.app import main


def command(*arguments):
    """Run a command; return its exit status, stdout and stderr."""
    result = CliRunner().invoke(main, [str(each) for each in arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="session")
def planted_store(tmp_path_factory):
    """Return (folder, all that refresh said); not to be changed."""
    folder = tmp_path_factory.mktemp("planted")
    assert planted.write(folder / "exports") > 500
    command("new", folder / "review.xlsx", "--store", planted.HOSTILE[0])
    status, out, errors = command("refresh", folder / "review.xlsx", "--json")
    assert status in (0, 1), errors
    return folder, out + errors
