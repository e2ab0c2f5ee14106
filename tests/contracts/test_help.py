"""What README and help pages say is so: tables equal the declared data, every command and option is named, links lead on."""

import re

import pytest
from click.testing import CliRunner
from contracts.help_tables import PAGES, ROOT, TABLES, filled

from opsbook.cli.app import main
from opsbook.help import TOPICS, page

WRITTEN = [
    ROOT / "README.md",
    ROOT / "README.zh-CN.md",
    *sorted(path for path in PAGES.rglob("*.md") if path.is_file()),
]


@pytest.mark.parametrize("name", list(TABLES))
def test_tables_equal_the_declared_data(name):
    assert (PAGES / name).read_text(encoding="utf-8") == filled(name)


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_and_option_is_named_in_the_help_pages(command):
    text = "".join(page(topic, "en") for topic in TOPICS)
    assert f"`opsbook {command}" in text
    assert f"`opsbook {command}" in page("commands", "zh")
    options = [
        name
        for parameter in main.commands[command].params
        for name in parameter.opts
        if name.startswith("--")
    ]
    assert [name for name in options if name not in text] == []


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_and_headings(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name) if name else path
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_prose_is_wrapped(path):
    fence = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        fence ^= line.startswith("```")
        if not fence and not line.startswith(("|", "!", "```", "[")):
            assert len(line) <= 110, f"line {number}"


def test_every_page_has_a_topic_and_every_topic_a_page():
    assert {path.stem for path in PAGES.rglob("*.md")} == set(TOPICS)


@pytest.mark.parametrize("topic", list(TOPICS))
def test_help_shows_the_page(topic):
    answer = CliRunner().invoke(main, ["help", topic, "--lang", "en"])
    assert answer.exit_code == 0
    assert answer.output.startswith("# ")


def test_help_lists_the_pages_and_names_them_for_an_unknown_one():
    assert all(name in CliRunner().invoke(main, ["help"]).output for name in TOPICS)
    answer = CliRunner().invoke(main, ["help", "metric"])
    assert answer.exit_code == 2
    assert "metrics" in answer.stderr
