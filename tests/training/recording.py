"""A reporter that tests read afterwards."""

from wildcam.changed import changed
from wildcam.runs.facts import TrainFacts


class RecordingReporter:
    """Keeps every report, and requests a stop at the n-th check, `stop_at`."""

    def __init__(self, stop_at=None):
        self.phases, self.steps, self.epochs, self.finder_steps = [], [], {}, []
        self.facts = TrainFacts()
        self._checks, self._stop_at = 0, stop_at

    def phase(self, text):
        if self.phases[-1:] != [text]:
            self.phases.append(text)

    def step(self, epoch, step, steps, metrics):
        self.steps.append((epoch, step, steps, dict(metrics)))

    def epoch(self, epoch, metrics):
        self.epochs[epoch] = dict(metrics)

    def progress(self, phase, done, total):
        self.phase(phase)

    def finder_step(self, step, steps, metrics):
        self.finder_steps.append((step, steps, metrics))

    def write_facts(self, facts):
        self.facts = changed(self.facts, **facts.model_dump(exclude_unset=True))

    def stop_requested(self):
        self._checks += 1
        return self._stop_at is not None and self._checks >= self._stop_at
