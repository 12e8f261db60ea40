"""`runs …`: list, show and manage runs."""

from typing import Annotated

import typer

from wildcam.accounts.acting import actor_name
from wildcam.cli.follow import describe_tags, follow, print_run, run_facts
from wildcam.cli.output import AsJson, print_facts, print_line, print_rows
from wildcam.cli.recipe_options import recipe_options
from wildcam.cli.train import Detach
from wildcam.errors import UsageError
from wildcam.runs import local
from wildcam.runs.facts import TrainFacts
from wildcam.runs.run_filter import RunFilter
from wildcam.runs.score import score_of
from wildcam.runs.states import Kind, Lane
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings
from wildcam.training.recipe import Recipe
from wildcam.training.submit import submit

app = typer.Typer(help="List, watch, stop, resume, clone and delete runs.")
RunName = Annotated[str, typer.Argument(metavar="RUN", help="Id, the beginning of an id, or name of a run.")]


@app.command("list")
def list_runs(
    mine: Annotated[bool, typer.Option("--mine", help="Only runs that you started.")] = False,
    by: Annotated[str, typer.Option(metavar="NAME", help="Only runs that this user started.")] = "",
    as_json: AsJson = False,
) -> None:
    """Every run, newest first."""
    if mine and by:
        raise UsageError("Received --mine and --by: expected one of them.")
    wanted = RunFilter(made_by=actor_name() if mine else by)
    rows = [
        {
            "run": run.id if as_json else run.id[:8],
            "name": run.name,
            "kind": str(run.kind),
            "state": str(run.state),
            "preset": run.params.get("preset", ""),
            "dataset": run.params.get("dataset", ""),
            "best_epoch": run.facts.best_epoch if isinstance(run.facts, TrainFacts) else None,
            "accuracy": score.scores.accuracy if score else None,
            "macro_f1": score.scores.macro_f1 if score else None,
            "scored_on": str(score.subset) if score else "",
            "made_by": run.made_by,
        }
        for run in wanted.apply(RunStore(load_settings()).all())
        for score in (score_of(run),)
    ]
    nobody = f"No runs of {wanted.made_by}." if wanted.made_by else ""
    print_rows(
        rows, as_json=as_json, empty=nobody or "No runs yet: python -m wildcam train --dataset demo --preset empty_cnn"
    )


@app.command("show")
def show(
    run: RunName,
    log: Annotated[int, typer.Option(min=0, help="Also print this many last lines of the log.")] = 0,
    as_json: AsJson = False,
) -> None:
    """State, recipe and scores of a run."""
    found = RunStore(load_settings()).get(run)
    tail = found.log_tail(log) if log else ""
    if as_json:
        more: dict[str, object] = {
            "params": found.params,
            "facts": found.facts.model_dump(mode="json", exclude_unset=True),
            "progress": found.progress.model_dump(),
        }
        more |= {"note": found.note, "tags": found.user_tags}
        print_facts(run_facts(found) | more | ({"log": tail} if log else {}), as_json=True)
        return
    print_run(found, as_json=False)
    if found.kind is Kind.TRAIN:
        print_line(f"command: {Recipe.parse(found.params).command()}")
    if log:
        print_line(tail)


@app.command("stop")
def stop(run: RunName) -> None:
    """Stop a run; its results so far are kept."""
    store = RunStore(load_settings())
    found = store.get(run)
    store.request_stop(found.id)
    print_line(f"{found.name} is stopping.")


@app.command("queue")
def queue(as_json: AsJson = False) -> None:
    """Queued runs, the next one first. Trainings, and batches with file checks, wait in queues of their own."""
    store = RunStore(load_settings())
    rows = [
        {
            "queue": str(lane),
            "position": position,
            "run": run.id if as_json else run.id[:8],
            "name": run.name,
            "kind": str(run.kind),
            "dataset": run.params.get("dataset", ""),
            "submitted": run.submitted_at.isoformat(timespec="seconds"),
        }
        for lane in Lane
        for position, run in enumerate(store.queue(lane), start=1)
    ]
    print_rows(rows, as_json=as_json, empty="The queue is empty.")


@app.command("move")
def move(run: RunName, position: Annotated[int, typer.Argument(min=1, help="1 is the next to run.")]) -> None:
    """Move a queued run to another position."""
    store = RunStore(load_settings())
    found = store.get(run)
    store.move(found.id, position)
    print_line(f"Queue: {', '.join(waiting.name for waiting in store.queue(found.kind.lane))}.")


@app.command("cancel")
def cancel(run: RunName) -> None:
    """Remove a run from the queue."""
    store = RunStore(load_settings())
    found = store.get(run)
    store.cancel(found.id)
    print_line(f"{found.name} is cancelled.")


@app.command("rename")
def rename(run: RunName, name: Annotated[str, typer.Argument(help="The new name.")]) -> None:
    """Rename a run."""
    store = RunStore(load_settings())
    found = store.get(run)
    store.rename(found.id, name)
    print_line(f"{found.name} is now {name.strip()}.")


@app.command("note")
def note(run: RunName, text: Annotated[str, typer.Argument(help="An empty text removes the note.")]) -> None:
    """Set the note of a run."""
    store = RunStore(load_settings())
    found = store.get(run)
    store.set_note(found.id, text)
    print_line(f"{found.name}: note {'saved' if text else 'removed'}.")


@app.command("tag")
def tag(
    run: RunName,
    name: Annotated[str, typer.Argument(help="Name of the tag, such as a site.")],
    value: Annotated[str, typer.Argument(help="Value of the tag.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Remove the tag.")] = False,
) -> None:
    """Add a tag to a run, with an optional value, or remove one."""
    store = RunStore(load_settings())
    found = store.get(run)
    if remove:
        store.remove_user_tag(found.id, name)
    else:
        store.set_user_tag(found.id, name, value)
    tags = store.get(found.id).user_tags
    print_line(f"Tags of {found.name}: {', '.join(describe_tags(tags)) or 'none'}.")


@app.command("resume")
def resume(run: RunName, detach: Detach = False, as_json: AsJson = False) -> None:
    """Resume a stopped, failed or lost run from its last checkpoint."""
    store = RunStore(load_settings())
    found = local.resume(store, store.get(run).id)
    if detach:
        print_run(found, as_json=as_json)
    else:
        follow(store, found, as_json=as_json)


@app.command("clone")
@recipe_options
def clone(
    run: RunName,
    name: Annotated[str, typer.Option(help="Name of the new run.")] = "",
    detach: Detach = False,
    as_json: AsJson = False,
    **changes: object,
) -> None:
    """Start a new training run with the recipe of another, and changes."""
    store = RunStore(load_settings())
    found = store.get(run)
    if found.kind is not Kind.TRAIN:
        raise UsageError(f"Run {found.name} is a {found.kind.display} run: only a training run can be cloned.")
    recipe = Recipe.parse({**found.params, **changes})
    cloned = submit(store, recipe, name)
    if detach:
        print_run(cloned, as_json=as_json)
    else:
        follow(store, cloned, as_json=as_json)


@app.command("delete")
def delete(
    run: RunName,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask first.", prompt="Delete this run and its files?")
    ] = False,
) -> None:
    """Delete a run, its checkpoints, its log and its exported model."""
    store = RunStore(load_settings())
    found = store.get(run)
    if yes:
        store.delete(found.id)
        print_line(f"{found.name} is deleted.")
