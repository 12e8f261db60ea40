"""`models …`: bundles that can be served."""

from typing import Annotated

import typer

from wildcam.cli.output import AsJson, print_facts, print_rows
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import list_bundles, open_bundle, promote, verify
from wildcam.serving.classifier import Classifier
from wildcam.settings import load_settings

app = typer.Typer()


@app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """Every model with what it tells apart and how well."""
    rows = [
        {
            "model": bundle.name,
            "task": str(bundle.card.task),
            "classes": len(bundle.card.classes),
            "preset": bundle.card.preset,
            "dataset": bundle.card.dataset,
            "scores": "; ".join(
                f"{s.subset} {s.metric} {s.value:.3f}" for s in bundle.card.scores if s.metric == "macro_f1"
            ),
        }
        for bundle in list_bundles(load_settings().models)
    ]
    print_rows(rows, as_json=as_json, empty="No model yet: python -m wildcam models promote RUN --name NAME")


@app.command("promote")
def promote_run(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run that finished an epoch.")],
    name: Annotated[str, typer.Option(help="What to call the model.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace a model of that name.")] = False,
    as_json: AsJson = False,
) -> None:
    """Copy the exported model of a run to the models that can be served."""
    settings = load_settings()
    bundle = promote(RunStore(settings).get(run).bundle_dir, settings.models, name, replace=replace)
    print_facts({"model": bundle.name, "folder": str(bundle.folder), "sha256": bundle.card.sha256}, as_json=as_json)


@app.command("verify")
def verify_model(
    name: Annotated[str, typer.Argument(metavar="MODEL", help="The model's name.")], as_json: AsJson = False
) -> None:
    """Check that the graph is the one on the card, and that it loads."""
    bundle = open_bundle(load_settings().models, name)
    verify(bundle)
    Classifier(bundle)
    print_facts({"model": name, "task": str(bundle.card.task), "decodable": True}, as_json=as_json)
