"""Tells another program that a run ended: a POST of JSON to the address of `WILDCAM_NOTIFY_URL`."""

import json
import urllib.request
from http.client import HTTPException

from wildcam.runs.run import Run
from wildcam.runs.score import score_of
from wildcam.settings import Settings

TIMEOUT_SECONDS = 10.0
_LONGEST_REASON = 200  # characters of an error


def notify_of_end(settings: Settings, run: Run) -> None:
    """Post how the run ended, where an address is set. A failure is one sentence in the log and harms nothing."""
    if not settings.notify_url:
        return
    try:
        request = urllib.request.Request(
            settings.notify_url, json.dumps(_message(run)).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):
            pass
    except (OSError, HTTPException, ValueError) as error:  # no answer, a refusal, no answer of HTTP, no address
        reason = str(error)[:_LONGEST_REASON]
        print(f"The notice of the run's end was not delivered ({reason}): check WILDCAM_NOTIFY_URL.", flush=True)


def _message(run: Run) -> dict[str, object]:
    score = score_of(run)
    return {
        "run": run.id,
        "name": run.name,
        "kind": str(run.kind),
        "state": str(run.state),
        "reason": run.reason,
        "dataset": run.params.get("dataset", ""),
        "score": None
        if score is None
        else {
            "subset": str(score.subset),
            "accuracy": score.scores.accuracy,
            "baseline": score.scores.majority_class_accuracy,
        },
    }
