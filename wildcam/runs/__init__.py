"""Runs: their store, their workers, their states."""

import os

# MLflow reports its use to its makers unless this is set before its import; WildCam works offline and reports nothing.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
