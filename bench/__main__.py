"""`make bench`: the measured comparisons, or those that are named: `python -m bench import explore`.

Of those that wear the program out one says how much: `python -m bench load=600 soak=1000 damaged=10000`.
"""

import sys
from collections.abc import Callable

from bench import (
    batch,
    damaged,
    epochs,
    explore,
    home,
    importing,
    knowledge,
    load,
    page_weight,
    pixel_store,
    presets,
    real_photos,
    review,
    similarity,
    soak,
    verdict,
    watching,
)

BENCHES = {
    "verdict": verdict.main,
    "presets": presets.main,
    "batch": batch.main,
    "import": importing.main,
    "explore": explore.main,
    "home": home.main,
    "weight": page_weight.main,
    "watching": watching.main,
    "epochs": epochs.main,
    "knowledge": knowledge.main,
    "real_photos": real_photos.main,
    "pixel_store": pixel_store.main,
    "review": review.main,
    "similarity": similarity.main,
}
WEAR: dict[str, Callable[[int], None]] = {"load": load.main, "soak": soak.main, "damaged": damaged.main}
"""Seconds that visitors stay, kills, and files."""


def main(names: list[str]) -> None:
    """Run what is named, or every comparison."""
    for name in names or BENCHES:
        what, _, amount = name.partition("=")
        print(f"\n== {name}", flush=True)
        if what in BENCHES and not amount:
            BENCHES[what]()
        elif what in WEAR and amount.isdecimal():
            WEAR[what](int(amount))
        else:
            raise SystemExit(f"Unknown benchmark {name!r}. Known: {', '.join(BENCHES)}, {'=N, '.join(WEAR)}=N.")


if __name__ == "__main__":
    main(sys.argv[1:])
