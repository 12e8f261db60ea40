"""Loads the trainer of a plan's framework: a framework is imported by the workers that need it only."""

from wildcam.architectures.presets import Framework
from wildcam.training.trainer import Plan, Trainer


def load_trainer(plan: Plan) -> Trainer:
    """The trainer of the plan's preset; imports its framework, so it is called in workers only."""
    if plan.recipe.preset_info.framework is Framework.KERAS:
        from wildcam.training.keras_backend.trainer import KerasTrainer

        return KerasTrainer(plan)
    if plan.recipe.preset == "probe_epochs":
        from wildcam.training.probe_backend.epochs_trainer import EpochProbeTrainer

        return EpochProbeTrainer(plan)
    if plan.recipe.preset_info.framework is Framework.SCIKIT_LEARN:
        from wildcam.training.probe_backend.trainer import ProbeTrainer

        return ProbeTrainer(plan)
    from wildcam.training.fastai_backend.trainer import FastaiTrainer

    return FastaiTrainer(plan)
