"""The command about many stores: fleet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from opsbook.cli.command_group import Helped
from opsbook.cli.console import emit, progress_bar, say, user_language
from opsbook.cli.data_commands import DATA_ISSUES, DONE
from opsbook.domain.errors import OpsbookError
from opsbook.domain.language import Text

if TYPE_CHECKING:
    from opsbook.fleet.store_task import StoreOutcome


@click.command(cls=Helped)
@click.argument("stores", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="Stores side by side on this machine. [default: one a processor]",
)
@click.option("--scheduler", metavar="ADDRESS", help="Run on the Dask cluster of this scheduler instead.")
@click.option(
    "--summary",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a workbook that compares the stores; an earlier one of that name is replaced.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def fleet(stores: Path, jobs: int | None, scheduler: str | None, summary: Path | None, as_json: bool) -> None:
    """Refresh the workbooks of all stores listed in STORES, a TOML file, and compare them.

    Each store is one [[store]] with `book`, and `name`, `exports`, `archive` where they are not the usual ones;
    paths are relative to the file. A store that fails stops no other.

    Exit status: 0 done, 1 a store failed or has data issues that stopped a figure, 2 wrong call.
    """
    from opsbook.fleet import store_comparison, task_runner
    from opsbook.fleet.store_list import load
    from opsbook.fleet.store_task import StoreState

    if jobs and scheduler:
        raise OpsbookError(
            Text(
                "--jobs 用于本机，--scheduler 用于集群，请只用其一。",
                "--jobs is for this machine and --scheduler for a cluster: give one of them.",
            )
        )
    chosen = load(stores)
    language = user_language()
    if summary:
        store_comparison.check_place(summary, [store.book for store in chosen])
    told = task_runner.on_cluster(chosen, scheduler) if scheduler else task_runner.locally(chosen, jobs)
    found: dict[str, StoreOutcome] = {}
    with progress_bar() as report:
        for outcome in told:
            found[outcome.store.name] = outcome
            if report:
                report(len(found), len(chosen), outcome.store.name)
    outcomes = [found[store.name] for store in chosen]
    if summary:
        store_comparison.write(summary, outcomes, language)
    if as_json:
        emit(store_comparison.as_document(outcomes))
    else:
        store_comparison.show(outcomes, language)
        for outcome in outcomes:
            if outcome.error:
                say(f"{outcome.store.name}: {outcome.error[language]}")
        if summary:
            say(str(summary), error=False)
    sys.exit(
        DATA_ISSUES if {StoreState.FAILED, StoreState.ISSUES} & {each.state for each in outcomes} else DONE
    )
