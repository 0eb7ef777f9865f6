"""Trains a recipe's nets in PyTorch, too: the same layer lists, losses, rates and steps, its own chance. Prints both distances, seed by
seed, and the ratio of the medians. Both draw every digit once a pass; our first pass begins with the set's first digits, PyTorch's anywhere. For a translator it trains the supervised twin, which is shown what each digit should become.

    cargo build --release --package ganvas-cli
    MNIST_DIR=... python tests/quality/twin.py --recipes dcgan,wgan_gp [--steps 2000] [--seeds 1,2,3] [--set KEY=VALUE] [--out target/twin]

PyTorch's nets go back into a checkpoint, so that `cargo ganvas eval` measures both alike.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

ROOT = Path(__file__).resolve().parents[2]
GANVAS = ROOT / "target/release/ganvas-cli"
sys.path.insert(0, str(ROOT / "tests/reference"))

import ganvas  # noqa: E402
from chance import Latents  # noqa: E402
from duel import Duel, fallen, optimizer  # noqa: E402


def command(*arguments: str) -> str:
    """What `cargo ganvas` prints."""
    return subprocess.run([GANVAS, *arguments], check=True, capture_output=True, text=True).stdout


def content(name: str) -> bytes:
    """One of MNIST's files, unpacked."""
    path = Path(os.environ["MNIST_DIR"]) / name
    return path.read_bytes() if path.exists() else gzip.decompress(path.with_name(f"{name}.gz").read_bytes())


def body(name: str, header: int) -> Tensor:
    """The bytes of one of MNIST's files after its header."""
    return torch.frombuffer(bytearray(content(name)[header:]), dtype=torch.uint8)


def batches(count: int, size: int) -> Iterator[Tensor]:
    """Indices, pass after pass, each in a new order."""
    while True:
        order = torch.randperm(count)
        yield from order[: count - count % size].view(-1, size)


def write(nets: dict[str, ganvas.Net], start: Path, out: Path) -> None:
    """The checkpoint `start` with these nets in place of its own."""
    with safe_open(start, framework="pt") as file:
        metadata = file.metadata()
    tensors = load_file(start)
    for prefix, net in nets.items():
        tensors.update(ganvas.save(net, prefix))
    save_file(tensors, out, metadata)


class Drawn:
    """Batches of MNIST, latents and places of PyTorch's own chance."""

    def __init__(self, knobs: dict[str, str]) -> None:
        self.batch, self.pack, self.space = int(knobs["batch"]), int(knobs["pack"]), Latents.of(knobs)
        self.digits = body("train-images-idx3-ubyte", 16).view(-1, 784)
        self.classes = body("train-labels-idx1-ubyte", 8).long()
        self.indices = batches(len(self.digits), self.batch)

    def real(self) -> tuple[Tensor, Tensor]:
        indices = next(self.indices)
        return self.digits[indices].float() / 255, self.classes[indices]

    def latents(self) -> Tensor:
        return ganvas.latents(self.space, self.batch)

    def places(self) -> Tensor:
        return torch.rand(self.batch // self.pack)


def twin(start: Path, steps: int, seed: int, out: Path) -> None:
    """Trains in PyTorch from PyTorch's own draws; first weights are those of `start`, a checkpoint of its first step."""
    torch.manual_seed(seed)
    checkpoint = ganvas.read(start)
    duel = Duel(checkpoint.generator, checkpoint.discriminator, checkpoint.knobs, checkpoint.tensors)
    draws = Drawn(checkpoint.knobs)
    for _ in range(steps):
        duel.step(draws)
    write({"g": duel.g, "average": duel.mean}, start, out)


def supervised(start: Path, steps: int, seed: int, out: Path, views: list[Tensor]) -> None:
    """Both translators of CycleGAN's checkpoint by the distance to the truth, on as many batches: what pairs would be worth."""
    torch.manual_seed(seed)
    checkpoint = ganvas.read(start)
    knobs = checkpoint.knobs
    into = [ganvas.build(checkpoint.generator, ganvas.DIGIT) for _ in views]
    for net, name in zip(into, ("g_a", "g")):
        ganvas.load(net, checkpoint.tensors, name)
    rate = float(knobs["g_rate"])
    steps_of = optimizer(knobs, rate, [p for net in into for p in net.parameters()])
    drawn = batches(len(views[0]), int(knobs["batch"]))
    for step in range(steps):
        for group in steps_of.param_groups:
            group["lr"] = fallen(rate, knobs, step)
        indices = next(drawn)
        a, b = (view[indices].float() / 255 for view in views)
        loss = F.l1_loss(into[0](b), a) + F.l1_loss(into[1](a), b)
        steps_of.zero_grad()
        loss.backward()
        steps_of.step()
    names = {"g_a": into[0], "average_a": into[0], "g": into[1], "average": into[1]}
    write(names, start, out)


def views(domains: str, folder: Path) -> list[Tensor]:
    """Both domains' views of the training digits, (n, 784) each, as the engine makes them."""
    plain = folder / "train-images-idx3-ubyte"
    plain.write_bytes(content(plain.name))
    run = ["cargo", "run", "--release", "--quiet", "--package", "ganvas", "--example", "views", "--", domains, plain, folder]
    subprocess.run(run, check=True, cwd=ROOT)
    return [torch.frombuffer(bytearray((folder / name).read_bytes()[16:]), dtype=torch.uint8).view(-1, 784) for name in ("a.idx", "b.idx")]


def report(file: Path, seed: int) -> dict:
    """What `cargo ganvas eval` says of a checkpoint."""
    return json.loads(command("eval", "--from", str(file), "--seed", str(seed), "--json"))


def main() -> None:
    """Prints a line a seed and one a recipe."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--recipes", default="dcgan,gan,goodfellow,lsgan,wgan,wgan_gp,r3gan,cgan,cyclegan")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--set", action="append", default=[], help="KEY=VALUE, a knob of both sides (repeatable)")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ROOT / "target/twin")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    turned = [part for knob in options.set for part in ("--set", knob)]
    for recipe in options.recipes.split(","):
        found: tuple[list[float], list[float]] = ([], [])
        for seed in map(int, options.seeds.split(",")):
            start, ours, theirs = (options.out / f"{recipe}-{seed}-{name}.safetensors" for name in ("start", "ours", "theirs"))
            common = ("train", "--recipe", recipe, "--seed", str(seed), *turned)
            command(*common, "--steps", "1", "--out", str(start))
            command(*common, "--steps", str(options.steps), "--out", str(ours))
            translates = "domains" in ganvas.read(start).knobs
            if translates:
                seen = views(ganvas.read(start).knobs["domains"], options.out)
                supervised(start, options.steps, seed, theirs, seen)
            else:
                twin(start, options.steps, seed, theirs)
            reports = [report(file, seed) for file in (ours, theirs)]
            if translates:
                for who, said in zip(("ours", "supervised twin"), reports):
                    print(f"{recipe} seed {seed} {who}: class kept {said['class_kept']:.3f}, ink {said['ink_agreement']:.3f}, L1 {said['l1']:.4f}", flush=True)
                continue
            for distances, said in zip(found, reports):
                distances.append(said["frechet"])
            print(f"{recipe} seed {seed}, {options.steps} steps: ours {found[0][-1]:.1f}, PyTorch's {found[1][-1]:.1f}", flush=True)
        if found[0]:
            ours, theirs = map(statistics.median, found)
            print(f"{recipe}: median {ours:.1f} against PyTorch's {theirs:.1f}, ratio {ours / theirs:.2f}", flush=True)


if __name__ == "__main__":
    main()
