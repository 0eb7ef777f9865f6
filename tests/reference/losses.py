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
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor

import ganvas
from duel import Duel, d_losses, g_loss, normalise, optimizer

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


def run(path: Path) -> list[list[float]]:
    """The losses of ten steps: D's on real digits, on generated ones, its penalties, and G's."""
    start = ganvas.read(path)
    draws = Given(load_file(path.with_name(f"{path.stem}-inputs.safetensors")))
    duel = Duel(start.generator, start.discriminator, start.knobs, start.tensors)
    return [[round(value.item(), 7) for value in duel.step(draws)] for _ in range(STEPS)]


def translate(path: Path) -> list[list[float]]:
    """The losses of ten steps of CycleGAN (arXiv:1703.10593): the discriminators' on real digits, on translations,
    what is not kept, and what the discriminators say of the translators."""
    start = ganvas.read(path)
    drawn = load_file(path.with_name(f"{path.stem}-inputs.safetensors"))
    knobs = start.knobs
    names = [("g_a", "d_a"), ("g", "d")]  # into A, into B
    into = [ganvas.build(start.generator, ganvas.DIGIT) for _ in names]
    judges = [ganvas.build(start.discriminator, ganvas.DIGIT) for _ in names]
    for g, d, (g_name, d_name) in zip(into, judges, names):
        ganvas.load(g, start.tensors, g_name)
        ganvas.load(d, start.tensors, d_name)
        normalise(d, start.tensors, d_name)
    g_steps = optimizer(knobs, float(knobs["g_rate"]), [p for g in into for p in g.parameters()])
    d_steps = optimizer(knobs, float(knobs["d_rate"]), [p for d in judges for p in d.parameters()])
    targets = (float(knobs["real_target"]), float(knobs["fake_target"]), float(knobs["g_target"]))
    kind, cycle, identity = knobs["loss"], float(knobs["cycle"]), float(knobs["identity"])
    losses = []
    for step in range(STEPS):
        real = [drawn[f"a.{step}"], drawn[f"b.{step}"]]
        fake = [into[0](real[1]), into[1](real[0])]
        game = sum(2 * g_loss(kind, d(x), d(y), targets) for d, x, y in zip(judges, real, fake))
        kept = sum(cycle * F.l1_loss(into[i](fake[1 - i]), real[i]) for i in range(2))
        if identity:
            kept = kept + sum(identity * F.l1_loss(into[i](real[i]), real[i]) for i in range(2))
        g_steps.zero_grad()
        (game + kept).backward()
        g_steps.step()
        terms = [d_losses(kind, judges[i](real[i]), judges[i](fake[i].detach()), targets) for i in range(2)]
        on_real, on_fake = (sum(term) for term in zip(*terms))
        d_steps.zero_grad()
        (on_real + on_fake).backward()
        d_steps.step()
        losses.append([round(value.item(), 7) for value in (on_real, on_fake, kept, game)])
    return losses


def main() -> None:
    """Prints the losses of every run in a folder as JSON."""
    torch.set_num_threads(1)
    paths = sorted(path for path in Path(sys.argv[1]).glob("*.safetensors") if not path.stem.endswith("-inputs"))
    runs = {path.stem: translate(path) if path.stem.startswith("cyclegan") else run(path) for path in paths}
    lines = [f"  {json.dumps(name)}: {json.dumps(losses)}" for name, losses in runs.items()]
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main()
