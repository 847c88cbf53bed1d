"""``python -m release.reader_model``: makes the page reader's model, byte for byte, from the one that reads stamps.

    rapidocr wheel (SHA-256 in ``hatch_build.py``)  →  PP-OCRv6_rec_small.onnx, 21 MB, 18 710 letters, float32
    →  142 letters of Portuguese  →  convolutions in whole numbers  →  ``itrwatch/reading/model/…_por.onnx``, 4 MB

Three steps, each of which gives the same bytes again with what ``constraints.txt`` pins:

1. The classes of the last layer that are not in `LETTERS` are left out: three quarters of the file, and no Chinese in a petition.
   The input becomes lower and grey: two fifths less of processor time.
2. Constants are folded and Gelu is put back together; the mean over a whole picture becomes the operation that has a form in whole numbers.
   One in eight of the channels between two convolutions is left out, and the second is fitted to the rest (`reader_pruning`): a tenth less of
   processor time. The fits are read from ``reader_fits.npz``, as below.
3. Every convolution gets int8 weights, one scale per channel, 7 bits of them (``reduce_range``), since without VNNI the processor's
   sums of 8 bits overflow and a page would read otherwise on an old machine. They are rounded so that their errors cancel out
   (`_rounded`). The ranges of what goes in and out are not measured here but read from ``reader_ranges.json``: measuring depends on
   the machine's arithmetic in the last digit. What stands between convolutions stays in whole numbers, too, Gelu as
   x · sigmoid(1.66 x): two fifths less of processor time.

``--measure`` writes both files anew, from lines of drawn pages (a quarter of an hour). ``--check`` makes the model and compares.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import helper, numpy_helper, version_converter
from onnxruntime.quantization.calibrate import CalibrationMethod, TensorsData
from onnxruntime.quantization.qdq_quantizer import QDQQuantizer
from onnxruntime.quantization.quant_utils import QuantType

from itrwatch.demo.drawing import PageKind, draw
from itrwatch.demo.paper import scan
from itrwatch.imaging.analysis.models import MODELS, READER
from itrwatch.imaging.raster import Raster
from itrwatch.reading.ink import see_ink
from itrwatch.reading.lines import find_lines
from itrwatch.reading.recognise import FOLDER, PORTUGUESE, ROWS, WIDE, scaled
from release.reader_pruning import fitted, load, prune, save

LETTERS = (
    "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]_abcdefghijklmnopqrstuvwxyz{|}"
    "ÀÁÂÃÇÉÊÍÓÔÕÚÜàáâãçéêíóôõúüÑñªº°§–—“”‘’•€£½²³±·«»…×"
)
OUTPUT = ("linear_8.w_0", "linear_8.b_0")
"""Weights and offsets of the last layer, a column for each class: nothing, the letters, a space."""
STEEP = 1.66
"""x · sigmoid(1.66 x) is Gelu but for 0.02. Measured on lines of drawn pages: with it the answers are nearest to those of the model in float32
(27 in 1 000 have another best letter; with the usual 1.702, which has the least error at its worst point, 34), since it errs by nothing on average."""
ROWS_IN_ONE = 16
"""Rows of the input per row at the end of the convolutions. Physical: four of them take every second row."""
WEIGHT_STEPS = 64
"""Whole numbers on either side of 0 that a weight can have: what ``reduce_range`` leaves of int8."""
FITTED = 2
"""One in so many drawn lines is used for the fits. Chosen: 264 lines, 100 000 places, for at most 768 channels."""
SAMPLES = 3000
"""Values taken from each line for a range. Chosen."""
SHARES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
"""Shares of the smallest and of the largest value that are tried as the ends of a range. Chosen."""
RANGES = Path(__file__).with_name("reader_ranges.json")
FITS = Path(__file__).with_name("reader_fits.npz")


def main() -> int:
    """Make the model, or measure, or compare."""
    parser = argparse.ArgumentParser(prog="python -m release.reader_model")
    parser.add_argument("--measure", action="store_true", help="write the ranges anew from drawn pages")
    parser.add_argument("--check", action="store_true", help="compare with the model that is there")
    options = parser.parse_args()
    if options.measure:
        save(fitted(_prepared(), list(_drawn_lines())[::FITTED], _rounded), FITS, WEIGHT_STEPS)
        RANGES.write_text(json.dumps(_measured(_pruned_model()), indent=1) + "\n", "utf-8")
    data = made()
    digest = hashlib.sha256(data).hexdigest()
    target = FOLDER / PORTUGUESE.name
    print(target.name, len(data), digest, "pinned" if digest == PORTUGUESE.sha256 else "NOT as pinned")
    if not options.check:
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)
    return int(options.check and digest != PORTUGUESE.sha256)


def made() -> bytes:
    """The model for the page reader."""
    model = _quantised(_pruned_model(), json.loads(RANGES.read_text("utf-8")))
    return bytes(model.SerializeToString(deterministic=True))


def _pruned_model() -> Any:
    model = _prepared()
    prune(model, load(FITS))
    return model


def _prepared() -> Any:
    data = (MODELS / READER.name).read_bytes()
    if hashlib.sha256(data).hexdigest() != READER.sha256:
        raise RuntimeError(f"{READER.name} is not the model that was measured")
    folded = _folded(_lower(_portuguese(onnx.load_from_string(data))))
    model = version_converter.convert_version(folded, 13)
    _join_gelu(model)
    _pool(model)
    return model


def _portuguese(model: Any) -> Any:
    (labels,) = (entry for entry in model.metadata_props if entry.key == "character")
    letters = labels.value.split("\n")
    kept = [place for place, letter in enumerate(letters) if letter and letter in LETTERS]
    columns = [0, *(place + 1 for place in kept), len(letters) + 1]
    for tensor in model.graph.initializer:
        if tensor.name in OUTPUT:
            fewer = np.ascontiguousarray(numpy_helper.to_array(tensor)[..., columns])
            tensor.CopyFrom(numpy_helper.from_array(fewer, tensor.name))
    labels.value = "\n".join([*(letters[place] for place in kept), " "])
    model.graph.output[0].type.tensor_type.shape.dim[2].dim_value = len(columns)
    del model.graph.value_info[:]
    return model


def _lower(model: Any) -> Any:
    """The input becomes one grey plane of `ROWS` rows instead of three alike of 48: the first convolution's weights for them are added up.

    What is left of the rows at the end, one in `ROWS_IN_ONE`, is averaged as before.
    """
    size = model.graph.input[0].type.tensor_type.shape.dim
    size[1].dim_value, size[2].dim_value = 1, ROWS
    first = next(node for node in model.graph.node if model.graph.input[0].name in node.input)
    for tensor in model.graph.initializer:
        if tensor.name == first.input[1]:
            summed = numpy_helper.to_array(tensor).sum(axis=1, keepdims=True)
            tensor.CopyFrom(numpy_helper.from_array(summed, tensor.name))
    (average,) = (node for node in model.graph.node if node.op_type == "AveragePool")
    for entry in average.attribute:
        if entry.name in ("kernel_shape", "strides"):
            entry.ints[0] = ROWS // ROWS_IN_ONE
    return model


def _folded(model: Any) -> Any:
    """Constants computed, what does nothing left out: by onnxruntime, without anything that depends on the machine."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "folded.onnx"
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.optimized_model_filepath = str(path)
        options.log_severity_level = 3
        onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        folded = onnx.load(path)
    del folded.graph.value_info[:]
    for opset in list(folded.opset_import):
        if opset.domain:
            folded.opset_import.remove(opset)
    return folded


