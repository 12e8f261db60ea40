"""The most likely species of one image."""

from wildcam.charts.votes import top_species


def test_the_most_probable_species_is_on_top_and_stands_out() -> None:
    figure = top_species([("fox", 0.7), ("<owl>", 0.2), ("lynx", 0.1)])
    bars = figure.data[0]
    assert list(bars.x) == [0.7, 0.2, 0.1]
    assert list(bars.text) == ["70.0%", "20.0%", "10.0%"]
    assert figure.layout.yaxis.ticktext == ("fox", "&lt;owl&gt;", "lynx")
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]
    assert bars.marker.color[0] != bars.marker.color[1] == bars.marker.color[2]


def test_no_species_gives_no_bars() -> None:
    assert not list(top_species([]).data[0].x)
