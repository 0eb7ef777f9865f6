"""Holds ganvas.py to the layers' definitions, written out in numpy with images channels last.

python -m unittest discover tests/reference
"""

from __future__ import annotations

import contextlib
import io
import json
import unittest
from collections.abc import Callable
from unittest import mock

import numpy as np
import torch

import bench
import ganvas
from chance import MODE, Latents

Weights = dict[str, np.ndarray]

NAMES = ("weight", "bias", "running_mean", "running_var")

SEED_G = ["dense 100 relu", "dense 100 relu", "dense 784 sigmoid"]
SEED_D = ["dense 100 relu", "dense 100 relu", "dense 1 identity"]

# Odd shapes: sides that differ, strides that leave a rest, kernels of every parity, every activation.
CASES: dict[str, tuple[list[str], int | ganvas.Image]] = {
    "dense": (["dense 5 tanh", "batch-norm relu", "dense 3 sigmoid"], 7),
    "dense on an image": (["dense 4 leaky-relu"], (3, 5, 2)),
    "conv": (["conv 4 kernel 3 stride 2 padding 1 leaky-relu"], (7, 6, 3)),
    "conv, a rest": (["conv 2 kernel 4 stride 3 padding 0 tanh"], (9, 12, 1)),
    "deconv": (["deconv 3 kernel 4 stride 2 padding 1 relu"], (3, 5, 2)),
    "deconv, overlapping": (["deconv 2 kernel 5 stride 3 padding 2 identity"], (4, 2, 3)),
    "batch norm of an image": (["batch-norm tanh"], (4, 3, 2)),
    "flattened": (
        ["conv 3 kernel 2 stride 1 padding 0 relu", "batch-norm identity", "dense 6 tanh"],
        (4, 5, 2),
    ),
    "read as an image": (
        [
            "dense 24 identity",
            "batch-norm relu",
            "reshape 2x3x4",
            "batch-norm leaky-relu",
            "deconv 3 kernel 3 stride 2 padding 1 identity",
            "batch-norm tanh",
            "conv 2 kernel 3 stride 1 padding 1 sigmoid",
        ],
        5,
    ),
    "blocks of one size": (
        [
            "conv 3 kernel 4 stride 2 padding 1 leaky-relu",
            *2 * ["conv 3 kernel 3 stride 1 padding 1 identity", "batch-norm leaky-relu"],
            "conv 3 kernel 3 stride 1 padding 1 relu",
            "deconv 2 kernel 4 stride 2 padding 1 tanh",
        ],
        (6, 4, 1),
    ),
    "input read as an image": (
        ["batch-norm relu", "reshape 3x2x4", "conv 5 kernel 2 stride 1 padding 1 tanh"],
        24,
    ),
    "reshaped and flattened at once": (["dense 12 tanh", "reshape 2x3x2", "dense 3 identity"], 4),
    "seed-gan, G": (SEED_G, 100),
    "seed-gan, D": (SEED_D, ganvas.DIGIT),
}

ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "identity": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "leaky-relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
}


