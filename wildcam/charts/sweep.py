"""Parallel coordinates of runs: what varies among them, and the score that each reached."""

import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import short


def parallel_coordinates(varied: pd.DataFrame, score: pd.Series, title: str) -> go.Figure:
    """A line a run through an axis for every column of `varied` (N, D), text or numbers, and one for `score` (N,).

    The colour is the score, whose axis has that title.
    """
    axes = [_axis(str(name), values) for name, values in varied.items()]
    axes.append({"label": title, "values": score.tolist()})
    line = {"color": score.tolist(), "colorscale": "Viridis", "showscale": False}
    figure = go.Figure(go.Parcoords(line=line, dimensions=axes))
    return figure.update_layout(height=360, margin={"l": 60, "r": 60, "t": 50, "b": 32})


def _axis(name: str, values: pd.Series) -> dict[str, object]:
    """Numbers where all are; otherwise each text is a tick."""
    numbers = pd.to_numeric(values, errors="coerce")
    if numbers.notna().all():
        ticks = sorted(set(numbers.tolist()))
        return {
            "label": name,
            "values": numbers.tolist(),
            "tickvals": ticks,
            "ticktext": [f"{tick:g}" for tick in ticks],
        }
    codes, texts = pd.factorize(values.fillna("–").astype(str), sort=True)
    ticktext = [short(text) for text in texts]
    return {"label": name, "values": codes.tolist(), "tickvals": list(range(len(texts))), "ticktext": ticktext}
