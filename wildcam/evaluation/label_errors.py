"""Labels that a person should look at again, by confident learning (Northcutt, Jiang and Chuang 2021, arXiv:1911.00068).

A class is believed of a photograph where it is as likely as it is on average for the photographs that carry its label. Where
the likeliest class that is believed is not the label, the label is suspected. They are ranked by the margin between the two.
"""

import pandas as pd

SUSPECT_COLUMNS = ("image_id", "path", "location", "truth", "rather", "p_truth", "p_rather")


def suspected_labels(judged: pd.DataFrame, likely: pd.Series) -> pd.DataFrame:
    """`SUSPECT_COLUMNS`, the most suspected first. `likely`: `likelihood.likelihoods` of the same rows.

    Of photographs that the model did not learn from: of those that it did, it repeats the label.
    """
    p_truth = pd.Series(
        [classes.get(label, 0.0) for classes, label in zip(likely, judged["truth"], strict=True)], index=judged.index
    )
    usual = p_truth.groupby(judged["truth"]).mean().to_dict()
    rather = [
        _believed({name: p for name, p in classes.items() if name in usual}, usual, label)
        for classes, label in zip(likely, judged["truth"], strict=True)
    ]
    found = judged[["image_id", "path", "location", "truth"]].assign(
        rather=[name for name, _ in rather], p_truth=p_truth, p_rather=[p for _, p in rather]
    )
    found = found[found["rather"] != found["truth"]]
    order = (found["p_truth"] - found["p_rather"]).sort_values(kind="stable").index
    return found.loc[order, list(SUSPECT_COLUMNS)].reset_index(drop=True)


def _believed(classes: dict[str, float], usual: dict[str, float], label: str) -> tuple[str, float]:
    """The likeliest class that is believed, with its probability; the label where none is."""
    believed = {name: p for name, p in classes.items() if p >= usual[name]}
    if not believed:
        return label, classes.get(label, 0.0)
    name = max(believed, key=lambda name: (believed[name], name == label))
    return name, believed[name]
