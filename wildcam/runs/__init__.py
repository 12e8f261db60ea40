"""Runs: who keeps them, who carries them out."""

import os

# MLflow reports its use to its makers unless told otherwise before its import: WildCam works offline and tells nobody.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
