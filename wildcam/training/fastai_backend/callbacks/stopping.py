"""Ends fastai's training where a stop was asked for."""

from fastai.callback.core import Callback, CancelFitException

from wildcam.training.trainer import Reporter, StopRequested


class Stopping(Callback):
    """Asks after every batch, of training and of validation; `fit` then raises `StopRequested`."""

    order = 90  # after the batch was reported, and after the rate finder has put the weights back

    def __init__(self, reporter: Reporter) -> None:
        super().__init__()
        self._reporter = reporter
        self._requested = False

    def after_batch(self) -> None:
        """Ask."""
        if self._reporter.stop_requested():
            self._requested = True
            raise CancelFitException

    def after_fit(self) -> None:
        """Tell the caller of `fit`."""
        if self._requested:
            raise StopRequested("asked for after a batch")  # fastai's loop reads the message
