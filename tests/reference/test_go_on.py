"""Holds go_on.py to the engine, to an uninterrupted run, and to one process where there are two.

    cargo build --release --package ganvas-cli
    python -m unittest discover tests/reference

Without that command the tests that need it are skipped, and say so. GANVAS names it where it lies elsewhere.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

import chance
import cycle
import digits
import duel
import ganvas
import go_on
from chance import Latents

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GANVAS = Path(os.environ.get("GANVAS", ROOT / "target/release/ganvas-cli"))
RECIPES = sorted(path.stem for path in (ROOT / "www/ready").glob("*.safetensors"))

CLOSE = 1e-4
"""Between the page's digits and PyTorch's, in [0, 1]."""

SETTINGS = {
    "lsgan": ["net=mlp"],
    "gan": ["optimizer=sgd momentum=0 d_dropout=0"],
    "dcgan": [
        "pack=2 real_target=0.9",
        "spectral=true g_blocks14=1 d_blocks7=1",
        "g_blocks7=2 d_blocks14=1 modes=16 schedule=root hold=6 ema_width=0.1",
    ],
    # At the recipe's rates rounding turns a unit off within these steps, now and then.
    "wgan": ["g_rate=0.0005 d_rate=0.0005", "net=mlp d_norm=false r1=2 r2=1"],
    "wgan_gp": ["decay=1.01 penalty=5 ema=0"],
    "cgan": [
        "net=mlp",
        # Slow, as wgan.
        "d_blocks14=1 d_blocks7=1 modes=3 latent=70 noise=uniform schedule=cosine hold=2 length=4 g_rate=0.001 d_rate=0.001",
    ],
    # As wgan: at a tenth of the recipe's rates, or by SGD, both agree within 4e-6; at its rates one unit turned off parts them by 4e-2.
    "r3gan": [
        "g_rate=0.0002 d_rate=0.0002",
        "g_blocks14=1 modes=64 latent=70 ema=0 ema_width=0.25 g_rate=0.0002 d_rate=0.0002",
    ],
    "cyclegan": [
        "domains=slant spectral=true loss=hinge d_rate=0.001 g_rate=0.001",
        "pool=20 domains=outline identity=0 ema=0",
        "schedule=cosine hold=3 length=10 ema_width=0.05",
        "domains=quarter-turn",
    ],
}
"""What runs are tried with beside their recipes' own settings."""

torch.set_num_threads(1)


def strokes(count: int) -> np.ndarray:
    """(count, 28, 28) bytes: a few thick lines each."""
    rng = np.random.default_rng(5)
    rows, columns = np.mgrid[:28, :28]
    ink = np.zeros((count, 28, 28))
    for image in ink:
        for _ in range(3):
            (y, x), (v, u) = rng.uniform(5, 23, (2, 2))
            along = np.clip(((rows - y) * (v - y) + (columns - x) * (u - x)) / ((v - y) ** 2 + (u - x) ** 2), 0, 1)
            away = np.hypot(rows - y - along * (v - y), columns - x - along * (u - x))
            np.maximum(image, np.clip(2.5 - away, 0, 1), out=image)
    return (ink * 255).astype(np.uint8)


