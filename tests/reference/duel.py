"""One generator against one discriminator in PyTorch, by the knobs of a GANvas checkpoint: what `go_on.py` trains, `losses.py` holds the
engine to, `tests/quality/twin.py` compares digits with, and `bench.py` races against."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Iterable, Mapping
from typing import Protocol

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

import ganvas
from chance import Latents

Targets = tuple[float, float, float]
"""What D is told of real digits, of generated ones, and what G wants it to say."""


class Draws(Protocol):
    """What an iteration draws."""

    def real(self) -> tuple[Tensor, Tensor]:
        """The next batch: (batch, 784) in [0, 1], and its (batch) classes."""

    def latents(self) -> Tensor:
        """(batch, width) latent vectors."""

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
        case "relativistic-average":
            return F.softplus(fake.mean() - real).mean(), F.softplus(fake - real.mean()).mean()
    raise ValueError(f"no loss is called {kind!r}")


def compares(kind: str) -> bool:
    """Whether G's loss takes D's logits of real digits, too."""
    return kind in {"relativistic", "relativistic-average"}


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
        case "relativistic-average":
            return F.softplus(real - fake.mean()).mean() + F.softplus(real.mean() - fake).mean()
    raise ValueError(f"no loss is called {kind!r}")


MOMENTS = {"adam": ("exp_avg", "exp_avg_sq"), "rmsprop": ("square_avg",), "sgd": ("momentum_buffer",)}
"""What PyTorch calls an optimiser's moments, in a checkpoint's order."""


def optimizer(
    knobs: Mapping[str, str], rate: float, parameters: Iterable[nn.Parameter], fused: bool | None = None
) -> torch.optim.Optimizer:
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


class Divided(nn.Module):
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
                own = unit.module.weight
                own.copy_(ganvas.fitted(unit, "weight", own, tensors, f"{name}_spectral.{index}.weight"))
            nn.utils.parametrize.register_parametrization(unit.module, "weight", Divided())


LOWEST = 0.05
"""The share of the full rates where a fall along a cosine ends."""


def rate_factor(knobs: Mapping[str, str], done: int) -> float:
    """What the schedule leaves of the rates at step `done`, in (0, 1]; knobs of before know none."""
    match knobs.get("schedule", "constant"):
        case "constant":
            return 1.0
        case "root":
            hold = int(knobs["hold"])
            return math.sqrt(hold / max(done, hold))
        case "cosine":
            gone = min(max(done - int(knobs["hold"]), 0) / int(knobs["length"]), 1.0)
            return LOWEST + (1 - LOWEST) * 0.5 * (1 + math.cos(math.pi * gone))
    raise ValueError(f"no schedule is called {knobs['schedule']!r}")


def fallen(rate: float, knobs: Mapping[str, str], done: int) -> float:
    """A player's rate at step `done`; a falling one ends at 1e-6."""
    # Multiplied: a power of more than 1 would in the end be too great for a number, where its inverse is 0.
    return max(rate * rate_factor(knobs, done) * float(knobs["decay"]) ** -done, min(rate, 1e-6))


@functools.cache
def power(width: float) -> float:
    """The power of an average of a relative width below 0.288: gamma of (Karras et al. 2023, arXiv:2312.02696, equation 4), width^2
    (gamma + 2)^2 (gamma + 3) = gamma + 1."""
    low, high = 0.0, 1e9
    for _ in range(100):
        gamma = 0.5 * (low + high)
        if width**2 * (gamma + 2) ** 2 * (gamma + 3) > gamma + 1:
            high = gamma
        else:
            low = gamma
    return low


def averages(knobs: Mapping[str, str]) -> bool:
    """Whether the generator that is shown is an average, and not the net itself."""
    return float(knobs["ema"]) > 0 or float(knobs.get("ema_width", 0)) > 0


def kept(knobs: Mapping[str, str], done: int) -> float:
    """The share of itself that the generator's average keeps at step `done`, from 0; nothing where it is the net itself."""
    if width := float(knobs.get("ema_width", 0)):
        return (done / (1 + done)) ** (power(width) + 1)
    return min(float(knobs["ema"]), (1 + done) / (10 + done))


def targets_of(knobs: Mapping[str, str]) -> Targets:
    """What the knobs tell the players to reach."""
    return float(knobs["real_target"]), float(knobs.get("fake_target", 0)), float(knobs.get("g_target", 1))


def synchronise(net: ganvas.Net) -> None:
    """Puts batch norms over all processes' batches in place of those over a process's own; the weights stay the same ones."""
    before = {module: place for place, module in enumerate(net)}
    after = list(nn.SyncBatchNorm.convert_sync_batchnorm(net))
    for unit in net.units.values():
        unit.module = after[before[unit.module]]


