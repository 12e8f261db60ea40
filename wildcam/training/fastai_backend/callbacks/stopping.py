"""Ends fastai's training where a stop is requested."""

from fastai.callback.core import Callback, CancelFitException

from wildcam.training.trainer import Reporter, StopRequested


class Stopping(Callback):
    """Checks after every batch, of training and of validation; `fit` then raises `StopRequested`."""

    order = 90  # after the batch was reported, and after the learning-rate finder has restored the weights

    def __init__(self, reporter: Reporter) -> None:
        super().__init__()
        self._reporter = reporter
        self._requested = False

    def after_batch(self) -> None:
        """Check."""
        if self._reporter.stop_requested():
            self._requested = True
            raise CancelFitException

    def after_fit(self) -> None:
        """Let `fit` raise."""
        if self._requested:
            raise StopRequested("requested after a batch")  # fastai's loop reads the message
