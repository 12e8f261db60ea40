"""How busy the machine is while a run computes: MLflow's own monitors, logged as points of the run."""

import logging

from mlflow.system_metrics.metrics.base_metrics_monitor import BaseMetricsMonitor
from mlflow.system_metrics.metrics.cpu_monitor import CPUMonitor
from mlflow.system_metrics.metrics.gpu_monitor import GPUMonitor

from wildcam.runs.facts import facts_type
from wildcam.runs.metric_names import SYSTEM_METRICS, SYSTEM_PREFIX
from wildcam.runs.run import Run
from wildcam.runs.store import RunStore

NO_GPU = "No NVIDIA GPU was found: the processor and the memory are measured alone."


class SystemUse:
    """Measures the whole machine. MLflow's monitors only: its thread gives up for good at the first refusal of a store.

    The run's fact `system_use` says what cannot be had.
    """

    def __init__(self, store: RunStore, run: Run) -> None:
        logging.getLogger("mlflow.system_metrics").setLevel(logging.ERROR)  # it would warn at each sample
        self._store = store
        self._run = run
        self._monitors: list[BaseMetricsMonitor] = [CPUMonitor()]
        self._step: int | None = None
        self._monitors[0].collect_metrics()  # psutil measures from one call to the next: the first would say 0 %
        self._monitors[0].clear_metrics()

    def measure(self) -> tuple[int, dict[str, float]]:
        """The number of the sample, going on from those of earlier workers, and the figures."""
        if self._step is None:
            self._step = self._store.last_step(self._run.id, SYSTEM_METRICS[0])
            self._find_gpus()
        self._step += 1
        figures: dict[str, float] = {}
        for monitor in self._monitors:
            monitor.collect_metrics()
            figures |= {f"{SYSTEM_PREFIX}{name}": value for name, value in monitor.aggregate_metrics().items()}
            monitor.clear_metrics()
        return self._step, figures

    def _find_gpus(self) -> None:
        try:
            self._monitors.append(GPUMonitor())
        except Exception:  # MLflow raises one kind for no library, another for no GPU
            self._store.write_facts(self._run.id, facts_type(self._run.kind)(system_use=NO_GPU))