def _join_gelu(model: Any) -> None:
    """What is x / √2 → Erf → + 1 → · x → · ½ becomes one Gelu (of onnxruntime)."""
    graph = model.graph
    constants = {tensor.name for tensor in graph.initializer}
    users: dict[str, list[Any]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)

    def only(name: str) -> Any:
        (user,) = users[name]
        return user

    gone: set[str] = set()
    for erf in [node for node in graph.node if node.op_type == "Erf"]:
        divide = next(node for node in graph.node if erf.input[0] in node.output)
        plus = only(erf.output[0])
        first = only(plus.output[0])
        last = only(first.output[0])
        if (divide.op_type, plus.op_type, first.op_type, last.op_type) != ("Div", "Add", "Mul", "Mul"):
            raise RuntimeError(f"{erf.name} is no Gelu")
        gelu = helper.make_node(
            "Gelu", [divide.input[0]], list(last.output), f"{erf.name}.gelu", domain="com.microsoft"
        )
        place = list(graph.node).index(last)
        graph.node.insert(place, gelu)
        for node in (divide, erf, plus, first, last):
            gone.add(node.name)
            graph.node.remove(node)
    used = {name for node in graph.node for name in node.input}
    for tensor in [tensor for tensor in graph.initializer if tensor.name in constants - used]:
        graph.initializer.remove(tensor)
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))


