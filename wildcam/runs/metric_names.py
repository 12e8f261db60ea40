"""Names of the points that workers log, by what their step counts."""

EPOCH_METRICS = ("train_loss", "val_loss", "train_accuracy", "val_accuracy", "val_macro_f1", "learning_rate")
"""Metrics whose step counts epochs."""

STEP_METRICS = ("step_loss", "step_accuracy", "step_learning_rate", "images_per_second")
"""Metrics whose step counts batches."""

SYSTEM_PREFIX = "system/"
SYSTEM_METRICS = (
    "system/cpu_utilization_percentage",
    "system/system_memory_usage_percentage",
    "system/system_memory_usage_megabytes",
    "system/gpu_0_utilization_percentage",
    "system/gpu_0_memory_usage_percentage",
    "system/gpu_0_memory_usage_megabytes",
    "system/gpu_0_power_usage_watts",
    "system/gpu_0_power_usage_percentage",
)
"""Use of the machine, under MLflow's names; their step counts samples. More GPUs follow as `system/gpu_1_…`."""
