"""What the server counts for Prometheus, and what it finds out when it is asked."""

import shutil
from collections import Counter as Count
from collections.abc import Iterable

from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from wildcam.errors import WildcamError
from wildcam.runs.facts import PredictFacts
from wildcam.runs.run_list import RunList
from wildcam.runs.states import Kind, Lane, State
from wildcam.runs.store import RunStore
from wildcam.settings import Settings

SESSIONS = Gauge("wildcam_sessions", "Pages that are open: WebSockets of browsers")
REQUEST_SECONDS = Histogram(
    "wildcam_request_seconds", "HTTP requests by method and status, and how long they took", ["method", "status"]
)
UPLOADED_BYTES = Counter("wildcam_uploaded_bytes", "Bytes that browsers sent")
PHOTOS_IDENTIFIED = Counter("wildcam_photos_identified", "Photos answered on the page Identify")
FAILED_LOGINS = Counter("wildcam_failed_logins", "Log-ins that were refused")


class HomeCollector(Collector):
    """Runs, queues, photos of batches and free disk, read from the home at each scrape."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runs: RunList | None = None  # opened at the first scrape

    def describe(self) -> Iterable[Metric]:
        """Nothing: names are looked up without reading the home."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The families; none where the home or the run store cannot be read, as `/healthz` then says."""
        try:
            self._runs = self._runs or RunList(RunStore(self._settings))
            runs = self._runs.read()
            free = shutil.disk_usage(self._settings.home).free
        except (WildcamError, OSError):
            return
        yield GaugeMetricFamily("wildcam_free_disk_bytes", "What is free where the home lies", free)
        by_state = GaugeMetricFamily("wildcam_runs", "Runs by kind and state", labels=["kind", "state"])
        for (kind, state), number in Count((run.kind, run.state) for run in runs).items():
            by_state.add_metric([kind, state], number)
        yield by_state
        queues = GaugeMetricFamily("wildcam_queue_length", "Runs that wait for a slot", labels=["lane"])
        waiting = Count(run.kind.lane for run in runs if run.state is State.QUEUED)
        for lane in Lane:
            queues.add_metric([lane], waiting[lane])
        yield queues
        batches = [run.facts for run in runs if run.kind is Kind.PREDICT and isinstance(run.facts, PredictFacts)]
        photos = sum(facts.images or 0 for facts in batches)
        yield GaugeMetricFamily("wildcam_batch_photos", "Photos of all batches that are kept", photos)
