import subprocess
import sys

import torch

from wildcam.architectures.torchvision_operators import compiled_operators_load


def test_torchvision_can_be_imported_in_a_fresh_process():
    program = (
        "import wildcam.architectures.torchvision_operators\n"
        "from torchvision.models import resnet50\n"
        "from torchvision.transforms.functional import pad\n"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr


def test_nothing_is_declared_where_the_compiled_operators_load(monkeypatch):
    loaded = []
    monkeypatch.setattr(torch.ops, "load_library", loaded.append)
    assert compiled_operators_load()
    assert loaded
    assert loaded[0].endswith(".so") or loaded[0].endswith(".pyd")
