"""Speed of training in PyTorch: reads a case a line, as JSON, and answers with a line.

    echo '{"case": "mine", "generator": ["dense 784 sigmoid"], "discriminator": ["dense 1 identity"], "knobs": {...}}' |
        python bench.py --threads 1 [--fused]

`knobs` are those of a GANvas checkpoint; nets have PyTorch's first weights and see noise.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

import ganvas
from chance import Latents
from duel import Duel

WARM_UP = 10
"""Iterations before the clock starts."""


class Noise:
    """Draws that cost what real ones do."""

    def __init__(self, knobs: Mapping[str, str]) -> None:
        self.batch, self.pack, self.space = int(knobs["batch"]), int(knobs["pack"]), Latents.of(knobs)
        self.digits = (torch.rand(10_000, 784) * 255).to(torch.uint8)
        self.classes = torch.arange(10_000) % 10

    def real(self) -> tuple[Tensor, Tensor]:
        indices = torch.randint(len(self.digits), (self.batch,))
        return self.digits[indices].float() / 255, self.classes[indices]

    def latents(self) -> Tensor:
        return ganvas.latents(self.space, self.batch)

    def places(self) -> Tensor:
        return torch.rand(self.batch // self.pack)


def answer(case: Mapping[str, Any], fused: bool | None = None) -> dict[str, Any]:
    """Iterations of a case, and their seconds."""
    torch.manual_seed(0)
    knobs = case["knobs"]
    duel, draws = Duel(case["generator"], case["discriminator"], knobs, fused=fused), Noise(knobs)
    for _ in range(WARM_UP):
        duel.step(draws)
    iterations, start = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - start) < float(case.get("seconds", 4)):
        duel.step(draws)
        iterations += 1
    return {
        "case": case.get("case"),
        "peer": "torch",
        "batch": draws.batch,
        "threads": torch.get_num_threads(),
        "iterations": iterations,
        "seconds": round(elapsed, 6),
        "iters_per_s": round(iterations / elapsed, 3),
    }


def main() -> None:
    """Answers until there is nothing more to read."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--fused", action="store_true", help="PyTorch's fused Adam, not its default")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(answer(json.loads(line), options.fused or None)), flush=True)


if __name__ == "__main__":
    main()
