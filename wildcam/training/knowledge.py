"""What a model learned from, for its card: photos, locations, species, sources with their licences."""

from wildcam.data.catalog import Dataset
from wildcam.data.credits import load_credits
from wildcam.data.splits import Subset
from wildcam.serving.card import ANIMAL, EMPTY
from wildcam.serving.knowledge import Knowledge, SourceUse
from wildcam.training.model_evaluation import ModelEvaluation
from wildcam.training.plan import Selection


def knowledge_of(dataset: Dataset, selection: Selection, evaluation: ModelEvaluation) -> Knowledge:
    """Of the training subset. Locations are those that the sources name, else those of the photos."""
    train = selection.on(Subset.TRAIN)
    folders = train["path"].str.split("/").str[0]
    used = [credit for credit in load_credits(dataset) if credit.folder in set(folders)]
    photos = dataset.index.set_index("image_id")["location"].reindex(train["image_id"])
    sources: dict[str, SourceUse] = {}
    for credit in used:
        images = int((folders == credit.folder).sum())
        before = sources.get(credit.source)
        sources[credit.source] = SourceUse(
            source=credit.source,
            images=images + (before.images if before else 0),
            licence=credit.licence,
            url=credit.url,
        )
    return Knowledge(
        images=len(train),
        locations=sum(credit.locations for credit in used) or int(photos.nunique()),
        species=0 if ANIMAL in selection.classes else sum(name != EMPTY for name in selection.classes),
        sources=tuple(sources.values()),
        left_out=evaluation.left_out,
        groups=evaluation.groups,
    )
