"""Reports steps and epochs."""

from fastai.callback.core import Callback

from wildcam.training.trainer import Reporter


class Reporting(Callback):
    """Reports means over the epoch so far, under WildCam's names; `of_epoch` are the last one's.

    Follows `Epochs`, `Validation` and `CleanTrainLoss`.
    """

    order, run_valid = 82, False

    def __init__(self, reporter: Reporter) -> None:
        super().__init__()
        self._reporter = reporter

    def before_train(self) -> None:
        """Reset the epoch's means."""
        self._images, self._loss, self._hits = 0, 0.0, 0
        self._reporter.phase("training")

    def after_batch(self) -> None:
        """Report a training step."""
        (targets,) = self.yb
        self._images += len(targets)
        self._loss += self.loss.item() * len(targets)
        if targets.ndim == 2:  # blended images: the class with the larger share
            targets = targets.argmax(dim=1)
        self._hits += int((self.pred.argmax(dim=1) == targets).sum())
        loss, accuracy = self._means()
        metrics = {"step_loss": loss, "step_accuracy": accuracy, "learning_rate": self._learning_rate()}
        self._reporter.step(self.epochs.number, self.iter + 1, self.n_iter, metrics)

    def after_validate(self) -> None:
        """Report the epoch."""
        loss, accuracy = self._means()
        clean = self.clean_train_loss.scores
        self.of_epoch = {
            "train_loss": loss,
            "train_accuracy": accuracy,
            **self.validation.scores.model_dump(),
            **(clean.model_dump() if clean else {}),
            "learning_rate": self._learning_rate(),
        }
        self._reporter.epoch(self.epochs.number, self.of_epoch)

    def _means(self) -> tuple[float, float]:
        return self._loss / self._images, self._hits / self._images

    def _learning_rate(self) -> float:
        return float(self.opt.hypers[-1]["lr"])  # the head's
