"""An evaluation as a model card (Mitchell et al. 2019, arXiv:1810.03993)."""

from collections.abc import Sequence
from datetime import UTC, datetime

from wildcam.evaluation.summary import Summary
from wildcam.reports.templates import render
from wildcam.serving.card import ModelCard


def model_card(summary: Summary, cards: Sequence[ModelCard]) -> str:
    """Markdown: what the models are, their training data, the evaluation, the figures, and uses out of scope."""
    return render("model_card.md.jinja", summary=summary, cards=cards, made=datetime.now(UTC))
