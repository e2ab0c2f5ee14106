"""The shape of the source tree: imports run one way, modules stay small, the command line starts at once."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import opsbook

ROOT = Path(opsbook.__file__).parent
# The data flow. A room may import rooms before it, itself, and the common modules; doors may import all.
FLOW = [
    "schemas",
    "params",
    "functions",
    "intake",
    "archive",
    "metrics",
    "review",
    "plan",
    "book",
    "hosts",
    "share",
]
COMMON = {"errors", "files", "issues", "language", "periods"}
DOORS = {
    "succession",
    "cli",
    "cli_deck",
    "cli_excel",
    "cli_functions",
    "cli_new",
    "cli_fleet",
    "cli_refresh",
    "fleet",
    "forgetting",
    "console",
    "live",
    "refresh",
    "inputs",
    "report",
    "checking",
    "demo",
    "__main__",
    "__init__",
}
HEAVY = {
    "pptx",
    "pandas",
    "duckdb",
    "openpyxl",
    "xlsxwriter",
    "lxml",
    "numpy",
    "rich",
    "xlwings",
    "python_calamine",
}
MODULES = sorted(ROOT.rglob("*.py"))


def room(path):
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(path):
    """Yield the rooms of ours that a module imports, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            parts = (name or "").split(".")
            if (
                parts[0] == "opsbook"
                and len(parts) > 1
                and (ROOT / parts[1]).is_dir() | (ROOT / f"{parts[1]}.py").exists()
            ):
                yield parts[1]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_with_the_data(path):
    mine = room(path)
    if mine in DOORS:
        return
    allowed = set(COMMON) if mine in COMMON else COMMON | set(FLOW[: FLOW.index(mine) + 1])
    assert set(imported(path)) - allowed == set()


def test_every_room_is_in_the_flow():
    rooms = {entry.name for entry in ROOT.iterdir() if (entry / "__init__.py").exists()}
    assert rooms == set(FLOW) | {"demo", "fleet", "periods"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_can_be_read_at_one_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("arguments", [["--help"], ["refresh", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments):
    code = (
        "import sys\nfrom opsbook.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip().splitlines()[-1] == "LOADED []"


def test_xlwings_pro_is_never_used():
    users = [path for path in MODULES if "xlwings.pro" in path.read_text(encoding="utf-8")]
    assert users == []
