"""Two graphs on one backbone: as one graph they answer as they do apart."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from wildcam.architectures.presets import Task
from wildcam.serving.bundle import Bundle, write_bundle
from wildcam.serving.engine import with_openvino
from wildcam.serving.inference_options import InferenceOptions
from wildcam.serving.one_pass import join
from wildcam.serving.two_stage_classifier import TwoStageClassifier, load_two_stage

SIDE, FEATURES = 16, 64


def probe_graph(path: Path, classes: int, *, backbone: int = 0, head: int = 0, prefix: str = "") -> Path:
    """A patch embedding as the backbone, a linear head with evidence; `prefix` of every name but input and outputs."""
    weights = np.random.default_rng(backbone).normal(0, 0.02, (FEATURES, 3, 4, 4)).astype(np.float32)
    own = np.random.default_rng(100 + head)
    arrays = {
        "kernel": weights,
        "head": own.normal(0, 1, (FEATURES, classes)).astype(np.float32),
        "bias": own.normal(0, 1, classes).astype(np.float32),
    }
    nodes = [
        helper.make_node("Cast", ["images"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["float"], ["channels"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["channels", "kernel"], ["patches"], strides=[4, 4]),
        helper.make_node("Relu", ["patches"], ["active"]),
        helper.make_node("Transpose", ["active"], ["map"], perm=[0, 2, 3, 1]),
        helper.make_node("ReduceMean", ["map"], ["features"], axes=[1, 2], keepdims=0),
        helper.make_node("Gemm", ["features", "head", "bias"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
        helper.make_node("MatMul", ["map", "head"], ["weighted"]),
        helper.make_node("Add", ["weighted", "bias"], ["evidence"]),
    ]
    kept = {"images", "probabilities", "evidence"}
    for node in nodes:
        for names in (node.input, node.output):
            names[:] = [name if name in kept else prefix + name for name in names]
    graph = helper.make_graph(
        nodes,
        "probe",
        [helper.make_tensor_value_info("images", TensorProto.UINT8, ["N", SIDE, SIDE, 3])],
        [
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", classes]),
            helper.make_tensor_value_info("evidence", TensorProto.FLOAT, ["N", 4, 4, classes]),
        ],
        [numpy_helper.from_array(value, prefix + name) for name, value in arrays.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


@pytest.fixture
def write_probe(tmp_path, make_card):
    def write(name: str, task: Task, **options: object) -> Bundle:
        classes = ("empty", "animal") if task is Task.EMPTY else ("deer", "fox", "hare")
        graph = probe_graph(tmp_path / f"{name}.onnx", len(classes), head=len(classes), **options)
        card = make_card(task, classes=classes, image_size=SIDE, empty_threshold=0.9)
        return write_bundle(tmp_path / "probes" / name, graph, card)

    return write


def photos(count: int = 12) -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (count, SIDE, SIDE, 3), dtype=np.uint8)


@pytest.mark.parametrize("prefix", ["", "other."], ids=["same_names", "other_names"])
def test_the_joined_graph_gives_the_outputs_of_both_exactly(tmp_path, prefix):
    first, second = probe_graph(tmp_path / "a.onnx", 2), probe_graph(tmp_path / "b.onnx", 3, head=1, prefix=prefix)
    joined = join(first, second)
    assert sum(op.get_type_name() == "Convolution" for op in joined.get_ordered_ops()) == 1
    found = with_openvino(joined).all(photos())
    apart = [*with_openvino(first).all(photos()), *with_openvino(second).all(photos())]
    assert [output.shape for output in found] == [output.shape for output in apart]
    assert all((a == b).all() for a, b in zip(found, apart, strict=True))


def test_graphs_with_other_backbones_are_not_joined(tmp_path, write_graph):
    first = probe_graph(tmp_path / "a.onnx", 2)
    assert join(first, probe_graph(tmp_path / "b.onnx", 3, backbone=1)) is None
    assert join(first, write_graph(Task.SPECIES)) is None


def test_a_pair_on_one_backbone_answers_as_it_does_in_two_passes(write_probe, image, monkeypatch):
    bundles = write_probe("e", Task.EMPTY), write_probe("s", Task.SPECIES)
    together = load_two_stage(*bundles)
    assert together.has_one_pass
    monkeypatch.setattr("wildcam.serving.two_stage_classifier.one_pass_of", lambda empty, species: None)
    apart = load_two_stage(*bundles)
    assert not apart.has_one_pass
    options = InferenceOptions(views=4, closer_weight=0.5)
    labels = set()
    for colour in ((230, 60, 60), (60, 230, 60), (60, 60, 230), (5, 5, 5), (250, 250, 250)):
        one, two = (pair.identify(image(*colour), options) for pair in (together, apart))
        assert one == two  # of all but the timings
        assert one.timings.one_pass
        assert not two.timings.one_pass
        labels.add(one.label)
    assert len(labels) > 1


def test_the_stages_run_apart_where_they_get_different_pixels(write_probe, make_card, tmp_path, image):
    empty = write_probe("e", Task.EMPTY)
    graph = probe_graph(tmp_path / "crops.onnx", 3, head=3)
    crops = write_bundle(tmp_path / "probes" / "crops", graph, make_card(Task.SPECIES, image_size=SIDE, crops=True))
    pair: TwoStageClassifier = load_two_stage(empty, crops)
    content = image(60, 230, 60)
    assert pair.identify(content).timings.one_pass
    assert not pair.identify(content, box=(0.2, 0.2, 0.5, 0.5)).timings.one_pass