class Player:
    """A net that learns, and its optimiser: of a checkpoint `<name>.*`, `<name>_optimizer.*` and `<name>_spectral.*`."""

    def __init__(
        self,
        name: str,
        layers: list[str],
        inputs: int | ganvas.Image,
        knobs: Mapping[str, str],
        tensors: Mapping[str, Tensor] | None = None,
        device: torch.device | None = None,
        fused: bool | None = None,
    ) -> None:
        """A net of these layers, with a checkpoint's weights or PyTorch's own first ones; its optimiser has not moved yet."""
        self.name, self.knobs, self.steps = name, knobs, 0
        self.rate = float(knobs["g_rate" if name.startswith("g") else "d_rate"])
        self.net = ganvas.build(layers, inputs)
        if tensors is not None:
            ganvas.load(self.net, tensors, name)
            normalise(self.net, tensors, name)
        self.net.to(device)
        self.optimiser = optimizer(knobs, self.rate, self.net.parameters(), fused)
        self.run: nn.Module = self.net
        """The net, or what gathers its gradients from every process: for passes from which it will learn."""

    def tune(self, done: int) -> None:
        """Takes up the rate of step `done`."""
        for group in self.optimiser.param_groups:
            group["lr"] = fallen(self.rate, self.knobs, done)

    def step(self) -> None:
        """One step of the optimiser."""
        self.optimiser.step()
        self.steps += 1

    def restore(self, tensors: Mapping[str, Tensor], numbers: Mapping[str, int]) -> None:
        """Takes up the optimiser's moments and its steps from a checkpoint."""
        self.steps = numbers.get(f"{self.name}_optimizer.steps", 0)
        for key, unit, name, own in self.moved():
            slots = {}
            for i, moment in enumerate(MOMENTS[self.knobs["optimizer"]]):
                values = ganvas.fitted(unit, name, own, tensors, f"{key}.{i}")
                slots[moment] = values.to(own.device).contiguous().clone()
            if self.knobs["optimizer"] != "sgd":
                slots["step"] = torch.tensor(float(self.steps))
            self.optimiser.state[own] = slots

    def state(self) -> tuple[dict[str, Tensor], dict[str, int]]:
        """Tensors and numbers, as a checkpoint names them."""
        tensors = ganvas.save(self.net, self.name)
        for key, unit, name, own in self.moved():
            for i, moment in enumerate(MOMENTS[self.knobs["optimizer"]]):
                values = self.optimiser.state[own].get(moment)
                if moment == "momentum_buffer" and not float(self.knobs["momentum"]):
                    values = own.grad  # PyTorch keeps no velocity without momentum; it is the last gradient
                values = torch.zeros_like(own) if values is None else values
                tensors[f"{key}.{i}"] = unit.to_ganvas(values, name)
            if nn.utils.parametrize.is_parametrized(unit.module, name):
                tensors[key.replace("_optimizer.", "_spectral.", 1)] = unit.to_ganvas(own, name)
        return tensors, {f"{self.name}_optimizer.steps": self.steps}

    def moved(self) -> list[tuple[str, ganvas.Unit, str, nn.Parameter]]:
        """What the optimiser moves: its moments' key without their number, the unit, and the weight's name there."""
        units = self.net.units.items()
        named = [(index, unit, name, own) for index, unit in units for name, own in unit.parameters().items()]
        return [(f"{self.name}_optimizer.{index}.{name}", unit, name, own) for index, unit, name, own in named]

    def spread(self, device: torch.device) -> None:
        """Learns from now on from the mean of the gradients that the processes find. On a GPU batches are normalised by the statistics of
        all of them; on a CPU, where PyTorch cannot, by those of a process's own part."""
        if device.type == "cuda":
            synchronise(self.net)
        # Running statistics are left to `agree`: a broadcast between two passes would break the first one's way back.
        known = inspect.signature(DistributedDataParallel.__init__).parameters
        buffers = (
            "forward_sync_buffers" if "forward_sync_buffers" in known else "broadcast_buffers"
        )  # before PyTorch 2.15
        places = [device] if device.type == "cuda" else None
        self.run = DistributedDataParallel(self.net, device_ids=places, **{buffers: False})

    @torch.no_grad()
    def agree(self) -> None:
        """Takes the mean of all processes' running statistics, where there is more than one."""
        if self.run is self.net:
            return
        own = [buffer for buffer in self.net.buffers() if buffer.is_floating_point()]
        if own:
            mean = torch.cat([buffer.flatten() for buffer in own])
            dist.all_reduce(mean)
            mean /= dist.get_world_size()
            for buffer, part in zip(own, mean.split([buffer.numel() for buffer in own])):
                buffer.copy_(part.view_as(buffer))