def conv(x: np.ndarray, weight: np.ndarray, k: int, s: int, p: int) -> np.ndarray:
    """(batch, h, w, in), (k k in, out) -> (batch, h', w', out), one patch after the other."""
    x = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    height, width = ((side - k) // s + 1 for side in x.shape[1:3])
    y = np.zeros((len(x), height, width, weight.shape[1]))
    for i in range(height):
        for j in range(width):
            patch = x[:, i * s : i * s + k, j * s : j * s + k]
            y[:, i, j] = patch.reshape(len(x), -1) @ weight
    return y


def deconv(x: np.ndarray, weight: np.ndarray, k: int, s: int, p: int) -> np.ndarray:
    """(batch, h, w, in), (in, k k out) -> (batch, h', w', out): each pixel adds a patch; the rim goes."""
    height, width = x.shape[1:3]
    out = weight.shape[1] // (k * k)
    y = np.zeros((len(x), (height - 1) * s + k, (width - 1) * s + k, out))
    for i in range(height):
        for j in range(width):
            y[:, i * s : i * s + k, j * s : j * s + k] += (x[:, i, j] @ weight).reshape(-1, k, k, out)
    return y[:, p : y.shape[1] - p, p : y.shape[2] - p]


def forward(layers: list[str], weights: Weights, x: np.ndarray, train: bool) -> np.ndarray:
    """(batch, columns) or (batch, h, w, channels) -> (batch, outputs); training moves running statistics."""
    for index, text in enumerate(layers):
        kind, *words = text.split()
        own = {name: weights.get(f"g.{index}.{name}") for name in NAMES}
        if kind == "dense":
            x = x.reshape(len(x), -1) @ own["weight"] + own["bias"]
        elif kind == "reshape":
            x = x.reshape(len(x), *map(int, words[0].split("x")))
            continue
        elif kind in ("conv", "deconv"):
            operation = conv if kind == "conv" else deconv
            x = operation(x, own["weight"], *(int(n) for n in words[2:7:2])) + own["bias"]
        elif kind == "batch-norm":
            axes = tuple(range(x.ndim - 1))
            mean, variance = own["running_mean"], own["running_var"]
            if train:
                mean, variance = x.mean(axes), x.var(axes)
                rows = x.size // x.shape[-1]
                own["running_mean"] += 0.1 * (mean - own["running_mean"])
                own["running_var"] += 0.1 * (variance * rows / (rows - 1) - own["running_var"])
            x = (x - mean) / np.sqrt(variance + 1e-5) * own["weight"] + own["bias"]
        x = ACTIVATIONS[words[-1]](x)
    return x.reshape(len(x), -1)


def shapes(layers: list[str], inputs: int | ganvas.Image) -> dict[str, tuple[int, ...]]:
    """The shapes of a checkpoint's tensors, from the format's definition alone."""
    shape = (inputs,) if isinstance(inputs, int) else inputs
    found: dict[str, tuple[int, ...]] = {}
    for index, text in enumerate(layers):
        kind, *words = text.split()
        if kind == "batch-norm":
            for name in NAMES:
                found[f"g.{index}.{name}"] = shape[-1:]
            continue
        if kind == "reshape":
            shape = tuple(int(n) for n in words[0].split("x"))
            continue
        outputs = int(words[0])
        if kind == "dense":
            weight: tuple[int, ...] = (int(np.prod(shape)), outputs)
            shape = (outputs,)
        else:
            k, s, p = (int(n) for n in words[2:7:2])
            weight = (k * k * shape[2], outputs) if kind == "conv" else (shape[2], k * k * outputs)
            if kind == "conv":
                sides = ((n + 2 * p - k) // s + 1 for n in shape[:2])
            else:
                sides = ((n - 1) * s - 2 * p + k for n in shape[:2])
            shape = (*sides, outputs)
        found[f"g.{index}.weight"], found[f"g.{index}.bias"] = weight, (outputs,)
    return found


def draw(layers: list[str], inputs: int | ganvas.Image) -> tuple[ganvas.Net, Weights, np.ndarray]:
    """A net in f64 with random weights, these weights as a checkpoint keeps them, and six inputs."""
    rng = np.random.default_rng(1)
    weights = {name: rng.normal(size=shape) * 0.5 for name, shape in shapes(layers, inputs).items()}
    for name in weights:
        if name.endswith("running_var"):
            weights[name] = weights[name] ** 2 + 0.5
    net = ganvas.build(layers, inputs).double()
    ganvas.load(net, {name: torch.tensor(values) for name, values in weights.items()}, "g")
    return net, weights, rng.normal(size=(6, *((inputs,) if isinstance(inputs, int) else inputs)))


def flat(x: np.ndarray) -> torch.Tensor:
    return torch.tensor(x).flatten(1)


class Nets(unittest.TestCase):
    def test_forward_in_both_modes(self):
        for name, (layers, inputs) in CASES.items():
            with self.subTest(name):
                net, weights, x = draw(layers, inputs)
                for train in (True, False):  # in training first: it moves the statistics that sampling uses
                    theirs = net.train(train)(flat(x)).detach().numpy()
                    ours = forward(layers, weights, x, train)
                    np.testing.assert_allclose(theirs, ours, rtol=1e-10, atol=1e-12)
                self.assert_saved(net, weights)

    def test_what_is_saved_is_what_was_loaded(self):
        for name, (layers, inputs) in CASES.items():
            with self.subTest(name):
                net, weights, _ = draw(layers, inputs)
                self.assert_saved(net, weights)

    def assert_saved(self, net: ganvas.Net, weights: Weights):
        saved = ganvas.save(net, "g")
        self.assertEqual(saved.keys(), weights.keys())
        for name, values in weights.items():
            np.testing.assert_allclose(saved[name].numpy(), values, rtol=1e-12, atol=1e-14, err_msg=name)

    def test_gradients_lie_as_the_weights_do(self):
        for name, (layers, inputs) in CASES.items():
            with self.subTest(name):
                net, weights, x = draw(layers, inputs)
                y = net(flat(x))
                pull = np.random.default_rng(2).normal(size=y.shape)
                (y * torch.tensor(pull)).sum().backward()
                for key, gradient in ganvas.save(net, "g", gradients=True).items():
                    place = tuple(np.array(gradient.shape) // 2)
                    h, ends = 1e-5, []
                    for step in (h, -h):
                        moved = {other: values.copy() for other, values in weights.items()}
                        moved[key][place] += step
                        ends.append((forward(layers, moved, x, train=True) * pull).sum())
                    expected = (ends[0] - ends[1]) / (2 * h)
                    np.testing.assert_allclose(gradient[place], expected, rtol=1e-6, atol=1e-7, err_msg=key)

    def test_dropout_is_off_when_sampling(self):
        net = ganvas.build(["dropout 0.5"], 1000)
        x = torch.ones(1, 1000)
        self.assertTrue(torch.equal(net.eval()(x), x))
        self.assertEqual(set(net.train()(x).unique().tolist()), {0.0, 2.0})

    def test_layers_that_do_not_fit_are_refused(self):
        for layers, inputs in (
            (["conv 3 kernel 3 stride 1 padding 1 relu"], 9),
            (["reshape 2x2x2"], 9),
            (["dense 3 swish"], 9),
            (["attention 3"], 9),
        ):
            with self.subTest(layers), self.assertRaises(ValueError):
                ganvas.build(layers, inputs)
        with self.assertRaises(ValueError):
            ganvas.load(ganvas.build(["dense 3 relu"], 9), {"g.0.weight": torch.ones(1, 1)}, "g")


class Draws(unittest.TestCase):
    def test_every_mode_is_as_likely_and_the_numbers_have_variance_1(self):
        for noise in ("normal", "uniform"):
            drawn = ganvas.latents(Latents(5, noise, 4), 4000, torch.Generator().manual_seed(1))
            self.assertEqual(drawn.shape, (4000, 9))
            numbers, modes = drawn.split([5, 4], 1)
            self.assertLess(abs(numbers.mean().item()), 0.02)
            self.assertLess(abs(numbers.var().item() - 1), 0.03)
            self.assertEqual(set(modes.unique().tolist()), {0.0, MODE})
            self.assertTrue((modes.sum(1) == MODE).all())
            counts = (modes > 0).sum(0)
            self.assertTrue(((counts > 900) & (counts < 1100)).all(), counts)

    def test_without_modes_a_vector_is_its_numbers(self):
        plain = ganvas.latents(Latents.of({"latent": "5"}), 3, torch.Generator().manual_seed(1))
        self.assertTrue(torch.equal(plain, torch.randn(3, 5, generator=torch.Generator().manual_seed(1))))


class Commands(unittest.TestCase):
    def test_bench_answers_a_line_a_case(self):
        knobs = {
            **dict.fromkeys(("pack", "d_steps", "decay", "real_target"), "1"),
            **dict.fromkeys(("r1", "r2", "penalty", "clip", "ema"), "0"),
            **dict.fromkeys(("g_rate", "d_rate"), "0.001"),
            **{"latent": "100", "noise": "normal", "batch": "4", "loss": "non-saturating", "fresh_fakes": "true"},
            **{"optimizer": "adam", "momentum": "0.5", "beta2": "0.999"},
        }
        newer = {"modes": "3", "schedule": "cosine", "hold": "2", "length": "5", "ema_width": "0.1"}
        case = {"generator": SEED_G, "discriminator": SEED_D, "seconds": 0.01}
        cases = {"a": knobs, "b": knobs | newer}
        lines = "".join(json.dumps({"case": name, "knobs": cases[name], **case}) + "\n" for name in cases)
        out = io.StringIO()
        with (
            mock.patch("sys.stdin", io.StringIO(lines)),
            mock.patch("sys.argv", ["bench.py"]),
            contextlib.redirect_stdout(out),
        ):
            bench.main()
        answers = [json.loads(line) for line in out.getvalue().splitlines()]
        self.assertEqual([answer["case"] for answer in answers], ["a", "b"])
        for answer in answers:
            self.assertEqual((answer["peer"], answer["batch"], answer["threads"]), ("torch", 4, 1))
            self.assertGreater(answer["iters_per_s"], 0)


if __name__ == "__main__":
    unittest.main()
