"""The connection to MLflow: what it answers, what it does not, and what of it is private."""

import socket
from inspect import signature

import mlflow
import pytest
from mlflow import MlflowClient
from mlflow.store.tracking.rest_store import RestStore
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from mlflow.system_metrics.metrics.cpu_monitor import CPUMonitor
from mlflow.utils.search_utils import SearchUtils

from wildcam.errors import RunError, UsageError
from wildcam.runs.states import Lane
from wildcam.runs.store import RunStore
from wildcam.runs.tracking import Tracking

SEEN_IN = "3.17"
"""The version of MLflow in which its private parts were last looked at."""


@pytest.fixture
def closed_port(monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a port of this machine on which nobody listens."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def test_a_server_that_does_not_answer_is_named_in_one_sentence(settings, closed_port):
    unreachable = settings.model_copy(update={"tracking": closed_port})
    with pytest.raises(RunError, match=f"The tracking server {closed_port} did not answer.*WILDCAM_TRACKING"):
        RunStore(unreachable)


def test_a_server_that_goes_away_is_not_taken_for_a_run_that_is_not_there(store, create, closed_port, monkeypatch):
    run = create()
    store.enqueue(run.id)
    gone = object.__new__(Tracking)  # connected once, when the server was there
    gone.uri, gone.client, gone.experiment_id = closed_port, MlflowClient(closed_port), "1"
    monkeypatch.setattr(store, "tracking", gone)
    for ask in (
        lambda: store.get(run.id),
        store.all,
        lambda: store.queue(Lane.TRAINING),
        lambda: store.curves(run.id, ["val_loss"]),
        lambda: store.set_note(run.id, "a note"),
    ):
        with pytest.raises(RunError, match="did not answer"):
            ask()


@pytest.mark.parametrize("wrong", ["0" * 32, "no run", "../x", "", "x" * 500])
def test_what_is_no_id_is_an_unknown_run(store, create, wrong):
    store.enqueue(create("known").id)
    if wrong:  # the beginning of every id
        with pytest.raises(UsageError, match="Unknown run"):
            store.get(wrong)
    else:
        assert store.get(wrong).name == "known"


def test_what_mlflow_would_cut_is_refused(store, create):
    with pytest.raises(RunError, match="Received do of 6,001 characters: expected at most 6,000"):
        create(do="x" * 6001)
    with pytest.raises(RunError, match="expected at most 8,000"):
        store.tracking.log(create().id, tags={"wildcam.reason": "x" * 8001})


def test_the_private_parts_of_mlflow_are_those_that_were_seen(store):
    """Where this fails, look at `runs/tracking.py` and `runs/system_use.py` again, then raise `SEEN_IN`."""
    assert mlflow.__version__.startswith(f"{SEEN_IN}.")
    assert isinstance(store.tracking.client._tracking_client.store, SqlAlchemyStore)
    for kept in (SqlAlchemyStore, RestStore):
        assert {"run_id", "metric_key", "max_results", "page_token"} <= set(
            signature(kept.get_metric_history).parameters
        )
    assert list(signature(SqlAlchemyStore._hard_delete_run).parameters) == ["self", "run_id"]
    assert SearchUtils.parse_start_offset_from_page_token(SearchUtils.create_page_token(7).decode()) == 7
    assert {"collect_metrics", "aggregate_metrics", "clear_metrics"} <= set(dir(CPUMonitor))
