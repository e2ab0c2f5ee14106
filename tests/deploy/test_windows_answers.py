"""The checklist for a person with Excel, and the one file that comes back."""

import re

import pytest
from backends.packages import build
from click.testing import CliRunner
from conform.kinds import as_0_1_0
from deploy.windows_machine import machine

from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.book.address import Place
from opsbook.book.model import NA, Cell
from opsbook.cli.app import main
from opsbook.deploy.windows import checklist_answers, doctor
from opsbook.domain.language import LANGUAGES


def run(*arguments, language="en"):
    done = CliRunner().invoke(main, [str(each) for each in arguments], env={"OPSBOOK_LANG": language})
    return done.exit_code, done.output


def test_both_languages_ask_the_same():
    zh, en = (checklist_answers.checklist(language) for language in ("zh", "en"))
    assert zh.count("- [ ]") == en.count("- [ ]") == 21
    assert zh.count("\n## ") == en.count("\n## ") == 6
    minutes = [sum(map(int, re.findall(r"(\d+) (?:分钟|minutes?)[,，)）]", text))) for text in (zh, en)]
    assert minutes == [15, 15]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_of_the_checklist_exists_with_its_options(language):
    called = re.findall(r"`opsbook ([^`]+)`", checklist_answers.checklist(language))
    assert len(called) >= 6
    for line in called:
        name, *words = line.split()
        known = {option for each in main.commands[name].params for option in each.opts}
        assert {word for word in words if word.startswith("--")} <= known, line


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_checklist_is_printed_alone(language):
    assert run("doctor", "--checklist", language=language) == (0, checklist_answers.checklist(language))


def counted(path):
    return [line.en for line in checklist_answers.saved(path)][1:]


def test_the_report_tells_how_the_saved_workbook_shows_its_formulas(tmp_path):
    path = build(tmp_path / "b.xlsx")
    with Workbook.open(path, for_writing=True) as book:
        cells = [
            [Cell(0.5, formula="YOY_GROWTH(C8,C7)"), Cell(0.5, formula="C8/2"), Cell(NA, formula="NA()")]
        ]
        book.write(Place("业绩回顾", 40, 1), cells)
        book.save()
    one = "Cells with an error value: 1"
    assert counted(path) == ["Formulas with functions: 1 dynamic arrays, 0 that are shown with @", one]
    as_0_1_0(path)
    assert counted(path) == ["Formulas with functions: 0 dynamic arrays, 1 that are shown with @", one]


def test_the_answer_file_holds_computer_workbook_and_checklist_and_is_never_replaced(tmp_path):
    path, out = build(tmp_path / "b.xlsx"), tmp_path / "answers.md"
    text = checklist_answers.report(doctor.diagnose(machine(tmp_path), path), "en")
    assert text.endswith(checklist_answers.checklist("en"))
    assert "The program that saved it last: OpsBook" in text
    assert run("doctor", path, "--report", out)[0] in {0, 1}
    out.write_text("my answers", encoding="utf-8")
    status, said = run("doctor", path, "--report", out)
    assert (status, "is not overwritten" in said) == (2, True)
    assert out.read_text(encoding="utf-8") == "my answers"
