"""Ten steps of every recipe in PyTorch, from the weights and on the draws that GANvas wrote: the losses that
crate/engine/tests/torch.rs is held to.

    cargo run --release --package ganvas --example inputs -- target/inputs
    python tests/reference/losses.py target/inputs > tests/reference/losses.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

import ganvas
from cycle import Cycle
from duel import Duel

STEPS = 10


class Given:
    """What training drew, as it was written, in order."""

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        self.tensors, self.looked, self.made = tensors, 0, 0

    def real(self) -> tuple[Tensor, Tensor]:
        self.looked += 1
        return self.tensors[f"real.{self.looked - 1}"], self.tensors[f"labels.{self.looked - 1}"]

    def latents(self) -> Tensor:
        self.made += 1
        return self.tensors[f"latents.{self.made - 1}"]

    def places(self) -> Tensor:
        return self.tensors[f"places.{self.looked - 1}"]


class GivenPairs:
    """The same of both domains; nothing was swapped."""

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        self.tensors, self.looked = tensors, 0

    def pair(self) -> tuple[Tensor, Tensor]:
        self.looked += 1
        return self.tensors[f"a.{self.looked - 1}"], self.tensors[f"b.{self.looked - 1}"]

    def swap(self, most: int) -> int | None:
        return None


def run(path: Path) -> list[list[float]]:
    """The losses of ten steps: D's on real digits, on generated ones, its penalties, and G's."""
    start = ganvas.read(path)
    draws = Given(load_file(path.with_name(f"{path.stem}-inputs.safetensors")))
    duel = Duel(start.generator, start.discriminator, start.knobs, start.tensors)
    return [[round(value.item(), 7) for value in duel.step(draws)] for _ in range(STEPS)]


def translate(path: Path) -> list[list[float]]:
    """The losses of ten steps of CycleGAN (arXiv:1703.10593): the discriminators' on real digits, on translations,
    what is not kept, and what the discriminators say of the translators."""
    draws = GivenPairs(load_file(path.with_name(f"{path.stem}-inputs.safetensors")))
    cycle = Cycle(ganvas.read(path))
    return [[round(value.item(), 7) for value in cycle.step(draws)] for _ in range(STEPS)]


def main() -> None:
    """Prints the losses of every run in a folder as JSON."""
    torch.set_num_threads(1)
    paths = sorted(path for path in Path(sys.argv[1]).glob("*.safetensors") if not path.stem.endswith("-inputs"))
    runs = {path.stem: translate(path) if path.stem.startswith("cyclegan") else run(path) for path in paths}
    lines = [f"  {json.dumps(name)}: {json.dumps(losses)}" for name, losses in runs.items()]
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main()