class Page:
    """What the page's session draws from where a run stands, word for word."""

    def __init__(self, run: ganvas.Checkpoint, data: digits.Digits) -> None:
        self.knobs, self.data, self.batch = run.knobs, data, int(run.knobs["batch"])
        self.sampler = digits.Sampler(run.seed, run.numbers)
        self.made = chance.Stream(run.seed, chance.LATENTS, run.numbers.get("latents", 0))
        self.mixing = chance.Stream(run.seed, chance.PENALTY, run.numbers["mixing"])
        if run.translates:
            self.views = [digits.view(run.knobs["domains"], side, data.pixels[i::2]) for i, side in enumerate("ab")]

    def real(self) -> tuple[Tensor, Tensor]:
        indices = self.sampler.draw(self.batch, len(self.data.pixels))
        return self.data.pixels[indices].float() / 255, self.data.classes[indices]

    def pair(self) -> tuple[Tensor, Tensor]:
        indices = self.sampler.draw(self.batch, len(self.data.pixels) // 2)
        return tuple(view[indices].float() / 255 for view in self.views)

    def latents(self) -> Tensor:
        return torch.from_numpy(self.made.latents(Latents.of(self.knobs), self.batch))

    def places(self) -> Tensor:
        return torch.from_numpy(self.mixing.uniforms(self.batch // int(self.knobs["pack"])))

    def swap(self, most: int) -> int | None:
        word = int(self.mixing.words(1)[0])
        return (word >> 1) * most >> 31 if word & 1 else None

    def numbers(self) -> dict[str, int]:
        streams = {"mixing": self.mixing.position, "latents": self.made.position}
        return self.sampler.numbers() | streams


def idle(run: ganvas.Checkpoint, name: str) -> bool:
    """Whether a tensor holds a bias that a normalisation takes away again, its moments, or the mean it is taken away with: rounding."""
    who, index, what = name.split(".")[:3] if name.count(".") > 1 else (name, "0", "")
    layers = run.discriminator if who.startswith("d") else run.generator

    def normed(place: int) -> bool:
        after = [layer for layer in layers[place + 1 :] if not layer.startswith("reshape")]
        return place >= 0 and layers[place].startswith(("dense", "conv", "deconv")) and "-norm" in "".join(after[:1])

    place = int(index)
    return (what == "bias" and normed(place)) or (what == "running_mean" and (normed(place - 1) or normed(place - 2)))


def said(*arguments: object) -> str:
    """What a command of go_on.py prints."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        go_on.main([str(argument) for argument in arguments])
    return out.getvalue()


class Case(unittest.TestCase):
    """A test with a folder of its own, and digits in it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.data = self.folder / "digits"
        self.data.mkdir()
        images, labels = torch.from_numpy(strokes(200)), torch.arange(200) % 10
        (self.data / "train-images-idx3-ubyte").write_bytes(digits.idx(images))
        (self.data / "train-labels-idx1-ubyte").write_bytes(digits.idx(labels))

    def assert_close(
        self, run: ganvas.Checkpoint, ours: dict[str, Tensor], theirs: dict[str, Tensor], most: float = 1e-4
    ):
        self.assertEqual(ours.keys(), theirs.keys())
        for name, values in theirs.items():
            if not idle(run, name):
                away = (ours[name] - values).abs().max() / values.abs().max().clamp(min=1e-2)
                self.assertLess(away.item(), most, name)


@unittest.skipUnless(GANVAS.is_file(), f"{GANVAS} is not built")
class WithTheEngine(Case):
    def ganvas(self, *arguments: object) -> None:
        """Runs the engine's command; its failure is the test's."""
        done = subprocess.run([GANVAS, *map(str, arguments)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def trained(self, recipe: str, settings: str = "", steps: int = 5) -> Path:
        """A checkpoint of the engine's."""
        out = self.folder / f"{recipe}-{settings.replace(' ', '-')}-{steps}.safetensors"
        if not out.exists():
            knobs = [part for setting in settings.split() for part in ("--set", setting)]
            self.ganvas(
                "train", "--recipe", recipe, "--seed", 4, "--steps", steps, "--data", self.data, "--out", out, *knobs
            )
        return out

    def test_digits_of_a_seed_are_the_engines(self):
        for recipe in RECIPES:
            if recipe == "cyclegan":
                continue
            tried = SETTINGS.get(recipe, [])
            for settings in ["", *tried[:1], *(settings for settings in tried[1:] if "modes" in settings)]:
                with self.subTest(recipe, settings=settings):
                    file, theirs, ours = (
                        self.trained(recipe, settings),
                        self.folder / "theirs.idx",
                        self.folder / "ours.idx",
                    )
                    self.ganvas("sample", "--from", file, "--seed", 7, "--count", 300, "--out", theirs)
                    said("sample", file, "--seed", 7, "--count", 300, "--out", ours)
                    names = [path.with_name(f"{path.stem}-labels-idx1-ubyte") for path in (ours, theirs)]
                    self.assertEqual(*(path.exists() and path.read_bytes() for path in names))
                    run = ganvas.read(file)
                    z = chance.Stream(7, chance.SAMPLES).latents(Latents.of(run.knobs), 300)
                    latents = self.folder / "latents.json"
                    latents.write_text(json.dumps(z.tolist()))
                    pixels = ganvas.digits(run, torch.from_numpy(z), torch.arange(300) % 10).numpy()
                    rounded = digits.items(theirs, digits.IMAGES)
                    # Before rounding: a byte is within half of what it was made of.
                    self.assertLess(np.abs(pixels * 255 - rounded).max(), 0.5 + 255 * CLOSE)
                    before = ours.read_bytes()
                    said("sample", file, "--latents", latents, "--out", ours)
                    self.assertEqual(ours.read_bytes(), before)

    def test_translations_are_the_engines(self):
        start = self.trained("cyclegan", "ema=0 pool=200")
        after = self.folder / "after.safetensors"
        self.ganvas("train", "--from", start, "--steps", 1, "--data", self.data, "--out", after)
        data = digits.read(self.data)
        for pool, average, side in (("pool", "average", 0), ("pool_a", "average_a", 1)):
            # Without an average the translators are those of the next step, which keeps what they make.
            theirs, run = load_file(after)[pool], ganvas.read(start)
            kept, batch = len(run.tensors[pool]), int(run.knobs["batch"])
            self.assertEqual(len(theirs), kept + batch)
            ours = ganvas.digits(run, Page(run, data).pair()[side], name=average)
            self.assertLess((ours - theirs[kept:]).abs().max().item(), CLOSE)

    def test_a_generator_alone(self):
        for recipe, settings in (("dcgan", ""), ("cgan", ""), ("gan", ""), ("dcgan", "modes=16 g_blocks7=1")):
            with self.subTest(recipe, settings=settings):
                file, half = self.trained(recipe, settings), self.folder / "half.safetensors"
                self.ganvas(
                    "train",
                    "--from",
                    file,
                    "--steps",
                    1,
                    "--data",
                    self.data,
                    "--out",
                    self.folder / "on.safetensors",
                    "--generator",
                    half,
                )
                full, tensors = ganvas.read(self.folder / "on.safetensors"), load_file(half)
                self.assertEqual({values.dtype for values in tensors.values()}, {torch.float16})
                alone = ganvas.read(half)
                self.assertTrue(alone.alone)
                z = torch.randn(20, Latents.of(full.knobs).width)
                both = [ganvas.digits(run, z, torch.arange(20) % 10) for run in (alone, full)]
                self.assertLess((both[0] - both[1]).abs().max().item(), 0.03)
                said("sample", half, "--count", 5, "--out", self.folder / "five.png")

    def test_training_goes_on_as_the_engines_does(self):
        """From the same checkpoint and by the page's own draws: every weight, moment and number."""
        data = digits.read(self.data)
        for recipe in RECIPES:
            still = "" if recipe == "cyclegan" else "d_dropout=0 "
            for settings in ["", *SETTINGS.get(recipe, [])][recipe in ("wgan", "r3gan") :]:
                with self.subTest(recipe, settings=settings):
                    file, after = self.trained(recipe, still + settings), self.folder / "after.safetensors"
                    self.ganvas("train", "--from", file, "--steps", 3, "--data", self.data, "--out", after)
                    run, theirs = ganvas.read(file), ganvas.read(after)
                    draws, game = Page(run, data), go_on.playing(run)
                    game.restore(run.tensors, run.numbers)
                    for _ in range(3):
                        game.step(draws)
                    tensors, numbers = game.state()
                    ours = ganvas.gone_on(run, tensors, numbers | draws.numbers())
                    # An instance norm makes much of rounding where a channel is empty.
                    self.assert_close(run, ours.tensors, theirs.tensors, 1e-3 if run.translates else 1e-4)
                    self.assertEqual({name: ours.numbers[name] for name in theirs.numbers}, theirs.numbers)

    def test_what_is_written_the_engine_goes_on_with(self):
        for recipe in RECIPES:
            for settings in ["", *SETTINGS.get(recipe, [])]:
                with self.subTest(recipe, settings=settings):
                    file, more = self.trained(recipe, settings), self.folder / "more.safetensors"
                    said("train", file, "--digits", self.data, "--steps", 3, "--out", more)
                    before, after = ganvas.read(file), ganvas.read(more)
                    self.assertEqual({**before.metadata, "numbers": ""}, {**after.metadata, "numbers": ""})
                    self.assertEqual(after.numbers["step"], 8)
                    shapes = [
                        {name: values.shape for name, values in run.tensors.items() if "pool" not in name}
                        for run in (before, after)
                    ]
                    self.assertEqual(*shapes)
                    self.ganvas(
                        "train",
                        "--from",
                        more,
                        "--steps",
                        2,
                        "--data",
                        self.data,
                        "--out",
                        self.folder / "end.safetensors",
                    )
                    end = ganvas.read(self.folder / "end.safetensors")
                    self.assertEqual(end.numbers["step"], 10)
                    self.ganvas("sample", "--from", more, "--count", 4, "--out", self.folder / "four.png")

    def test_two_processes_learn_what_one_does(self):
        same = {
            "r3gan": "",  # compares pairs, R1, R2
            "wgan_gp": "g_norm=false",
            "dcgan": "g_norm=false d_norm=false spectral=true pack=2 modes=4 schedule=root hold=6 ema_width=0.1",
            "cyclegan": "g_norm=false d_norm=false pool=0",
        }
        runs = [*same.items(), ("dcgan", ""), ("cgan", ""), ("wgan", ""), ("cyclegan", "")]
        files = [self.trained(recipe, settings) for recipe, settings in runs]
        outs = [self.folder / f"two-{number}.safetensors" for number in range(len(runs))]
        commands = [self.command(file, out) for file, out in zip(files, outs)]
        (self.folder / "commands.json").write_text(json.dumps(commands))
        (self.folder / "spy.py").write_text(SPY)
        start = [
            sys.executable,
            "-m",
            "torch.distributed.run",
            "--standalone",
            "--nproc_per_node",
            "2",
            self.folder / "spy.py",
            self.folder,
        ]
        environment = os.environ | {"PYTHONPATH": str(HERE), "OMP_NUM_THREADS": "1"}
        pipe = subprocess.PIPE
        with subprocess.Popen(list(map(str, start)), stdout=pipe, stderr=pipe, text=True, env=environment) as launched:
            try:
                told, complaints = launched.communicate(timeout=600)
            finally:
                launched.terminate()  # it ends its own processes; nothing where it is done
        self.assertEqual(launched.returncode, 0, complaints)
        self.assertEqual(told.count("2 processes on cpu"), len(runs))
        for number, ((recipe, settings), file, out) in enumerate(zip(runs, files, outs)):
            with self.subTest(recipe, settings=settings):
                before, two = ganvas.read(file), ganvas.read(out)
                first, second = (load_file(self.folder / f"{number}-{rank}.safetensors") for rank in range(2))
                for name, values in first.items():
                    if not name.startswith("pool"):  # earlier translations are each process's own
                        self.assertTrue(torch.equal(values, second[name]), name)
                        self.assertTrue(torch.equal(values, two.tensors[name]), name)
                moved = [
                    name
                    for name in first
                    if name.startswith(("g.", "d.")) and not torch.equal(first[name], before.tensors[name])
                ]
                self.assertGreater(len(moved), 4)
                one = self.folder / "one.safetensors"
                said(*self.command(file, one))
                alone = ganvas.read(one)
                self.assertEqual(alone.numbers, two.numbers)
                if settings or recipe == "r3gan":
                    self.assert_close(alone, two.tensors, alone.tensors)
                else:  # batches are normalised by their halves
                    away = [(alone.tensors[name] - two.tensors[name]).abs().max().item() for name in moved]
                    self.assertLess(max(away), 0.5)

    def command(self, file: Path, out: Path) -> list[str]:
        """What trains four steps."""
        return ["train", str(file), "--digits", str(self.data), "--steps", "4", "--device", "cpu", "--out", str(out)]


SPY = """
import json, os, sys
import torch.distributed as dist
from safetensors.torch import save_file
import go_on

folder, play = sys.argv[1], go_on.play


def watched(game, *rest):
    play(game, *rest)
    tensors = {name: values.detach().contiguous().clone() for name, values in game.state()[0].items()}
    save_file(tensors, f"{folder}/{number}-{os.environ['RANK']}.safetensors")


go_on.play = watched
with open(f"{folder}/commands.json") as file:
    for number, command in enumerate(json.load(file)):
        go_on.train(go_on.arguments().parse_args(command))
dist.destroy_process_group()
"""
"""Runs go_on.py's commands, and writes what each process holds in the end."""

KNOBS = {
    **dict.fromkeys(("pack", "d_steps", "decay", "real_target"), "1"),
    **dict.fromkeys(("r1", "r2", "penalty", "clip"), "0"),
    **{"latent": "6", "noise": "normal", "batch": "8", "loss": "non-saturating", "fresh_fakes": "true", "ema": "0.9"},
    **{"optimizer": "adam", "momentum": "0.5", "beta2": "0.99", "g_rate": "0.01", "d_rate": "0.01"},
}
G = ["dense 12 identity", "batch-norm relu", "dense 784 sigmoid"]
D = ["dense 10 leaky-relu", "dense 1 identity"]


DEEP_G = [
    "dense 98 identity",
    "reshape 7x7x2",
    "batch-norm relu",
    *["conv 2 kernel 3 stride 1 padding 1 identity", "batch-norm relu"],
    "deconv 2 kernel 4 stride 2 padding 1 relu",
    "conv 2 kernel 3 stride 1 padding 1 relu",
    "deconv 1 kernel 4 stride 2 padding 1 sigmoid",
]
DEEP_D = [
    "conv 2 kernel 4 stride 2 padding 1 leaky-relu",
    *["conv 2 kernel 3 stride 1 padding 1 identity", "batch-norm leaky-relu"],
    "dense 1 identity",
]


def beginning(generator: list[str] = G, discriminator: list[str] = D, **knobs: str) -> ganvas.Checkpoint:
    """A checkpoint of PyTorch's own first weights, before the first iteration."""
    torch.manual_seed(1)
    knobs = KNOBS | knobs
    tensors, numbers = duel.Duel(generator, discriminator, knobs).state()
    if knobs.pop("spectral", "") == "true":
        matrices = {name: values for name, values in tensors.items() if name.startswith("d.") and values.dim() == 2}
        tensors |= {f"d_spectral.{name[2:]}": values for name, values in matrices.items()}
    packed = {"knobs": knobs, "generator": generator, "discriminator": discriminator}
    metadata = {"format": ganvas.FORMAT, "recipe": "mine", "seed": "7"}
    metadata |= {name: json.dumps(value) for name, value in packed.items()} | {"numbers": "{}"}
    start = ganvas.Checkpoint(
        "mine", 7, numbers={"drawn": 0, "mixing": 0, "latents": 0}, tensors={}, metadata=metadata, **packed
    )
    return ganvas.gone_on(start, tensors, numbers)


SCHEDULES = {"constant": 1, "root": 0.5, "cosine": duel.LOWEST}
"""What they leave of the rates at four times as many steps as are held."""

ENGINE = [
    [1695, 427, 1764, 170, 1722, 1851, 353, 979],
    [35581, 49923, 54916, 14940, 38321, 47375, 16878, 762],
]
"""The first digits of the first two passes of seed 5 over 60,000, by the engine."""


class Alone(Case):
    def test_a_run_that_is_interrupted_loses_nothing(self):
        runs = {
            "adam": beginning(),
            "sgd": beginning(optimizer="sgd"),
            "rmsprop, clipped": beginning(optimizer="rmsprop", clip="0.1", loss="wasserstein", d_steps="2"),
            "spectral, packed": beginning(discriminator=["pack 2", *D], pack="2", spectral="true", loss="hinge"),
            "penalised": beginning(penalty="10", r1="1", r2="1", loss="relativistic", decay="1.01"),
            "told": beginning(["label 1", *G], ["reshape 1x1x784", "label 1", *D], fresh_fakes="false"),
            "modes, falling": beginning(modes="3", schedule="root", hold="1", ema="0", ema_width="0.1"),
            "deep": beginning(DEEP_G, DEEP_D, modes="2", schedule="cosine", hold="1", length="2"),
        }
        data = digits.read(self.data)
        for name, run in runs.items():
            with self.subTest(name):
                whole, draws = go_on.playing(run), Page(run, data)
                whole.restore(run.tensors, run.numbers)
                expected = [[value.item() for value in whole.step(draws)] for _ in range(4)]
                first, draws, file = go_on.playing(run), Page(run, data), self.folder / "run.safetensors"
                first.restore(run.tensors, run.numbers)
                losses = [[value.item() for value in first.step(draws)] for _ in range(2)]
                tensors, numbers = first.state()
                ganvas.write(ganvas.gone_on(run, tensors, numbers | draws.numbers()), file)
                again = ganvas.read(file)
                second, draws = go_on.playing(again), Page(again, data)
                second.restore(again.tensors, again.numbers)
                losses += [[value.item() for value in second.step(draws)] for _ in range(2)]
                self.assertEqual(losses, expected)
                # An optimiser that forgot would differ, but for one without memory.
                forgetful, draws = go_on.playing(again), Page(again, data)
                self.assertNotEqual([[value.item() for value in forgetful.step(draws)] for _ in range(2)], expected[2:])

    def test_synchronised_batch_norms_keep_their_weights(self):
        net = ganvas.build([*G[:1], "batch-norm relu", "reshape 2x3x2", "batch-norm tanh"], 5)
        before = ganvas.save(net, "g")
        duel.synchronise(net)
        kinds = [type(unit.module) for unit in net.units.values()]
        self.assertEqual(kinds, [torch.nn.Linear, torch.nn.SyncBatchNorm, torch.nn.SyncBatchNorm])
        self.assertTrue(all(unit.module in list(net) for unit in net.units.values()))
        after = ganvas.save(net, "g")
        self.assertTrue(
            before.keys() == after.keys() and all(torch.equal(before[name], after[name]) for name in before)
        )

    def test_chance_is_the_engines(self):
        # crate/engine/src/rng.rs holds the engine to the same bits.
        bits = np.array([1_061_672_864, 3_188_097_295, 1_061_986_540, 3_207_456_947, 3_212_681_857], np.uint32)
        ours = chance.Stream(42, chance.LATENTS).latents(Latents(5), 1)
        np.testing.assert_allclose(ours, bits.view(np.float32)[None], rtol=1e-6)
        stream = chance.Stream(9, 5)
        parts = np.concatenate([stream.words(count) for count in (3, 14, 40)])
        np.testing.assert_array_equal(parts, chance.Stream(9, 5).words(57))

    def test_latents_with_modes_are_drawn_vector_by_vector(self):
        for noise, numbers in (("normal", 6), ("normal", 70), ("uniform", 6)):
            space, plain = Latents(numbers, noise, 7), Latents(numbers, noise)
            whole, parts, words = (chance.Stream(3, chance.LATENTS) for _ in range(3))
            drawn = whole.latents(space, 500)
            for vector in drawn[:20]:
                np.testing.assert_array_equal(vector[:numbers], words.latents(plain, 1)[0])
                mode = int(words.words(1)[0]) * 7 >> 32
                self.assertEqual(vector[numbers:].tolist(), [chance.MODE * (place == mode) for place in range(7)])
            self.assertEqual(set(drawn[:, numbers:].argmax(1).tolist()), set(range(7)))
            np.testing.assert_array_equal(drawn, np.concatenate([parts.latents(space, count) for count in (3, 0, 497)]))
            self.assertEqual(whole.position, parts.position)

    def test_rates_hold_and_then_fall_as_the_schedule_says(self):
        knobs = {"hold": "100", "length": "200"}
        share = {name: lambda done, name=name: duel.rate_factor(knobs | {"schedule": name}, done) for name in SCHEDULES}
        for name, most in SCHEDULES.items():
            self.assertEqual([share[name](done) for done in (0, 100)], [1, 1], name)
            self.assertAlmostEqual(share[name](400), most, 12, name)
        self.assertEqual(share["root"](1_000_000), 0.01)
        self.assertAlmostEqual(share["cosine"](200), (1 + duel.LOWEST) / 2, 12)
        self.assertEqual(share["cosine"](300), share["cosine"](1_000_000))
        self.assertEqual(duel.rate_factor({}, 1000), 1, "knobs of before")
        both = {"decay": "1.01", "schedule": "root", "hold": "4"}
        self.assertAlmostEqual(duel.fallen(0.01, both, 16), 0.005 / 1.01**16, 12)
        self.assertEqual(duel.fallen(0.01, both, 1_000_000), 1e-6)
        with self.assertRaisesRegex(ValueError, "no schedule is called 'steep'"):
            duel.rate_factor({"schedule": "steep"}, 1)

    def test_an_average_of_a_width_is_as_wide_a_share_of_any_run(self):
        # Karras et al. 2023 name these two in section 3.1.
        self.assertAlmostEqual(duel.power(0.05), 16.97, 2)
        self.assertAlmostEqual(duel.power(0.1), 6.94, 2)
        knobs = {"ema": "0.9", "ema_width": "0.1"}
        for steps in (100, 2000):
            # The weight of each step in the average after the last, and the deviation of steps under it.
            keeps = np.array([duel.kept(knobs, done) for done in range(steps)])
            weights = (1 - keeps) * np.append(np.cumprod(keeps[:0:-1])[::-1], 1)
            mean, square = (weights @ np.arange(1.0, steps + 1) ** power for power in (1, 2))
            self.assertAlmostEqual(weights.sum(), 1, 9)
            self.assertAlmostEqual((square - mean**2) ** 0.5 / steps, 0.1, 2)
        self.assertEqual([duel.kept({"ema": "0.5"}, done) for done in (0, 2, 8, 100)], [0.1, 0.25, 0.5, 0.5])
        self.assertEqual([duel.averages({"ema": "0", "ema_width": width}) for width in ("0", "0.1")], [False, True])

    def test_a_pass_draws_every_digit_once_and_the_first_from_a_window_that_grows(self):
        sampler = digits.Sampler(1, {"drawn": 0})
        passes = [sampler.draw(size, 5000) for size in (5000, 5000)]
        for drawn in passes:
            self.assertEqual(sorted(drawn.tolist()), list(range(5000)))
        self.assertTrue(all(digit < chance.window(i, 5000) for i, digit in enumerate(passes[0].tolist())))
        self.assertTrue((passes[1][:1000] > 4096).any())
        self.assertEqual((sampler.numbers(), torch.equal(*passes)), ({"drawn": 10000}, False))

    def test_the_order_of_digits_is_the_engines(self):
        # crate/engine/tests/sampler.rs holds the engine to the same.
        self.assertEqual(digits.Sampler(5, {"drawn": 0}).draw(8, 60000).tolist(), ENGINE[0])
        self.assertEqual(digits.Sampler(5, {"drawn": 60000}).draw(8, 60000).tolist(), ENGINE[1])

    def test_a_run_of_before_goes_on_from_as_many_draws(self):
        staged = digits.Sampler(7, {"epoch": 3, "cursor": 100})
        self.assertEqual(staged.numbers(), {"epoch": 3, "cursor": 100})
        counted = digits.Sampler(7, {"drawn": 2048 + 2048 + 4096 + 100})
        self.assertTrue(torch.equal(staged.draw(50, 10000), counted.draw(50, 10000)))
        self.assertEqual(staged.numbers(), {"drawn": 8342})

    def test_a_pool_swaps_what_it_keeps(self):
        class Swaps:
            places = iter([None, 0, 1, 0])

            def swap(self, most: int) -> int | None:
                return next(self.places)

        pool = cycle.Pool(torch.empty(0, 784))
        rows = torch.arange(6.0)[:, None].expand(6, 784)
        first = pool.exchange(rows[:2], 2, Swaps())
        shown = pool.exchange(rows[2:], 2, Swaps())
        self.assertEqual([first[:, 0].tolist(), shown[:, 0].tolist()], [[0, 1], [2, 0, 1, 3]])
        self.assertEqual(pool.kept[:, 0].tolist(), [5, 4])

    def test_pictures_are_png(self):
        images = torch.from_numpy(strokes(5))
        data = digits.png(images)
        self.assertEqual(data[:8], b"\x89PNG\r\n\x1a\n")
        chunks, at = {}, 8
        while at < len(data):
            size = struct.unpack(">I", data[at : at + 4])[0]
            kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
            self.assertEqual(struct.unpack(">I", data[at + 8 + size : at + 12 + size])[0], zlib.crc32(kind + body))
            chunks[kind], at = body, at + 12 + size
        self.assertEqual(chunks[b"IHDR"], struct.pack(">IIBBBBB", 84, 56, 8, 0, 0, 0, 0))
        lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(56, 85)
        self.assertFalse(lines[:, 0].any())
        np.testing.assert_array_equal(lines[28:, 1 + 28 : 1 + 56], images[4])
        self.assertFalse(lines[28:, 1 + 56 :].any())

    def test_digits_are_found_under_every_name(self):
        images = (self.data / "train-images-idx3-ubyte").read_bytes()
        labels = (self.data / "train-labels-idx1-ubyte").read_bytes()
        for i, (first, second) in enumerate(
            [
                ("train-images.idx3-ubyte", "train-labels.idx1-ubyte"),
                ("train-images-idx3-ubyte (1).gz", "train-labels-idx1-ubyte (1).gz"),
                ("MNIST/raw/train-images-idx3-ubyte", "MNIST/raw/train-labels-idx1-ubyte"),
                ("train-images-idx3-ubyte/train-images-idx3-ubyte", "train-labels-idx1-ubyte/train-labels-idx1-ubyte"),
            ]
        ):
            folder = self.folder / f"names{i}"
            for name, data in ((first, images), (second, labels)):
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                half = len(data) // 2
                path.write_bytes(gzip.compress(data[:half]) + gzip.compress(data[half:]) if path.suffix == ".gz" else data)
            read = digits.read(folder)
            self.assertEqual(read.pixels.tolist(), digits.read(self.data).pixels.tolist(), first)
            self.assertEqual(read.classes.tolist(), [i % 10 for i in range(200)], first)

    def test_a_whole_file_wins_over_a_cut_one(self):
        packed = gzip.compress((self.data / "train-images-idx3-ubyte").read_bytes())
        (self.data / "train-images-idx3-ubyte.gz").write_bytes(packed[:500])
        (self.data / "train-labels-idx1-ubyte.gz").write_bytes(b"")
        read = digits.read(self.data)
        self.assertEqual((len(read.pixels), read.classes.tolist()), (200, [i % 10 for i in range(200)]))

    def test_labels_of_qmnist_and_one_hot_ones_are_classes(self):
        for name, code, rows in (
            ("idx2-int", 12, [[i % 10, 4, 7, 0, 0, 9, 0, 0] for i in range(200)]),
            ("idx2-ubyte", 8, [[int(k == i % 10) for k in range(10)] for i in range(200)]),
        ):
            (self.data / "train-labels-idx1-ubyte").unlink(missing_ok=True)
            table = np.array(rows, digits.ELEMENTS[code])
            path = self.data / f"train-labels-{name}"
            path.write_bytes(bytes([0, 0, code, 2]) + np.array(table.shape, ">u4").tobytes() + table.tobytes())
            self.assertEqual(digits.read(self.data).classes.tolist(), [i % 10 for i in range(200)], name)
            path.unlink()

    def test_sample_and_train_by_the_command(self):
        run, more = self.folder / "run.safetensors", self.folder / "more.safetensors"
        start = beginning()
        ganvas.write(start, run)
        said("sample", run, "--count", 3, "--seed", 2, "--out", self.folder / "three.idx")
        images = digits.items(self.folder / "three.idx", digits.IMAGES)
        z = torch.from_numpy(chance.Stream(2, chance.SAMPLES).latents(Latents(6), 3))
        np.testing.assert_array_equal(images, ganvas.grey(ganvas.digits(start, z)).flatten(1))
        rows = self.folder / "rows.json"
        modal = beginning(modes="3")
        ganvas.write(modal, self.folder / "modal.safetensors")
        z = chance.Stream(2, chance.SAMPLES).latents(Latents(6, modes=3), 3)
        rows.write_text(json.dumps(z.tolist()))
        for how in (["--count", 3, "--seed", 2], ["--latents", rows]):
            said("sample", self.folder / "modal.safetensors", *how, "--out", self.folder / "three.idx")
            images = digits.items(self.folder / "three.idx", digits.IMAGES)
            expected = ganvas.grey(ganvas.digits(modal, torch.from_numpy(z)))
            np.testing.assert_array_equal(images, expected.flatten(1))
        told = said(
            "train", run, "--digits", self.data / "train-images-idx3-ubyte", "--steps", 30, "--batch", 20, "--out", more
        )
        self.assertIn("iteration 30 is in", told)
        after = ganvas.read(more)
        self.assertEqual((after.numbers["step"], after.numbers["drawn"]), (30, 600))
        self.assertEqual(after.knobs, start.knobs)

    def test_mistakes_are_told_in_a_line(self):
        file = {
            name: self.folder / f"{name}.safetensors"
            for name in ("run", "told", "modal", "half", "cut", "newer", "nan", "bare", "misfit", "cycle", "old")
        }
        run, told = beginning(), beginning(["label 1", *G], ["reshape 1x1x784", "label 1", *D])
        ganvas.write(run, file["run"])
        ganvas.write(told, file["told"])
        ganvas.write(beginning(modes="3"), file["modal"])
        alone = {name: run.metadata[name] for name in ("recipe", "seed", "knobs", "generator")}
        half = {name: values.half() for name, values in run.tensors.items() if name.startswith("average")}
        save_file(half, file["half"], alone | {"format": ganvas.GENERATOR})
        save_file(
            half,
            file["old"],
            {name: text for name, text in alone.items() if name != "generator"} | {"format": ganvas.GENERATOR},
        )
        file["cut"].write_bytes(file["run"].read_bytes()[:-100])
        save_file(run.tensors, file["newer"], run.metadata | {"format": "ganvas 2"})
        save_file(run.tensors | {"g.0.bias": torch.full((12,), torch.nan)}, file["nan"], run.metadata)
        save_file(run.tensors, file["bare"])
        save_file(run.tensors | {"average.0.bias": torch.zeros(3)}, file["misfit"], run.metadata)
        save_file(run.tensors, file["cycle"], run.metadata | {"knobs": json.dumps(KNOBS | {"domains": "drawn"})})
        text, short, empty = self.folder / "text", self.folder / "short.json", self.folder / "empty"
        text.write_text("hello")
        short.write_text("[[1, 2], [3, 4]]")
        bare_rows = self.folder / "bare.json"
        bare_rows.write_text("[[1, 2, 3, 4, 5, 6]]")
        empty.mkdir()
        bare = self.folder / "bare.idx"
        bare.write_bytes((self.data / "train-images-idx3-ubyte").read_bytes())
        cut = self.folder / "cut.idx"
        cut.write_bytes(bare.read_bytes()[:-5])
        out, png = self.folder / "out.safetensors", self.folder / "out.png"

        def train(name: str, *more: object, data: Path = self.data) -> list[object]:
            return ["train", file[name], "--digits", data, "--steps", 1, "--out", out, *more]

        mistakes = [
            (["sample", self.folder / "nowhere", "--out", png], "nowhere"),
            (["sample", text, "--out", png], "is no safetensors file"),
            (["sample", file["cut"], "--out", png], "is no safetensors file"),
            (["sample", file["newer"], "--out", png], "its format is ganvas 2, expected"),
            (["sample", file["bare"], "--out", png], "its format is not said"),
            (["sample", file["nan"], "--out", png], "g.0.bias holds numbers that are not finite"),
            (["sample", file["old"], "--out", png], "its metadata has no generator"),
            (["sample", file["misfit"], "--out", png], "average.0.bias is (3,), which does not fit"),
            (["sample", file["run"], "--out", self.folder / "out.gif"], "ends in .png"),
            (["sample", file["run"], "--class", 3, "--out", png], "is told no class"),
            (["sample", file["run"], "--latents", short, "--out", png], "takes 6 a digit"),
            (
                ["sample", file["modal"], "--latents", bare_rows, "--out", png],
                "holds (1, 6) numbers; the generator takes 9 a digit: 6 latent ones and the places of 3 modes",
            ),
            (["sample", file["run"], "--latents", text, "--out", png], "is no JSON list of latents"),
            (["sample", file["cycle"], "--out", png], "name some with --digits"),
            (train("half"), "holds a generator alone"),
            (train("run", data=self.folder / "nowhere"), "nowhere"),
            (train("run", data=empty), "holds no train-images-idx3-ubyte.gz"),
            (train("run", data=text), "is no IDX file of images"),
            (train("run", data=cut), "declares 200 images"),
            (train("told", data=bare), "is told labels"),
            (train("told", "--labels", text, data=bare), "is no IDX file of labels"),
            (train("cycle"), "--other"),
            (train("run", "--out", self.folder / "nowhere" / "out"), "nowhere"),
        ]
        if not torch.cuda.is_available():
            mistakes.append((train("run", "--device", "cuda"), "finds no GPU"))
        for command, message in mistakes:
            with self.subTest(command), self.assertRaises(SystemExit) as ended:
                said(*command)
            self.assertIn(message, str(ended.exception.code))
            self.assertRegex(str(ended.exception.code), r"\Aerror: [^\n]+\Z")
        self.assertFalse(out.exists() or png.exists())


if __name__ == "__main__":
    unittest.main()
