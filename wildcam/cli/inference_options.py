"""The options of inference, the same for `identify` and `predict`."""

from typing import Annotated

import typer

from wildcam.serving.tta import MAX_VIEWS
from wildcam.serving.two_stage import Aggregation

Views = Annotated[int, typer.Option(min=1, max=MAX_VIEWS, help="Views of each photo (test-time augmentation).")]
Quick = Annotated[bool, typer.Option("--quick", help="Two views first, the others only where these disagree.")]
ViewAggregation = Annotated[Aggregation, typer.Option("--aggregation", help="How the views become one answer.")]
EmptyThreshold = Annotated[
    float | None,
    typer.Option(min=0, max=1, help="A view votes empty at this probability or above.  [default: the model's own]"),
]
UnknownThreshold = Annotated[
    float | None,
    typer.Option(
        min=0, max=1, help="A species is named at this mean probability or above.  [default: the model's own]"
    ),
]
