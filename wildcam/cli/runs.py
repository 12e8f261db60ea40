"""`runs …`: what runs did, and what they should do."""

from typing import Annotated

import typer

from wildcam.cli.follow import follow, run_facts
from wildcam.cli.output import AsJson, print_facts, print_rows
from wildcam.cli.recipe_options import recipe_options
from wildcam.cli.train import Detach
from wildcam.errors import UsageError
from wildcam.runs import local
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings
from wildcam.training.recipe import Recipe
from wildcam.training.submit import submit

app = typer.Typer()
RunName = Annotated[str, typer.Argument(metavar="RUN", help="Id (its beginning will do) or name of a run.")]


@app.command("list")
def list_runs(as_json: AsJson = False) -> None:
    """Every run, newest first."""
    rows = [
        {
            "run": run.id if as_json else run.id[:8],
            "name": run.name,
            "kind": str(run.kind),
            "state": str(run.state),
            "preset": run.params.get("preset", ""),
            "dataset": run.params.get("dataset", ""),
            "best_epoch": run.tags.get("best_epoch", ""),
            "val_accuracy": run.metrics.get("val_accuracy"),
            "val_macro_f1": run.metrics.get("val_macro_f1"),
        }
        for run in RunStore(load_settings()).all()
    ]
    print_rows(rows, as_json=as_json, empty="No run yet: python -m wildcam train --dataset demo --preset empty_cnn")


@app.command("show")
def show(
    run: RunName,
    log: Annotated[int, typer.Option(min=0, help="Print this many last lines of the log, too.")] = 0,
    as_json: AsJson = False,
) -> None:
    """State, recipe and figures of a run."""
    found = RunStore(load_settings()).get(run)
    tail = found.log_tail(log) if log else ""
    if as_json:
        more = {"params": found.params, "facts": found.tags, "progress": found.progress.model_dump()}
        print_facts(run_facts(found) | more | ({"log": tail} if log else {}), as_json=True)
        return
    print_facts(run_facts(found), as_json=False)
    if found.kind is Kind.TRAIN:
        print(f"again: {Recipe.parse(found.params).command()}")
    if log:
        print(tail)


@app.command("stop")
def stop(run: RunName) -> None:
    """Ask a run to stop soon; what it has learned or found so far is kept."""
    store = RunStore(load_settings())
    found = store.get(run)
    store.request_stop(found.id)
    print(f"{found.name} was asked to stop.")


@app.command("resume")
def resume(run: RunName, detach: Detach = False, as_json: AsJson = False) -> None:
    """Go on with a stopped, failed or lost run from its last checkpoint."""
    store = RunStore(load_settings())
    found = local.resume(store, store.get(run).id)
    if detach:
        print_facts(run_facts(found), as_json=as_json)
    else:
        follow(store, found, as_json=as_json)


@app.command("clone")
@recipe_options
def clone(run: RunName, name: str = "", detach: Detach = False, as_json: AsJson = False, **changes: object) -> None:
    """Start a new run with the recipe of another, and changes."""
    store = RunStore(load_settings())
    found = store.get(run)
    if found.kind is not Kind.TRAIN:
        raise UsageError(f"Run {found.name} is a {found.kind}: only a training run has a recipe to start again from.")
    recipe = Recipe.parse({**found.params, **changes})
    cloned = submit(store, recipe, name)
    if detach:
        print_facts(run_facts(cloned), as_json=as_json)
    else:
        follow(store, cloned, as_json=as_json)


@app.command("delete")
def delete(
    run: RunName, yes: Annotated[bool, typer.Option("--yes", prompt="Delete this run with all its files?")] = False
) -> None:
    """Remove a run, its checkpoints and its log."""
    store = RunStore(load_settings())
    found = store.get(run)
    if yes:
        store.delete(found.id)
        print(f"{found.name} is deleted.")
