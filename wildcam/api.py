"""The public interface for scripts and notebooks, offered as `wildcam.load`, `wildcam.open_dataset` and so on.

Every function reads the folders that the environment names (`WILDCAM_HOME`, `WILDCAM_MODELS`),
as the command line does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wildcam.data import catalog
from wildcam.data.catalog import Dataset, DatasetInfo
from wildcam.errors import UsageError
from wildcam.images import Box, Source
from wildcam.predictions.models import OF_RUN, AnyClassifier, cards_of, find_model
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.serving.batch_inference import classify_images
from wildcam.serving.bundle import Bundle, choose_pair, list_bundles, open_bundle
from wildcam.serving.card import ModelCard
from wildcam.serving.classifier import Classifier
from wildcam.serving.inference_options import InferenceOptions
from wildcam.serving.one_model import OneModelClassifier
from wildcam.serving.tta import ViewSet
from wildcam.serving.two_stage import Aggregation, Thresholds, Verdict
from wildcam.serving.two_stage_classifier import load_two_stage
from wildcam.settings import Settings, load_settings


@dataclass(frozen=True)
class Model:
    """A loaded classifier: two stages, or one model alone. Safe to share between threads."""

    classifier: AnyClassifier

    @property
    def cards(self) -> list[ModelCard]:
        """What is known of each of its models: stage 1 first, where it has two."""
        return cards_of(self.classifier)

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the model that names species; of a stage 1 alone `empty` and `animal`."""
        return tuple(self.cards[-1].classes)

    def classify(
        self,
        images: Iterable[str | Path | bytes],
        *,
        views: int | None = None,
        thresholds: Thresholds | None = None,
        aggregation: Aggregation = Aggregation.VOTE,
        quick: bool = False,
        view_set: ViewSet | None = None,
        closer_weight: float = 0.0,
    ) -> Iterator[Verdict]:
        """A verdict for each image, in their order; many are read and computed at the same time, few are in memory.

        An image is a path, or the content of a file. One that cannot be read gets the label `failed` with the reason
        in `failure`; nothing is raised for it.

        Args:
            images: Paths or contents of files, RGB or anything that Pillow turns into it.
            views: 1 to 9; the image itself and so many less one changed copies vote. None: as many as the models'
                cards say.
            thresholds: The operating points; those on the models' cards where none are given.
            aggregation: How the views become one answer.
            quick: Use two views, and the others only where these disagree.
            view_set: Which views; None: those that the models' cards say.
            closer_weight: 0 to 1; the weight of a closer look at the part with the strongest evidence. 0 takes none.

        Raises:
            UsageError: `images` is a single path, or `views` is out of range.
        """
        if isinstance(images, str | bytes | Path):
            raise UsageError(f"Received one image, {str(images)[:80]!r}; expected several: pass a list of paths.")

        options = InferenceOptions(views, aggregation, thresholds, quick, view_set, closer_weight)
        options.views_of(*self.cards)  # a number out of range is refused before the first image

        def identify(source: Source, *, box: Box | None) -> Verdict:
            return self.classifier.identify(source, options, box=box)

        sources = (Path(image) if isinstance(image, str) else image for image in images)
        return classify_images(identify, ((source, None) for source in sources))


def load(name: str | None = None, *, empty_model: str | None = None, species_model: str | None = None) -> Model:
    """Load a classifier.

    Args:
        name: One of three: `"demo"`, the pair of models `demo_empty` and `demo_species`; the name of one model, which
            then answers alone; or `"run:ID"`, the model that a run exported, alone.
        empty_model: Stage 1, by name; the default pair's where only the other one is given.
        species_model: Stage 2, by name; likewise.

    Without a name the pair is that of the page Identify: the default that was chosen, else models that came with
    WildCam.

    Raises:
        UsageError: There is no such model; the message lists those that there are.
        BundleError: A model is damaged, or does not fit its task.
    """
    settings = load_settings()
    if name is None:
        return Model(load_two_stage(*choose_pair(settings.model_dirs, empty_model, species_model)))
    if empty_model or species_model:
        raise UsageError("Received a name and the model of a stage: give one of them.")
    if name.startswith(OF_RUN):
        bundle: Bundle = find_model(RunStore(settings), name)[1]
        return Model(OneModelClassifier(Classifier(bundle)))
    pair = _pair_of(name, settings)
    if pair:
        return Model(load_two_stage(*(open_bundle(settings.model_dirs, member) for member in pair)))
    return Model(OneModelClassifier(Classifier(open_bundle(settings.model_dirs, name))))


def open_dataset(name: str) -> Dataset:
    """An imported data set; its `index` is a table with one row for each image.

    Raises:
        UsageError: There is no data set of that name; the message lists those that there are.
        DataError: Its files are damaged.
    """
    return catalog.open_dataset(load_settings().datasets_dir, name)


def list_datasets() -> list[DatasetInfo]:
    """What is known of every imported data set, by name."""
    return catalog.list_datasets(load_settings().datasets_dir)


def list_runs(kind: Kind | None = None) -> list[Run]:
    """Every run, or those of one kind, the newest first: training, batches of predictions, checks."""
    return RunStore(load_settings()).all(kind)


def open_run(run: str) -> Run:
    """The run of that id, of an unambiguous beginning of it, or of that name.

    Raises:
        UsageError: There is none, or there are several.
    """
    return RunStore(load_settings()).get(run)


def _pair_of(name: str, settings: Settings) -> tuple[str, str] | None:
    known = {bundle.name for bundle in list_bundles(settings.model_dirs)}
    pair = (f"{name}_empty", f"{name}_species")
    return pair if name not in known and known.issuperset(pair) else None
