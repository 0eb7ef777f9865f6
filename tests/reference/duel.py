"""One generator against one discriminator in PyTorch, by the knobs of a GANvas checkpoint: what `losses.py` holds the engine to, what
`tests/quality/twin.py` compares digits with, and what `bench.py` races against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

import ganvas

Targets = tuple[float, float, float]
"""What D is told of real digits, of generated ones, and what G wants it to say."""


class Draws(Protocol):
    """What an iteration draws."""

    def real(self) -> tuple[Tensor, Tensor]:
        """The next batch: (batch, 784) in [0, 1], and its (batch) classes."""

    def latents(self) -> Tensor:
        """(batch, latent)."""

    def places(self) -> Tensor:
        """(batch / pack) places between a real and a generated digit, in [0, 1)."""


def d_losses(kind: str, real: Tensor, fake: Tensor, targets: Targets) -> tuple[Tensor, Tensor]:
    """D's losses on its logits of real and of generated digits."""
    match kind:
        case "non-saturating" | "minimax":
            bce = F.binary_cross_entropy_with_logits
            return bce(real, torch.full_like(real, targets[0])), bce(fake, torch.zeros_like(fake))
        case "least-squares":
            return 0.5 * (real - targets[0]).square().mean(), 0.5 * (fake - targets[1]).square().mean()
        case "wasserstein":
            return -real.mean(), fake.mean()
        case "hinge":
            return F.relu(1 - real).mean(), F.relu(1 + fake).mean()
        case "relativistic":
            half = F.softplus(fake - real).mean() / 2
            return half, half
    raise ValueError(f"no loss is called {kind!r}")


def g_loss(kind: str, real: Tensor | None, fake: Tensor, targets: Targets) -> Tensor:
    """G's loss on D's logits of generated digits, and of real ones where it compares."""
    match kind:
        case "non-saturating":
            return F.binary_cross_entropy_with_logits(fake, torch.ones_like(fake))
        case "minimax":
            return F.logsigmoid(-fake).mean()  # log(1 - D(G(z)))
        case "least-squares":
            return 0.5 * (fake - targets[2]).square().mean()
        case "wasserstein" | "hinge":
            return -fake.mean()
        case "relativistic":
            return F.softplus(real - fake).mean()
    raise ValueError(f"no loss is called {kind!r}")


def optimizer(knobs: Mapping[str, str], rate: float, parameters, fused: bool | None = None) -> torch.optim.Optimizer:
    """The optimiser that the knobs name."""
    momentum = float(knobs["momentum"])
    match knobs["optimizer"]:
        case "adam":
            return torch.optim.Adam(parameters, rate, (momentum, float(knobs["beta2"])), fused=fused)
        case "rmsprop":
            return torch.optim.RMSprop(parameters, rate)
        case "sgd":
            return torch.optim.SGD(parameters, rate, momentum=momentum)
    raise ValueError(f"no optimiser is called {knobs['optimizer']!r}")


def slope(d: ganvas.Net, points: Tensor, rows: int) -> Tensor:
    """The squared length of D's slope at points, (rows): digits judged together have one."""
    points = points.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(d(points).sum(), points, create_graph=True)
    return gradient.view(rows, -1).square().sum(1)


def penalty(d: ganvas.Net, real: Tensor, fake: Tensor, places: Tensor, pack: int) -> Tensor:
    """mean((|slope of D| - 1)^2) between real and generated digits (arXiv:1704.00028, equation 3)."""
    share = places.repeat_interleave(pack)[:, None]
    return ((slope(d, share * real + (1 - share) * fake, len(places)) + 1e-12).sqrt() - 1).square().mean()


class Divided(torch.nn.Module):
    """A weight over its greatest singular value (arXiv:1802.05957), by the exact decomposition."""

    def forward(self, weight: Tensor) -> Tensor:
        return weight / torch.linalg.matrix_norm(weight.flatten(1), 2)

    def right_inverse(self, weight: Tensor) -> Tensor:
        return weight


