"""Photos of each location over time; gaps are white."""

import numpy as np
import plotly.graph_objects as go

from wildcam.charts.heat_map import log_counts, powers_of_ten
from wildcam.charts.style import ROW_HEIGHT, lay_out, name_rows, plain
from wildcam.profile import Period, Timeline

_STARTS = {Period.DAY: "%-d %b %Y", Period.WEEK: "week of %-d %b %Y", Period.MONTH: "%B %Y"}


def images_over_time(line: Timeline) -> go.Figure:
    """Images of locations (rows) in periods (columns) as a map, a darker cell for ten times as many."""
    counts = line.images
    values = counts.to_numpy()
    locations = np.array([plain(name) for name in counts.index], dtype=object)
    when = np.array([start.strftime(_STARTS[line.period]) for start in counts.columns], dtype=object)
    customdata = np.dstack(np.broadcast_arrays(locations[:, None], when[None, :], values))
    figure = go.Figure(
        go.Heatmap(
            z=log_counts(values),
            x=counts.columns,
            y=list(range(len(counts))),
            ygap=1,
            hoverongaps=False,
            **powers_of_ten(values),
            customdata=customdata,
            hovertemplate="<b>location %{customdata[0]}</b><br>%{customdata[1]}: %{customdata[2]:,}<extra></extra>",
        )
    )
    lay_out(figure, x="", y="Location", height=150 + ROW_HEIGHT * len(counts))
    return name_rows(figure, counts.index.tolist())
