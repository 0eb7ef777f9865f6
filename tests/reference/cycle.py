"""Two translators between two domains, each against a discriminator of the domain it translates into (arXiv:1703.10593), by the knobs of
a GANvas checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

import ganvas
from duel import Player, compares, d_losses, follow, g_loss, kept, targets_of


class Draws(Protocol):
    """What an iteration draws."""

    def pair(self) -> tuple[Tensor, Tensor]:
        """The next digits of the domains A and B: (batch, 784) each, in [0, 1]."""

    def swap(self, most: int) -> int | None:
        """With even probabilities nothing, or a place below `most`."""


@dataclass
class Pool:
    """Earlier translations, (n, 784), that a discriminator is shown again (arXiv:1612.07828, section 2.3)."""

    kept: Tensor

    def exchange(self, fresh: Tensor, most: int, draws: Draws) -> Tensor:
        """What D sees instead of `fresh`, (batch, 784): while fewer than `most` are kept, the same; then for each digit with even probabilities the
        same, or one of those kept, whose place it takes."""
        self.kept = self.kept[:most]
        if not most:
            return fresh
        both, before = torch.cat([self.kept, fresh]), len(self.kept)
        places, seen = list(range(before)), []
        for digit in range(before, len(both)):
            place = draws.swap(most) if len(places) == most else None
            if place is None:
                seen.append(digit)
            else:
                seen.append(places[place])
                places[place] = digit
            if len(places) < most:
                places.append(digit)
        self.kept = both[places]
        return both[seen]


class Half:
    """One domain's half of the game: who translates into it, who knows it, and earlier translations."""

    def __init__(
        self, end: str, run: ganvas.Checkpoint, tensors: Mapping[str, Tensor], device: torch.device | None
    ) -> None:
        """The half whose nets' names end in `end`, with a checkpoint's weights."""
        self.end = end
        self.g = Player(f"g{end}", run.generator, ganvas.DIGIT, run.knobs, tensors, device)
        self.d = Player(f"d{end}", run.discriminator, ganvas.DIGIT, run.knobs, tensors, device)
        self.mean = ganvas.build(run.generator, ganvas.DIGIT)
        ganvas.load(self.mean, tensors, f"average{end}")
        self.mean.to(device)
        self.pool = Pool(tensors.get(f"pool{end}", torch.empty(0, 784)).to(device))


class Cycle:
    """The game of a checkpoint; nothing else of its run than weights and pools, for which see `restore`."""

    LOSSES = ("D on real", "D on translated", "not kept", "G")
    """What an iteration's numbers are."""

    def __init__(self, run: ganvas.Checkpoint, device: torch.device | None = None) -> None:
        self.knobs, self.done = run.knobs, 0
        self.halves = [Half(end, run, run.tensors, device) for end in ("_a", "")]  # into A, into B
        self.players = [player for half in self.halves for player in (half.g, half.d)]

    def restore(self, tensors: Mapping[str, Tensor], numbers: Mapping[str, int]) -> None:
        """Takes up what else a checkpoint holds of a run: moments and steps."""
        self.done = numbers["step"]
        for player in self.players:
            player.restore(tensors, numbers)

    def state(self) -> tuple[dict[str, Tensor], dict[str, int]]:
        """Tensors and numbers, as a checkpoint names them, but for what the draws know."""
        tensors: dict[str, Tensor] = {}
        numbers = {"step": self.done}
        for half in self.halves:
            tensors |= ganvas.save(half.mean, f"average{half.end}")
            if len(half.pool.kept):
                tensors[f"pool{half.end}"] = half.pool.kept
        for player in self.players:
            own, steps = player.state()
            tensors, numbers = tensors | own, numbers | steps
        return tensors, numbers

    def step(self, draws: Draws) -> list[Tensor]:
        """An iteration: the discriminators' losses on real digits, on translations, what is not kept, and what the discriminators say of
        the translators, all detached."""
        knobs, halves = self.knobs, self.halves
        targets, kind = targets_of(knobs), knobs["loss"]
        cycle, identity = float(knobs["cycle"]), float(knobs["identity"])
        for player in self.players:
            player.tune(self.done)
        real = draws.pair()
        fake = [half.g.run(real[1 - side]) for side, half in enumerate(halves)]
        for half in halves:
            half.d.net.requires_grad_(False)
        # The paper's squares are not halved, as the loss's are: cycle and identity are weighed against whole ones.
        game = sum(
            2 * g_loss(kind, half.d.net(x) if compares(kind) else None, half.d.net(y), targets)
            for half, x, y in zip(halves, real, fake)
        )
        lost = sum(cycle * F.l1_loss(half.g.run(fake[1 - side]), real[side]) for side, half in enumerate(halves))
        if identity:
            lost = lost + sum(identity * F.l1_loss(half.g.run(x), x) for half, x in zip(halves, real))
        for half in halves:
            half.g.optimiser.zero_grad()
        (game + lost).backward()
        for half in halves:
            half.g.step()
            half.d.net.requires_grad_(True)
            half.g.agree()
            follow(half.mean, half.g.net, kept(knobs, self.done))
        terms = []
        for half, x, y in zip(halves, real, fake):
            shown = half.pool.exchange(y.detach(), int(knobs["pool"]), draws)
            terms.append(d_losses(kind, half.d.run(x), half.d.run(shown), targets))
        on_real, on_fake = (sum(term) for term in zip(*terms))
        for half in halves:
            half.d.optimiser.zero_grad()
        (on_real + on_fake).backward()
        for half in halves:
            half.d.step()
            half.d.agree()
        self.done += 1
        return [value.detach() for value in (on_real, on_fake, lost, game)]
