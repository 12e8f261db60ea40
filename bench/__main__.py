"""`make bench`: the measured comparisons, or those that are named: `python -m bench import explore`."""

import sys

from bench import (
    batch,
    epochs,
    explore,
    home,
    importing,
    knowledge,
    page_weight,
    pixel_store,
    presets,
    real_photos,
    review,
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
}


def main(names: list[str]) -> None:
    """Run what is named, or everything."""
    if unknown := [name for name in names if name not in BENCHES]:
        raise SystemExit(f"Unknown benchmark {unknown[0]!r}. Known: {', '.join(BENCHES)}.")
    for name in names or BENCHES:
        print(f"\n== {name}", flush=True)
        BENCHES[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
