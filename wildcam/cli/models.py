"""`models …`: the models that serve."""

from typing import Annotated

import typer

from wildcam.cli.output import AsJson, print_facts, print_json, print_line, print_note, print_rows
from wildcam.counting import counted
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import (
    choose_pair,
    damaged_models,
    list_bundles,
    missing_default,
    open_bundle,
    promote,
    set_default,
    verify,
)
from wildcam.serving.classifier import Classifier
from wildcam.serving.knowledge import Knowledge, table_of
from wildcam.serving.manage_models import delete_model, rename_model
from wildcam.settings import load_settings

app = typer.Typer(help="List, promote and verify models.")


@app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """Every model with its task, classes and macro-F1."""
    rows = [
        {
            "model": bundle.name,
            "task": str(bundle.card.task),
            "classes": len(bundle.card.classes),
            "preset": bundle.card.preset,
            "dataset": bundle.card.dataset,
            "learned_from": _learned_from(bundle.card.knowledge),
            "scores": "; ".join(
                f"{s.subset} {s.metric} {s.value:.3f}" for s in bundle.card.scores if s.metric == "macro_f1"
            ),
        }
        for bundle in list_bundles(load_settings().model_dirs)
    ]
    for sentence in damaged_models(load_settings().model_dirs).values():
        print_note(sentence)
    print_rows(
        rows, as_json=as_json, empty="No model yet. Promote one: python -m wildcam models promote RUN --name NAME"
    )


@app.command("show")
def show_model(
    name: Annotated[str, typer.Argument(metavar="MODEL", help="The model's name.")], as_json: AsJson = False
) -> None:
    """What a model knows: sources with licences, and scores where it never was."""
    card = open_bundle(load_settings().model_dirs, name).card
    if as_json:
        print_json(card.model_dump(mode="json", exclude={"empty_curve", "species_curve"}))
        return
    print_facts(
        {
            "model": name,
            "task": str(card.task),
            "classes": ", ".join(card.classes),
            "backbone": f"{card.backbone.architecture}, {card.backbone.source}" if card.backbone else "",
            "learned_from": _learned_from(card.knowledge),
            "empty_threshold": card.empty_threshold,
            "unknown_threshold": card.unknown_threshold,
        },
        as_json=False,
    )
    if card.knowledge is not None:
        print_rows(
            [use.model_dump() for use in card.knowledge.sources], as_json=False, empty="The sources were not given."
        )
        print_rows(table_of(card.knowledge.left_out), as_json=False, empty="No scores with whole locations left out.")


@app.command("promote")
def promote_run(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A training run with at least one epoch.")],
    name: Annotated[str, typer.Option(help="Name of the model.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace a model of that name.")] = False,
    as_json: AsJson = False,
) -> None:
    """Promote a run's model, so that Identify and batches can use it."""
    settings = load_settings()
    bundle = promote(RunStore(settings).get(run).bundle_dir, settings.model_dirs, name, replace=replace)
    print_facts({"model": bundle.name, "folder": str(bundle.folder), "sha256": bundle.card.sha256}, as_json=as_json)


@app.command("default")
def default(
    name: Annotated[str, typer.Argument(metavar="[MODEL]", help="Make it the default of its stage.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show the models that identify photos unless others are named, or choose one."""
    model_dirs = load_settings().model_dirs
    if name:
        set_default(model_dirs, name)
    print_note(missing_default(model_dirs))
    first, second = choose_pair(model_dirs)
    print_facts({"stage 1": first.name, "stage 2": second.name}, as_json=as_json)


@app.command("rename")
def rename(
    name: Annotated[str, typer.Argument(metavar="MODEL", help="The model's name.")],
    new_name: Annotated[str, typer.Argument(metavar="NEW_NAME", help="The new name.")],
) -> None:
    """Rename a model of your own; a default stays the default."""
    rename_model(load_settings().model_dirs, name, new_name)
    print_line(f"Model {name} is now {new_name}.")


@app.command("delete")
def delete(
    name: Annotated[str, typer.Argument(metavar="MODEL", help="The model's name.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.", prompt="Delete this model?")] = False,
) -> None:
    """Delete a model of your own. Its run and the results of batches stay."""
    if yes:
        delete_model(load_settings().model_dirs, name)
        print_line(f"Model {name} is deleted.")


@app.command("verify")
def verify_model(
    name: Annotated[str, typer.Argument(metavar="MODEL", help="The model's name.")], as_json: AsJson = False
) -> None:
    """Check that a model's graph matches its card, and that it loads."""
    bundle = open_bundle(load_settings().model_dirs, name)
    verify(bundle)
    Classifier(bundle)
    print_facts({"model": name, "task": str(bundle.card.task), "verified": True}, as_json=as_json)


def _learned_from(knowledge: Knowledge | None) -> str:
    """In a few words; empty for a model whose card does not say."""
    if knowledge is None:
        return ""
    return f"{counted(knowledge.images, 'photo')}, {counted(knowledge.locations, 'location')}"
