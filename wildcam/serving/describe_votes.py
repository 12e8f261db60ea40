"""The votes behind a verdict, in sentences."""

from wildcam.counting import counted
from wildcam.serving.two_stage import Verdict, VerdictSource

_TIE = " Tie: the higher mean probability decides."


def describe_votes(verdict: Verdict) -> list[str]:
    """A sentence for each stage: how its views voted, and whether a tie was broken; and one for a closer look.

    None for a failure.
    """
    if verdict.source is VerdictSource.FAILURE:
        return []
    count = len(verdict.views)
    for_empty = sum(vote.votes_empty for vote in verdict.views)
    empty = verdict.source is VerdictSource.STAGE_1
    votes = counted(count, "vote")
    agreeing, answer = (for_empty, "empty") if empty else (count - for_empty, "animal")
    stage_1 = f"Stage 1: {agreeing} of {votes} for {answer}."
    if VerdictSource.STAGE_1 in verdict.ties:
        stage_1 += _TIE
    if empty:
        return [stage_1, "Stage 2 did not run: the photo is empty."]
    if verdict.source is VerdictSource.STAGE_2:
        stage_2 = f"Stage 2: {verdict.agreement} of {votes} for {verdict.label}."
    else:
        stage_2 = (
            f"Stage 2: {verdict.agreement} of {votes} for {verdict.top[0].label}, "
            f"but its mean probability of {verdict.confidence:.0%} is below the threshold."
        )
    if VerdictSource.STAGE_2 in verdict.ties:
        stage_2 += _TIE
    if verdict.closer is None:
        return [stage_1, stage_2]
    closer = verdict.closer
    return [
        stage_1,
        stage_2,
        f"Closer look: {closer.species} {closer.p_species:.0%}. It has {closer.weight:.0%} of the weight, "
        "the mean of the views the rest.",
    ]