def _pool(model: Any) -> None:
    """The mean over height and width becomes GlobalAveragePool."""
    for node in model.graph.node:
        axes = [list(entry.ints) for entry in node.attribute if entry.name == "axes"]
        if node.op_type == "ReduceMean" and axes == [[2, 3]]:
            del node.attribute[:]
            node.op_type = "GlobalAveragePool"


def _whole(model: Any) -> list[str]:
    """The operations that are done in whole numbers: convolutions, and what stands between them. Products with a share are slower so."""
    makers = {name: node.op_type for node in model.graph.node for name in node.output}
    return [
        node.name
        for node in model.graph.node
        if node.op_type in ("Conv", "Relu", "MaxPool", "GlobalAveragePool")
        or (node.op_type == "Concat" and any(makers.get(name) == "MaxPool" for name in node.input))
    ]


def _gelu_in_whole_numbers(model: Any) -> None:
    """Dequantise → Gelu → quantise becomes x · sigmoid(`STEEP` · x), in whole numbers all along."""
    graph = model.graph
    values = {tensor.name: tensor for tensor in graph.initializer}
    makers = {name: node for node in graph.node for name in node.output}
    users: dict[str, list[Any]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    share, zero = f"{graph.name}.share", f"{graph.name}.zero"
    graph.initializer.append(numpy_helper.from_array(np.float32(1 / 255), share))
    graph.initializer.append(numpy_helper.from_array(np.uint8(0), zero))
    for gelu in [node for node in graph.node if node.op_type == "Gelu"]:
        before, (after,) = makers[gelu.input[0]], users[gelu.output[0]]
        if (before.op_type, after.op_type) != ("DequantizeLinear", "QuantizeLinear"):
            raise RuntimeError(f"{gelu.name} is not between whole numbers")
        steep = f"{gelu.name}.steep"
        scale = numpy_helper.to_array(values[before.input[1]])
        graph.initializer.append(numpy_helper.from_array(np.float32(scale * np.float32(STEEP)), steep))
        taken, sigmoid = list(before.input), f"{gelu.name}.sigmoid"
        nodes = [
            helper.make_node(
                "QLinearSigmoid",
                [taken[0], steep, taken[2], share, zero],
                [sigmoid],
                sigmoid,
                domain="com.microsoft",
            ),
            helper.make_node(
                "QLinearMul",
                [*taken, sigmoid, share, zero, *after.input[1:]],
                list(after.output),
                f"{gelu.name}.mul",
                domain="com.microsoft",
            ),
        ]
        for node in (gelu, after, *([before] if len(users[gelu.input[0]]) == 1 else [])):
            graph.node.remove(node)
        place = list(graph.node).index(makers[taken[0]]) + 1
        for node in reversed(nodes):
            graph.node.insert(place, node)


def _round_weights(model: Any) -> None:
    """The weights of all convolutions become multiples of the step that the quantiser will take for their channel."""
    weights = {node.input[1] for node in model.graph.node if node.op_type == "Conv"}
    for tensor in model.graph.initializer:
        if tensor.name in weights:
            tensor.CopyFrom(numpy_helper.from_array(_rounded(numpy_helper.to_array(tensor)), tensor.name))


def _rounded(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weights of a convolution → multiples of a channel's largest weight / `WEIGHT_STEPS`; in each channel the errors add up to nothing.

    Rounded to the nearest, the errors add up to some steps, and since what goes in is mostly above 0, the output of the channel is shifted.
    So the weights with the largest errors of that sign are rounded the other way. Measured on 27 drawn pages with everything else
    in float32: words found 99.23 % before rounding, 98.55 % rounded to the nearest, 99.18 % so.
    """
    rows = weights.reshape(len(weights), -1).astype(np.float64)
    step = np.abs(rows).max(axis=1, keepdims=True) / WEIGHT_STEPS
    exact = rows / np.where(step, step, 1)
    whole = np.round(exact)
    for row, error in zip(whole, exact - whole, strict=True):
        over = round(error.sum())
        worst = np.argsort(-error * np.sign(over), kind="stable")[: abs(over)]
        row[worst] += np.sign(over)
    whole = np.clip(whole, -WEIGHT_STEPS, WEIGHT_STEPS)
    return np.asarray((whole * step).reshape(weights.shape), np.float32)


def _quantised(model: Any, ranges: dict[str, list[float]]) -> Any:
    _round_weights(model)
    tensors = {name: (np.float32(low), np.float32(high)) for name, (low, high) in ranges.items()}
    quantiser = QDQQuantizer(
        model,
        per_channel=True,
        reduce_range=True,
        weight_qType=QuantType.QInt8,
        activation_qType=QuantType.QUInt8,
        tensors_range=TensorsData(CalibrationMethod.MinMax, tensors),
        nodes_to_quantize=_whole(model),
        nodes_to_exclude=[],
        op_types_to_quantize=["Conv", "Relu", "MaxPool", "GlobalAveragePool", "Concat"],
        extra_options={},
    )
    quantiser.quantize_model()
    _gelu_in_whole_numbers(quantiser.model.model)
    return quantiser.model.model


def _measured(model: Any) -> dict[str, list[float]]:
    """The range of everything that goes into an operation in whole numbers or comes out, over lines of drawn pages."""
    constants = {tensor.name for tensor in model.graph.initializer}
    whole = set(_whole(model))
    names = sorted(
        {name for node in model.graph.node if node.name in whole for name in (*node.input, *node.output)} - constants
    )
    asked = onnx.ModelProto()
    asked.CopyFrom(model)
    known = {output.name for output in asked.graph.output}
    inner = [name for name in names if name not in known and name != "x"]
    asked.graph.output.extend(onnx.ValueInfoProto(name=name) for name in inner)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(asked.SerializeToString(), options, providers=["CPUExecutionProvider"])
    chance = np.random.default_rng(1)
    ends: dict[str, list[float]] = {}
    samples: dict[str, list[NDArray[np.float32]]] = {name: [] for name in inner}
    for batch in _drawn_lines():
        for name, values in zip(inner, session.run(inner, {"x": batch}), strict=True):
            low, high = ends.get(name, [0.0, 0.0])
            ends[name] = [min(low, float(values.min())), max(high, float(values.max()))]
            flat = values.ravel()
            samples[name].append(flat if flat.size <= SAMPLES else flat[chance.integers(0, flat.size, SAMPLES)])
    ranges = {name: _narrowed(np.concatenate(samples[name]), *ends[name]) for name in inner} | {"x": (-1.0, 1.0)}
    return {name: [float(f"{bound:.3g}") for bound in ranges[name]] for name in sorted(ranges)}


def _narrowed(values: NDArray[np.float32], low: float, high: float) -> tuple[float, float]:
    """The part of a range that loses least in 256 steps: a few extreme values would make the steps of all others coarse."""
    tried = [(low * one, high * other) for one in (SHARES if low else (1.0,)) for other in SHARES]
    return min(tried, key=lambda ends: _lost(values, *ends))


def _lost(values: NDArray[np.float32], low: float, high: float) -> float:
    step = (high - low) / 255
    if not step:
        return float("inf")
    zero = round(-low / step)
    kept = (np.clip(np.round(values / step) + zero, 0, 255) - zero) * step
    return float(np.square(kept - values).mean())


def _drawn_lines() -> Any:
    """Every third line of drawn pages of all kinds, as the page reader cuts and scales them."""
    for seed in (50, 51):
        for kind in PageKind:
            page = np.asarray(scan(draw(kind, seed), seed, 300))
            for line in find_lines(see_ink(Raster(page, 300.0)))[::3]:
                yield scaled(line.picture)
                yield scaled(line.picture, WIDE)


if __name__ == "__main__":
    sys.exit(main())