@torch.no_grad()
def follow(mean: ganvas.Net, net: ganvas.Net, decay: float) -> None:
    """mean = decay mean + (1 - decay) net, running statistics included."""
    for index, unit in mean.units.items():
        values = net.units[index].tensors()
        means = unit.tensors()
        torch._foreach_lerp_(list(means.values()), [values[name] for name in means], 1 - decay)


class Duel:
    """Algorithm 1 of Goodfellow et al. 2014 with everything that the knobs switch on."""

    LOSSES = ("D on real", "D on generated", "penalty", "G")
    """What an iteration's numbers are."""

    def __init__(
        self,
        generator: list[str],
        discriminator: list[str],
        knobs: Mapping[str, str],
        tensors: Mapping[str, Tensor] | None = None,
        fused: bool | None = None,
        device: torch.device | None = None,
    ) -> None:
        """Nets of these layers, with a checkpoint's weights or PyTorch's own first ones; nothing else of a run, for which see `restore`."""
        self.knobs, self.done = knobs, 0
        size = Latents.of(knobs).width
        self.g_player = Player("g", generator, size, knobs, tensors, device, fused)
        self.d_player = Player("d", discriminator, ganvas.DIGIT, knobs, tensors, device, fused)
        self.players = [self.g_player, self.d_player]
        self.g, self.d = self.g_player.net, self.d_player.net
        self.mean = ganvas.build(generator, size)
        if tensors is not None:
            ganvas.load(self.mean, tensors, "average")
        self.mean.to(device)

    def restore(self, tensors: Mapping[str, Tensor], numbers: Mapping[str, int]) -> None:
        """Takes up what else a checkpoint holds of a run: moments and steps."""
        self.done = numbers["step"]
        for player in self.players:
            player.restore(tensors, numbers)

    def state(self) -> tuple[dict[str, Tensor], dict[str, int]]:
        """Tensors and numbers, as a checkpoint names them, but for what the draws know."""
        if not averages(self.knobs):
            follow(self.mean, self.g, 0.0)
        tensors, numbers = ganvas.save(self.mean, "average"), {"step": self.done}
        for player in self.players:
            own, steps = player.state()
            tensors, numbers = tensors | own, numbers | steps
        return tensors, numbers

    def penalties(self, real: Tensor, fake: Tensor, draws: Draws) -> Tensor | None:
        """What holds D's slope down, if anything does."""
        pack, terms = int(self.knobs["pack"]), []
        # Half the mean squared slope: R1 at real digits, R2 at generated ones (arXiv:1801.04406, equation 9).
        for key, digits in (("r1", real), ("r2", fake)):
            if weight := float(self.knobs.get(key, 0)):
                terms.append(weight / 2 * slope(self.d, digits, len(digits) // pack).mean())
        if weight := float(self.knobs["penalty"]):
            terms.append(weight * penalty(self.d, real, fake, draws.places(), pack))
        return sum(terms) if terms else None

    def step(self, draws: Draws) -> list[Tensor]:
        """An iteration: D's last losses on real digits, on generated ones, its penalties, and G's loss, all detached."""
        g, d, knobs = self.g_player, self.d_player, self.knobs
        targets, kind, clip = targets_of(knobs), knobs["loss"], float(knobs["clip"])
        for player in self.players:
            player.tune(self.done)
        for _ in range(int(knobs["d_steps"])):
            real, labels = draws.real()
            g.net.tell(labels), d.net.tell(labels)
            fake = g.run(draws.latents())
            on_real, on_fake = d_losses(kind, d.run(real), d.run(fake.detach()), targets)
            loss, held = on_real + on_fake, self.penalties(real, fake.detach(), draws)
            d.optimiser.zero_grad()
            (loss if held is None else loss + held).backward()
            d.step()
            if clip:
                with torch.no_grad():
                    for parameter in d.net.parameters():
                        parameter.clamp_(-clip, clip)
        if knobs["fresh_fakes"] == "true":
            fake = g.run(draws.latents())
        d.net.requires_grad_(False)
        said = d.net(fake)
        loss = g_loss(kind, d.net(real) if compares(kind) else None, said, targets)
        g.optimiser.zero_grad()
        loss.backward()
        g.step()
        d.net.requires_grad_(True)
        for player in self.players:
            player.agree()
        if averages(knobs):
            follow(self.mean, self.g, kept(knobs, self.done))
        self.done += 1
        return [value.detach() for value in (on_real, on_fake, torch.zeros(()) if held is None else held, loss)]
