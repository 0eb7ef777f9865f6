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

STEPS = 10


def d_losses(kind: str, real: Tensor, fake: Tensor, targets: tuple[float, float, float]) -> tuple[Tensor, Tensor]:
    """D's losses on its logits of real and of generated digits; targets are (real, fake, generator)."""
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
    raise ValueError(f"no loss is called {kind!r}")


def g_loss(kind: str, fake: Tensor, targets: tuple[float, float, float]) -> Tensor:
    """G's loss on D's logits of generated digits."""
    match kind:
        case "non-saturating":
            return F.binary_cross_entropy_with_logits(fake, torch.ones_like(fake))
        case "minimax":
            return F.logsigmoid(-fake).mean()  # log(1 - D(G(z)))
        case "least-squares":
            return 0.5 * (fake - targets[2]).square().mean()
        case "wasserstein" | "hinge":
            return -fake.mean()
    raise ValueError(f"no loss is called {kind!r}")


def optimizer(knobs: dict[str, str], rate: float, parameters) -> torch.optim.Optimizer:
    """The optimiser that the knobs name."""
    momentum = float(knobs["momentum"])
    match knobs["optimizer"]:
        case "adam":
            return torch.optim.Adam(parameters, rate, (momentum, float(knobs["beta2"])))
        case "rmsprop":
            return torch.optim.RMSprop(parameters, rate)
        case "sgd":
            return torch.optim.SGD(parameters, rate, momentum=momentum)
    raise ValueError(f"no optimiser is called {knobs['optimizer']!r}")


def penalty(d: ganvas.Net, real: Tensor, fake: Tensor, places: Tensor, pack: int) -> Tensor:
    """mean((|slope of D| - 1)^2) between real and generated digits (arXiv:1704.00028, equation 3)."""
    share = places.repeat_interleave(pack)[:, None]
    points = (share * real + (1 - share) * fake).requires_grad_()
    (slope,) = torch.autograd.grad(d(points).sum(), points, create_graph=True)
    return ((slope.view(len(places), -1).square().sum(1) + 1e-12).sqrt() - 1).square().mean()


def run(path: Path) -> list[list[float]]:
    """The losses of ten steps: D's on real digits, on generated ones, its penalty, and G's."""
    start = ganvas.read(path)
    drawn = load_file(path.with_name(f"{path.stem}-inputs.safetensors"))
    knobs = start.knobs
    g, d = ganvas.build(start.generator, int(knobs["latent"])), ganvas.build(start.discriminator, ganvas.DIGIT)
    ganvas.load(g, start.tensors, "g")
    ganvas.load(d, start.tensors, "d")
    g_rate, d_rate, decay = float(knobs["g_rate"]), float(knobs["d_rate"]), float(knobs["decay"])
    g_steps, d_steps = optimizer(knobs, g_rate, g.parameters()), optimizer(knobs, d_rate, d.parameters())
    targets = (float(knobs["real_target"]), float(knobs.get("fake_target", 0)), float(knobs.get("g_target", 1)))
    kind, clip, weight = knobs["loss"], float(knobs["clip"]), float(knobs["penalty"])
    latents = (drawn[f"latents.{i}"] for i in range(len(drawn)))
    losses, looked = [], 0
    for step in range(STEPS):
        for optimiser, rate in ((g_steps, g_rate), (d_steps, d_rate)):
            for group in optimiser.param_groups:
                group["lr"] = max(rate / decay**step, min(rate, 1e-6))
        for _ in range(int(knobs["d_steps"])):
            real, labels, places = (drawn[f"{name}.{looked}"] for name in ("real", "labels", "places"))
            g.tell(labels), d.tell(labels)
            fake = g(next(latents))
            on_real, on_fake = d_losses(kind, d(real), d(fake.detach()), targets)
            held = weight * penalty(d, real, fake.detach(), places, int(knobs["pack"])) if weight else torch.zeros(())
            d_steps.zero_grad()
            (on_real + on_fake + held).backward()
            d_steps.step()
            if clip:
                with torch.no_grad():
                    for parameter in d.parameters():
                        parameter.clamp_(-clip, clip)
            looked += 1
        if knobs["fresh_fakes"] == "true":
            fake = g(next(latents))
        loss = g_loss(kind, d(fake), targets)
        g_steps.zero_grad()
        loss.backward()
        g_steps.step()
        losses.append([round(value.item(), 7) for value in (on_real, on_fake, held, loss)])
    return losses


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
    g_steps = optimizer(knobs, float(knobs["g_rate"]), [p for g in into for p in g.parameters()])
    d_steps = optimizer(knobs, float(knobs["d_rate"]), [p for d in judges for p in d.parameters()])
    targets = (float(knobs["real_target"]), float(knobs["fake_target"]), float(knobs["g_target"]))
    kind, cycle, identity = knobs["loss"], float(knobs["cycle"]), float(knobs["identity"])
    losses = []
    for step in range(STEPS):
        real = [drawn[f"a.{step}"], drawn[f"b.{step}"]]
        fake = [into[0](real[1]), into[1](real[0])]
        game = sum(2 * g_loss(kind, d(x), targets) for d, x in zip(judges, fake))
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
