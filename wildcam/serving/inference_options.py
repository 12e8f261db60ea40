"""How an image is classified."""

from dataclasses import dataclass

from wildcam.serving.card import ModelCard
from wildcam.serving.tta import View, ViewSet, make_views
from wildcam.serving.two_stage import Aggregation, Thresholds


@dataclass(frozen=True)
class InferenceOptions:
    """None stands for what is on the models' cards."""

    views: int | None = None
    aggregation: Aggregation = Aggregation.VOTE
    thresholds: Thresholds | None = None
    quick: bool = False  # two views first, the others only where a stage's two disagree
    view_set: ViewSet | None = None
    closer_weight: float = 0.0  # of a closer look; 0: none is taken

    def views_of(self, *cards: ModelCard) -> tuple[View, ...]:
        """The views that all stages get, within the training transforms of the last card."""
        views, view_set = preferred_views(*cards)
        return make_views(self.views or views, cards[-1].augmentation, self.view_set or view_set)


def preferred_views(*cards: ModelCard) -> tuple[int, ViewSet]:
    """Number and set of views that validation prefers; of several models those of the one that wants most."""
    card = max(reversed(cards), key=lambda card: card.views)
    return card.views, card.view_set