def normalise(net: ganvas.Net, tensors: Mapping[str, Tensor], name: str) -> None:
    """Puts a checkpoint's weights under spectral normalisation: all that are matrices for GANvas."""
    for index, unit in net.units.items():
        raw = tensors.get(f"{name}_spectral.{index}.weight")
        if raw is not None:
            with torch.no_grad():
                unit.module.weight.copy_(unit.to_torch(raw, "weight"))
            torch.nn.utils.parametrize.register_parametrization(unit.module, "weight", Divided())


class Duel:
    """Algorithm 1 of Goodfellow et al. 2014 with everything that the knobs switch on."""

    def __init__(
        self,
        generator: list[str],
        discriminator: list[str],
        knobs: Mapping[str, str],
        tensors: Mapping[str, Tensor] | None = None,
        fused: bool | None = None,
    ) -> None:
        """Nets of these layers, with a checkpoint's weights or PyTorch's own first ones."""
        self.knobs = knobs
        self.size = int(knobs["latent"])
        self.g, self.mean = (ganvas.build(generator, self.size) for _ in range(2))
        self.d = ganvas.build(discriminator, ganvas.DIGIT)
        if tensors is not None:
            for net, name in ((self.g, "g"), (self.mean, "average"), (self.d, "d")):
                ganvas.load(net, tensors, name)
            normalise(self.d, tensors, "d")
        self.optimisers = []
        for net, key in ((self.g, "g_rate"), (self.d, "d_rate")):
            self.optimisers.append((optimizer(knobs, float(knobs[key]), net.parameters(), fused), float(knobs[key])))
        self.done = 0

    def penalties(self, real: Tensor, fake: Tensor, draws: Draws) -> Tensor | None:
        """What holds D's slope down, if anything does."""
        pack, terms = int(self.knobs["pack"]), []
        # Half the mean squared slope: R1 at real digits, R2 at generated ones (arXiv:1801.04406, equation 9).
        for key, digits in (("r1", real), ("r2", fake)):
            if weight := float(self.knobs[key]):
                terms.append(weight / 2 * slope(self.d, digits, len(digits) // pack).mean())
        if weight := float(self.knobs["penalty"]):
            terms.append(weight * penalty(self.d, real, fake, draws.places(), pack))
        return sum(terms) if terms else None

    def step(self, draws: Draws) -> list[Tensor]:
        """An iteration: D's last losses on real digits, on generated ones, its penalties, and G's loss, all detached."""
        g, d, knobs = self.g, self.d, self.knobs
        (g_steps, _), (d_steps, _) = self.optimisers
        targets = (float(knobs["real_target"]), float(knobs.get("fake_target", 0)), float(knobs.get("g_target", 1)))
        kind, clip = knobs["loss"], float(knobs["clip"])
        for optimiser, rate in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = max(rate / float(knobs["decay"]) ** self.done, min(rate, 1e-6))
        for _ in range(int(knobs["d_steps"])):
            real, labels = draws.real()
            g.tell(labels), d.tell(labels)
            fake = g(draws.latents())
            on_real, on_fake = d_losses(kind, d(real), d(fake.detach()), targets)
            loss, held = on_real + on_fake, self.penalties(real, fake.detach(), draws)
            d_steps.zero_grad()
            (loss if held is None else loss + held).backward()
            d_steps.step()
            if clip:
                with torch.no_grad():
                    for parameter in d.parameters():
                        parameter.clamp_(-clip, clip)
        if knobs["fresh_fakes"] == "true":
            fake = g(draws.latents())
        d.requires_grad_(False)
        loss = g_loss(kind, d(real) if kind == "relativistic" else None, d(fake), targets)
        g_steps.zero_grad()
        loss.backward()
        g_steps.step()
        d.requires_grad_(True)
        if ema := float(knobs["ema"]):
            self.follow(min(ema, (1 + self.done) / (10 + self.done)))
        self.done += 1
        return [value.detach() for value in (on_real, on_fake, torch.zeros(()) if held is None else held, loss)]

    @torch.no_grad()
    def follow(self, decay: float) -> None:
        """mean = decay mean + (1 - decay) G, running statistics included."""
        for index, unit in self.mean.units.items():
            values = self.g.units[index].tensors()
            means = unit.tensors()
            torch._foreach_lerp_(list(means.values()), [values[name] for name in means], 1 - decay)
