"""The options of inference, the same for `identify` and `predict`."""

from typing import Annotated

import typer

from wildcam.serving.tta import MAX_VIEWS, ViewSet
from wildcam.serving.two_stage import Aggregation

Views = Annotated[
    int | None,
    typer.Option(
        min=1, max=MAX_VIEWS, help="Views of each photo (test-time augmentation).  [default: the model's own]"
    ),
]
Set = Annotated[
    ViewSet | None, typer.Option("--view-set", help="Which views of each photo.  [default: the model's own]")
]
Closer = Annotated[
    bool,
    typer.Option("--closer", help="Also classify the part with the strongest evidence, at full resolution."),
]
CloserWeight = Annotated[
    float | None,
    typer.Option(min=0, max=1, help="Weight of the closer look against the whole photo.  [default: the model's own]"),
]
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
