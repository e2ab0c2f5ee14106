"""The shape of the source tree: imports run one way, modules stay small, the command line starts at once."""

import ast
import graphlib
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import opsbook

ROOT = Path(opsbook.__file__).parent
# The data flow. A room may import rooms before it, itself, and the common rooms; doors may import all.
FLOW = [
    "schemas",
    "params",
    "functions",
    "intake",
    "archive",
    "metrics",
    "review",
    "plan",
    "sheets",
    "book",
    "backends",
    "share",
    "embed",
    "integrations",
    "deploy",
]
COMMON = {"domain", "support", "periods"}
DOORS = {"api", "cli", "commands", "demo", "fleet", "help", "__main__", "__init__"}
OLD_NAMES = {"hosts", "live"}  # what workbooks of version 0.1 call; nothing else may
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
    if mine in DOORS | OLD_NAMES:
        assert mine in OLD_NAMES or OLD_NAMES.isdisjoint(imported(path))
        return
    allowed = set(COMMON) if mine in COMMON else COMMON | set(FLOW[: FLOW.index(mine) + 1])
    assert set(imported(path)) - allowed == set()


def test_every_room_is_in_the_flow():
    rooms = {entry.name for entry in ROOT.iterdir() if (entry / "__init__.py").exists()}
    assert rooms == set(FLOW) | COMMON | {"api", "cli", "commands", "demo", "fleet", "help", "hosts"}


def dotted(path):
    """Return the name by which a module is imported."""
    parts = ("opsbook", *path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def needed(path, names):
    """Return the modules of the package that a module imports at its top, those for types only included."""
    found, later = set(), [ast.parse(path.read_text(encoding="utf-8"))]
    while later:
        node = later.pop()
        if isinstance(node, ast.ImportFrom):
            found |= {name if name in names else node.module for name in each_name(node)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            later += ast.iter_child_nodes(node)
    return (found & names) - {dotted(path)}


def each_name(node):
    return [f"{node.module}.{alias.name}" for alias in node.names]


def circle_in(graph):
    """Return the nodes of a circle, an empty list where there is none."""
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return error.args[1]
    return []


def test_no_modules_import_each_other_in_a_circle():
    names = {dotted(path) for path in MODULES}
    graph = {dotted(path): needed(path, names) for path in MODULES}
    assert circle_in(graph) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_can_be_read_at_one_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("arguments", [["--help"], ["refresh", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments):
    code = (
        "import sys\nfrom opsbook.cli.app import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip().splitlines()[-1] == "LOADED []"


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("opsbook.live", "opsbook.commands.excel_buttons", ["refresh", "check", "freeze", "doctor"]),
        ("opsbook.hosts.udfs.zh", "opsbook.integrations.xlwings_udfs.zh", ["YOY_GROWTH"]),
        ("opsbook.hosts.udfs.en", "opsbook.integrations.xlwings_udfs.en", ["YOY_GROWTH"]),
        ("opsbook.hosts.windows.server", "opsbook.deploy.windows.calculation_server", ["main"]),
        ("opsbook.hosts.calc.worker", "opsbook.integrations.libreoffice.calc_worker", ["answer", "main"]),
    ],
)
def test_what_workbooks_of_0_1_call_is_still_there(old, new, names):
    for name in names:
        assert getattr(import_module(old), name) is getattr(import_module(new), name)
    if "udfs" in old:  # xlwings looks for edits of a module that names its file before each call
        assert not import_module(old).__file__


def test_xlwings_pro_is_never_used():
    users = [path for path in MODULES if "xlwings.pro" in path.read_text(encoding="utf-8")]
    assert users == []


def test_only_files_of_the_user_are_read_as_toml_beside_the_declarations():
    users = {
        str(path.relative_to(ROOT))
        for path in MODULES
        if "import tomllib" in path.read_text(encoding="utf-8")
    }
    assert users == {"domain/declarations.py", "fleet/store_list.py", "intake/header_map.py"}
