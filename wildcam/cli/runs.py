"""`runs …`: what runs did, and what they should do."""

from typing import Annotated

import typer

from wildcam.cli.follow import describe_tags, follow, run_facts
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
        more: dict[str, object] = {"params": found.params, "facts": found.tags, "progress": found.progress.model_dump()}
        more |= {"note": found.note, "tags": found.user_tags}
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


@app.command("queue")
def queue(as_json: AsJson = False) -> None:
    """Runs that wait for a slot, the next one first."""
    rows = [
        {
            "position": position,
            "run": run.id if as_json else run.id[:8],
            "name": run.name,
            "kind": str(run.kind),
            "dataset": run.params.get("dataset", ""),
            "submitted": run.submitted_at.isoformat(timespec="seconds"),
        }
        for position, run in enumerate(RunStore(load_settings()).queue(), start=1)
    ]
    print_rows(rows, as_json=as_json, empty="No run waits.")


@app.command("move")
def move(run: RunName, position: Annotated[int, typer.Argument(min=1, help="1 is the next to compute.")]) -> None:
    """Give a waiting run another position in the queue."""
    store = RunStore(load_settings())
    found = store.get(run)
    store.move(found.id, position)
    print(f"The queue now: {', '.join(waiting.name for waiting in store.queue())}.")


@app.command("cancel")
def cancel(run: RunName) -> None:
    """Take a waiting run out of the queue, at once."""
    store = RunStore(load_settings())
    found = store.get(run)
    store.cancel(found.id)
    print(f"{found.name} is out of the queue.")


@app.command("rename")
def rename(run: RunName, name: str) -> None:
    """Give a run another name."""
    store = RunStore(load_settings())
    found = store.get(run)
    store.rename(found.id, name)
    print(f"{found.name} is now {name.strip()}.")


@app.command("note")
def note(run: RunName, text: Annotated[str, typer.Argument(help="An empty one removes the note.")]) -> None:
    """Keep a text with a run."""
    store = RunStore(load_settings())
    found = store.get(run)
    store.set_note(found.id, text)
    print(f"{found.name} has {'that' if text else 'no'} note now.")


@app.command("tag")
def tag(
    run: RunName,
    name: str,
    value: Annotated[str, typer.Argument()] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take the tag off.")] = False,
) -> None:
    """Label a run with a tag, and a value where one is wanted."""
    store = RunStore(load_settings())
    found = store.get(run)
    if remove:
        store.remove_user_tag(found.id, name)
    else:
        store.set_user_tag(found.id, name, value)
    tags = store.get(found.id).user_tags
    print(f"Tags of {found.name}: {', '.join(describe_tags(tags)) or 'none'}.")


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
