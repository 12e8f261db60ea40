"""The phases of a fastai run: the head alone, then the whole network, a one-cycle each."""

from dataclasses import dataclass

from fastai.callback.schedule import Learner  # the module gives the class its `fit_one_cycle`

from wildcam.training.recipe import Recipe, Weights

LOWEST_SHARE = 1 / 100
"""Pretrained lowest layers learn at this share of the head's learning rate; random ones have nothing to keep."""


@dataclass(frozen=True)
class Phase:
    """One one-cycle, with the numbers of fastai's `fine_tune`."""

    whole_network: bool
    done: int  # epochs of the run before it
    epochs: int
    lowest_share: float

    @property
    def end(self) -> int:
        """Epochs of the run when it is over."""
        return self.done + self.epochs

    def prepare(self, learner: Learner) -> None:
        """Freeze the body, or unfreeze it; the optimizer starts afresh."""
        if self.whole_network:
            learner.unfreeze()
        else:
            learner.freeze()

    def train(self, learner: Learner, peak: float, skipped: int) -> None:
        """Go through the phase but its `skipped` first epochs.

        `peak`: the highest rate of the head in the first phase.
        """
        if self.whole_network:
            rates = slice(peak / 2 * self.lowest_share, peak / 2)
            learner.fit_one_cycle(self.epochs, rates, pct_start=0.3, div=5.0, start_epoch=skipped)
        else:
            learner.fit_one_cycle(self.epochs, slice(peak), pct_start=0.99, start_epoch=skipped)


def phases(recipe: Recipe) -> list[Phase]:
    """The head's phase, where the recipe has epochs for it, and the whole network's."""
    share = LOWEST_SHARE if recipe.weights is Weights.IMAGENET else 1.0
    head = Phase(whole_network=False, done=0, epochs=recipe.head_epochs, lowest_share=share)
    whole = Phase(whole_network=True, done=head.end, epochs=recipe.epochs, lowest_share=share)
    return [head, whole] if head.epochs else [whole]
