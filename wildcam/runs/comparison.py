"""Runs side by side: their results, the fields in which their recipes differ, whether their splits are the same."""

from collections.abc import Sequence

import pandas as pd

from wildcam.data.splits import Subset
from wildcam.runs.describe import describe_duration
from wildcam.runs.facts import TrainFacts
from wildcam.runs.run import Progress, Run
from wildcam.runs.score import score_of
from wildcam.runs.states import State

COMPARISON_COLUMNS = {
    "id": "str",
    "run": "str",
    "kind": "str",
    "state": "str",
    "preset": "str",
    "dataset": "str",
    "best_epoch": "float64",
    "accuracy": "float64",  # of the exported model on `scored_on`, 0–1
    "baseline": "float64",  # accuracy of the majority class there
    "margin": "float64",  # accuracy minus baseline
    "macro_f1": "float64",
    "scored_on": "str",  # title of the subset; empty before the model is exported
    "gap": "float64",  # accuracy at the same locations minus accuracy at new locations
    "trainable_parameters": "float64",
    "total_parameters": "float64",
    "seconds_per_epoch": "float64",
    "milliseconds_per_image": "float64",
    "megabytes": "float64",  # of the exported graph
    "progress": "float64",  # of the whole run, 0–1
    "left": "str",  # time left, in words; empty where it is not known
    "sweep": "str",  # the same for all runs of one; empty of a run alone
    "tags": "str",
    "note": "str",
    "started": "datetime64[ms, UTC]",
    "submitted": "datetime64[ms, UTC]",
}
"""Columns of a table of runs with their dtypes; NaN for what is not known."""


def comparison(runs: Sequence[Run]) -> pd.DataFrame:
    """A row a run, `COMPARISON_COLUMNS`, in the order given."""
    rows = [_row(run) for run in runs]
    return pd.DataFrame(rows, columns=list(COMPARISON_COLUMNS)).astype(COMPARISON_COLUMNS)


def differences(runs: Sequence[Run]) -> pd.DataFrame:
    """The fields of the recipes (rows) that are not the same in all runs (columns, by name)."""
    fields = list(dict.fromkeys(name for run in runs for name in run.params))
    values = {f"{run.name} ({run.id[:4]})": [run.params.get(field) for field in fields] for run in runs}
    table = pd.DataFrame(values, index=pd.Index(fields, name="field"), dtype="object")
    return table[table.nunique(axis="columns", dropna=False) > 1]


def have_the_same_split(runs: Sequence[Run]) -> bool:
    """Whether all runs have the same images in the same subsets, so that their scores may be compared."""
    return len({_train_facts(run).split_fingerprint for run in runs}) <= 1


def _row(run: Run) -> dict[str, object]:
    facts = _train_facts(run)
    at_new, at_same = facts.scores.get(Subset.VAL), facts.scores.get(Subset.ID_VAL)
    score = score_of(run)
    graph = run.bundle_dir / "model.onnx"
    progress = Progress() if run.state is State.FINISHED else run.progress
    seconds_left = progress.seconds_left if run.state is State.RUNNING else None
    return {
        "id": run.id,
        "run": run.name,
        "kind": str(run.kind),
        "state": str(run.state),
        "preset": run.params.get("preset", ""),
        "dataset": run.params.get("dataset", ""),
        "best_epoch": facts.best_epoch,
        "accuracy": score.scores.accuracy if score else None,
        "baseline": score.scores.majority_class_accuracy if score else None,
        "margin": score.scores.accuracy - score.scores.majority_class_accuracy if score else None,
        "macro_f1": score.scores.macro_f1 if score else None,
        "scored_on": score.subset.display if score else "",
        "gap": at_same.accuracy - at_new.accuracy if at_same and at_new else None,
        "trainable_parameters": facts.trainable_parameters,
        "total_parameters": facts.total_parameters,
        "seconds_per_epoch": facts.seconds_per_epoch,
        "milliseconds_per_image": facts.milliseconds_per_image,
        "megabytes": graph.stat().st_size / 1e6 if graph.exists() else None,
        "progress": 1.0 if run.state is State.FINISHED else progress.fraction,
        "left": "" if seconds_left is None else describe_duration(seconds_left),
        "sweep": run.sweep,
        "tags": ", ".join(f"{name}: {value}" if value else name for name, value in sorted(run.user_tags.items())),
        "note": run.note,
        "started": run.started_at,
        "submitted": run.submitted_at,
    }


def _train_facts(run: Run) -> TrainFacts:
    """Of a run of another kind: none."""
    return run.facts if isinstance(run.facts, TrainFacts) else TrainFacts()
