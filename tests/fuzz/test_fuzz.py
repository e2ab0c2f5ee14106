"""Everything that was ever found by feeding odd bytes stays found; the long search runs where it is asked for."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from fuzz import targets
from sweeps import long

# How many inputs a search tries: half a minute each. With one seed the same search again: a change is judged by what it
# broke; for a wider one run targets.py without bounds.
RUNS = {
    "numbers": 40_000,
    "dates": 20_000,
    "text": 30_000,
    "zips": 6_000,
    "header_map": 2_500,
    "package": 3_000,
}
SECONDS = 120  # and no longer on a slow machine
HERE = Path(__file__).parent
KEPT = sorted(path for path in targets.CORPUS.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_found_once_is_refused_or_read(path):
    # Passing means that nothing but a refusal was raised; what is read of these bytes nobody knows better.
    targets.run(path.parent.name, path.read_bytes())


def test_every_target_has_something_to_begin_with():
    assert {path.parent.name for path in KEPT} == set(targets.TARGETS)


@long
@pytest.mark.skipif(
    not find_spec("atheris"), reason="atheris is not installed: there is none for this Python or system"
)
@pytest.mark.parametrize("name", targets.TARGETS)
def test_a_guided_search_finds_nothing_but_refusals(name, tmp_path):
    new = tmp_path / "new"
    new.mkdir()
    done = subprocess.run(
        [
            sys.executable, HERE / "targets.py", name, f"-max_total_time={SECONDS}",
            f"-runs={RUNS[name]}", "-seed=1", "-timeout=30",
            "-rss_limit_mb=2048", f"-artifact_prefix={tmp_path}/", new, targets.CORPUS / name,
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
