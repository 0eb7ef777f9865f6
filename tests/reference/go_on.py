"""Goes on in PyTorch with what the page made: digits of a run, and training where a tab is not enough.

    pip install torch numpy safetensors
    python go_on.py sample run.safetensors --count 64 --seed 1 --out digits.png
    python go_on.py sample run.safetensors --latents latents.json --out digits.idx
    python go_on.py train run.safetensors --digits FOLDER --steps 10000 --out more.safetensors
    torchrun --nproc_per_node 4 go_on.py train run.safetensors --digits FOLDER --batch 256 --out more.safetensors

`run.safetensors` is the full checkpoint, or, for `sample`, the generator alone. FOLDER holds MNIST's files as they come, packed or not; an
IDX file will do, with its labels beside it. `sample` makes the digits that the page and `cargo ganvas sample` make of that seed, or of
latents that are given: a list of lists of numbers, or {"latents": [...], "classes": [...]}. A run with modes takes the places of these, too,
behind each list's latent numbers: 3 at one of them, 0 at the others. A run that translates between two domains is given digits (`--digits`)
and translates the first of them, into B, or into A with `--into a`.

`train` takes up weights, the running average, batch statistics, the optimisers' moments, the rates' fall, and the place in the data. Its
latents and dropout come from PyTorch's chance, not from the page's: it goes on in distribution, not bit for bit. The checkpoint written
has the same format, and the page and `cargo ganvas train|sample|eval --from` load it; its `batch` stays what it was, whatever --batch says.
Ctrl-C ends training, and what was learnt is written.

Under `torchrun` each process takes an equal part of one joint batch: that of the run, or --batch. Gradients are averaged, so that N
processes learn what one would from the whole batch, but for what is drawn inside the nets (dropout, noise) and for batch normalisation: on
GPUs that is over the whole batch (SyncBatchNorm), on CPUs over each part; running statistics are averaged after each iteration. Pools of
earlier translations are each process's own, and the first one's is written; it alone writes.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor

import chance
import digits
import ganvas
from chance import Latents
from cycle import Cycle
from digits import Digits, Sampler
from duel import Duel

EVERY = 100
"""Iterations from a line about the losses to the next."""


@dataclass
class World:
    """The processes that train together, and which of them this is."""

    rank: int
    size: int
    device: torch.device

    @staticmethod
    def join(device: str) -> World:
        """This process as `torchrun` started it, or alone; on the device named `cuda`, `cpu` or `auto`."""
        gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if device == "cuda" and not gpus:
            raise ValueError("--device cuda: PyTorch finds no GPU here")
        rank, size, local = (int(os.environ.get(name, other)) for name, other in PLACES.items())
        kind = "cuda" if gpus and device != "cpu" else "cpu"
        if kind == "cuda" and local >= gpus:
            raise ValueError(f"process {local} of this machine has no GPU of its own: there are {gpus}")
        place = torch.device(kind, local) if kind == "cuda" else torch.device("cpu")
        if kind == "cuda":
            torch.cuda.set_device(place)
        if size > 1 and not dist.is_initialized():
            dist.init_process_group("nccl" if kind == "cuda" else "gloo", timeout=timedelta(minutes=30))
        return World(rank, size, place)

    def part(self, count: int) -> slice:
        """This process's part of `count` things."""
        each = count // self.size
        return slice(self.rank * each, (self.rank + 1) * each)

    def mean(self, values: list[Tensor]) -> list[float]:
        """Scalars, averaged over the processes."""
        joint = torch.stack([value.to(self.device) for value in values])
        if self.size > 1:
            dist.all_reduce(joint)
        return (joint / self.size).tolist()


PLACES = {"RANK": 0, "WORLD_SIZE": 1, "LOCAL_RANK": 0}
"""What `torchrun` tells a process, and what holds without it."""


class Drawn:
    """What iterations draw: on each process the joint batch, of which it takes its part."""

    def __init__(self, run: ganvas.Checkpoint, data: Digits, other: Digits | None, batch: int, world: World) -> None:
        """Draws of `batch` from where the run stands; `other` holds digits of the domain B where that is no view of the same ones."""
        self.batch, self.world = batch, world
        self.pack = int(run.knobs.get("pack", 1))
        numbers = run.numbers
        self.sampler = Sampler(run.seed, numbers)
        start = run.seed << 32 | numbers["step"]
        self.chance = torch.Generator().manual_seed(start)
        self.swaps = random.Random(start + world.rank)
        torch.manual_seed(start + 1 + world.rank)
        if run.translates:
            # The even digits in one domain, the odd ones in the other: no digit has a pair.
            a, b = data.pixels[::2], (other or data).pixels[1::2]
            self.pairs = min(len(a), len(b))
            if not self.pairs:
                raise ValueError("two domains need at least two digits")
            if world.rank == 0:
                print("drawing both domains' views of the digits", flush=True)
            views = [digits.view(run.knobs["domains"], side, half[: self.pairs]) for side, half in (("a", a), ("b", b))]
            self.views = [half.to(world.device) for half in views]
        else:
            classes = torch.zeros(len(data.pixels), dtype=torch.long) if data.classes is None else data.classes
            self.pixels, self.classes = data.pixels.to(world.device), classes.to(world.device)
            self.space = Latents.of(run.knobs)

    def numbers(self) -> dict[str, int]:
        """Where in the data it stands, as a checkpoint names it."""
        return self.sampler.numbers()

    def indices(self, total: int) -> Tensor:
        return self.sampler.draw(self.batch, total)[self.world.part(self.batch)].to(self.world.device)

    def real(self) -> tuple[Tensor, Tensor]:
        indices = self.indices(len(self.pixels))
        return self.pixels[indices].float() / 255, self.classes[indices]

    def pair(self) -> tuple[Tensor, Tensor]:
        indices = self.indices(self.pairs)
        a, b = (view[indices].float() / 255 for view in self.views)
        return a, b

    def latents(self) -> Tensor:
        joint = ganvas.latents(self.space, self.batch, self.chance)
        return joint[self.world.part(self.batch)].to(self.world.device)

    def places(self) -> Tensor:
        joint = torch.rand(self.batch // self.pack, generator=self.chance)
        return joint[self.world.part(len(joint))].to(self.world.device)

    def swap(self, most: int) -> int | None:
        return self.swaps.randrange(most) if self.swaps.random() < 0.5 else None


def train(options: argparse.Namespace) -> None:
    """Goes on with a run."""
    run = ganvas.read(options.run)
    if run.alone:
        raise ValueError(f"{options.run} holds a generator alone; training goes on from the full checkpoint")
    if Path(options.out).is_dir() or not Path(options.out).absolute().parent.is_dir():
        raise ValueError(f"--out {options.out} is a folder, or in none that exists")
    world = World.join(options.device)
    data = digits.read(options.digits, options.labels)
    if run.conditional and data.classes is None:
        raise ValueError(f"{run.recipe} is told labels: {options.digits} has none beside it; name them with --labels")
    other = digits.read(options.other) if options.other else None
    if run.knobs.get("domains") == "drawn" and other is None:
        raise ValueError("the run's domain B are digits that the page draws: name an IDX file of some with --other")
    batch = options.batch or int(run.knobs["batch"])
    least = int(run.knobs.get("pack", 1)) * world.size
    if batch % least:
        raise ValueError(
            f"a batch of {batch} does not divide into {world.size} parts of whole packs: --batch {batch + -batch % least} does"
        )
    draws = Drawn(run, data, other, batch, world)
    game = playing(run, world.device)
    game.restore(run.tensors, run.numbers)
    if world.size > 1:
        for player in game.players:
            player.spread(world.device)
    if world.rank == 0:
        who = f"{world.size} processes" if world.size > 1 else "one process"
        print(
            f"{run.recipe} goes on from iteration {game.done}: batches of {batch} of {len(data.pixels)} digits, {who} on {world.device.type}"
        )
    try:
        play(game, draws, options.steps, world)
    except KeyboardInterrupt:
        if world.size > 1:
            raise
        print(f"stopped at iteration {game.done}")
    if world.rank == 0:
        tensors, numbers = game.state()
        after = ganvas.gone_on(run, tensors, numbers | draws.numbers())
        bad = next((name for name, values in after.tensors.items() if not values.isfinite().all()), None)
        if bad:
            raise ValueError(f"{bad} is no longer finite: nothing was written")
        ganvas.write(after, options.out)
        print(f"iteration {game.done} is in {options.out}")


def playing(run: ganvas.Checkpoint, device: torch.device | None = None) -> Duel | Cycle:
    """The game of a checkpoint with its weights."""
    if run.translates:
        return Cycle(run, device)
    return Duel(run.generator, run.discriminator, run.knobs, run.tensors, device=device)


def play(game: Duel | Cycle, draws: Drawn, steps: int, world: World) -> None:
    """Iterations, and a line about them now and then; refuses to go on with losses that are no numbers."""
    begun, last = time.perf_counter(), game.done + steps
    for step in range(1, steps + 1):
        losses = game.step(draws)
        if step % EVERY and step < steps:
            continue
        values = world.mean(losses)
        if not all(map(math.isfinite, values)):
            raise ValueError(f"training diverged by iteration {game.done}: nothing was written; lower the rates")
        if world.rank == 0:
            speed = step / (time.perf_counter() - begun)
            said = [f"{name} {value:.3f}" for name, value in zip(game.LOSSES, values) if value]
            print(f"{game.done}/{last}: {', '.join(said)}; {speed:.1f} iterations/s", flush=True)


def sample(options: argparse.Namespace) -> None:
    """Writes digits of a run as a picture or as IDX."""
    out, name = Path(options.out), str(options.out)
    if not name.endswith((".png", ".idx", "-ubyte")):
        raise ValueError(f"--out {name}: a name ends in .png, .idx or -ubyte")
    run = ganvas.read(options.run)
    if options.clazz is not None and not run.conditional:
        raise ValueError(f"--class: the generator of {run.recipe} is told no class")
    if run.translates:
        given, labels = to_translate(options, run), None
    else:
        given, labels = latents(options, run)
    mean = "average_a" if run.translates and options.into == "a" else "average"
    images = ganvas.grey(ganvas.digits(run, given, labels, mean))
    if name.endswith(".png"):
        out.write_bytes(digits.png(images))
    else:
        out.write_bytes(digits.idx(images))
        if labels is not None:
            stem = next((out.name.removesuffix(end) for end in ENDS if out.name.endswith(end)), out.name)
            out.with_name(f"{stem}-labels-idx1-ubyte").write_bytes(digits.idx(labels))
    print(f"{len(images)} digits are in {name}")


ENDS = ("-images-idx3-ubyte", "-ubyte", ".idx")
"""Ends of an IDX file's name that its labels' name goes without."""


def to_translate(options: argparse.Namespace, run: ganvas.Checkpoint) -> Tensor:
    """(count, 784) digits as the domain from which is translated shows them."""
    if options.latents:
        raise ValueError(f"{run.recipe} makes digits of digits, not of latents: name some with --digits")
    if not options.digits:
        raise ValueError(f"{run.recipe} translates digits: name some with --digits")
    side = "b" if options.into == "a" else "a"
    pixels = digits.read(options.digits).pixels[: options.count]
    return digits.view(run.knobs["domains"], side, pixels).float() / 255


def latents(options: argparse.Namespace, run: ganvas.Checkpoint) -> tuple[Tensor, Tensor | None]:
    """(count, width) latent vectors, those given or those that the page draws for the seed, and the class of each where it is told."""
    space, classes = Latents.of(run.knobs), None
    if options.latents:
        given, classes = listed(Path(options.latents), space)
    else:
        given = torch.from_numpy(chance.Stream(options.seed, chance.SAMPLES).latents(space, options.count))
    if not run.conditional:
        return given, None
    if options.clazz is not None or classes is None:
        classes = torch.arange(len(given)) % 10 if options.clazz is None else torch.full((len(given),), options.clazz)
    return given, classes


def listed(path: Path, space: Latents) -> tuple[Tensor, Tensor | None]:
    """(count, width) latent vectors of a JSON file, and their classes where it tells them."""
    try:
        said = json.loads(path.read_text())
        said = said if isinstance(said, dict) else {"latents": said}
        rows = torch.tensor(said["latents"], dtype=torch.float32)
        rows = rows[None] if rows.dim() == 1 else rows
        classes = torch.tensor(said["classes"], dtype=torch.long).flatten() if "classes" in said else None
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{path} is no JSON list of latents: {error}") from error
    if rows.dim() != 2 or rows.shape[1] != space.width or not len(rows) or not rows.isfinite().all():
        parts = f": {space.numbers} latent ones and the places of {space.modes} modes" if space.modes else ""
        raise ValueError(f"{path} holds {tuple(rows.shape)} numbers; the generator takes {space.width} a digit{parts}")
    if classes is not None and (len(classes) != len(rows) or classes.min() < 0 or classes.max() > 9):
        raise ValueError(f"{path} does not hold a class from 0 to 9 for each of its {len(rows)} latents")
    return rows, classes


def whole(least: int, most: int = 2**32 - 1) -> Callable[[str], int]:
    """A reader of whole numbers within bounds."""

    def number(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{value} is not from {least} to {most}")
        return value

    return number


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    draw = verbs.add_parser("sample", help="digits of a run, as a picture (.png) or as IDX (.idx)")
    draw.set_defaults(verb=sample)
    draw.add_argument("run", help="the full checkpoint, or a generator alone")
    draw.add_argument("--count", type=whole(1), default=64)
    draw.add_argument("--seed", type=whole(0), default=0, help="of the digits' latents, as in the page")
    draw.add_argument("--latents", help="JSON file of latents to take in place of the seed's")
    draw.add_argument(
        "--class", dest="clazz", type=whole(0, 9), help="of all digits, where that is told; otherwise 0 to 9 in turn"
    )
    draw.add_argument("--digits", help="what to translate: a folder or an IDX file")
    draw.add_argument("--into", choices=("a", "b"), default="b", help="the domain to translate into")
    draw.add_argument("--out", default="digits.png")
    learn = verbs.add_parser("train", help="train on from a full checkpoint, alone or under torchrun")
    learn.set_defaults(verb=train)
    learn.add_argument("run", help="the full checkpoint")
    learn.add_argument("--digits", required=True, help="real digits: a folder with MNIST's files, or an IDX file")
    learn.add_argument("--labels", help="IDX file of their labels, where they do not lie beside")
    learn.add_argument("--other", help="digits of the second domain, where that is no view of the same digits")
    learn.add_argument("--steps", type=whole(1), default=1000, help="iterations, counted from here")
    learn.add_argument("--batch", type=whole(1), help="joint batch of all processes; default: the run's")
    learn.add_argument("--device", choices=("auto", "cuda", "cpu"), default="auto")
    learn.add_argument("--out", required=True, help="file to write")
    return parser


def main(given: list[str] | None = None) -> None:
    """The command; a mistake is told in one line."""
    options = arguments().parse_args(given)
    try:
        options.verb(options)
    except OSError as error:
        said = f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error)
    except ValueError as error:
        said = str(error)
    except KeyError as error:
        said = f"{options.run}: its metadata has no {error.args[0]}"
    except torch.cuda.OutOfMemoryError:
        said = "the GPU's memory is full: a smaller --batch needs less"
    else:
        if dist.is_initialized():
            dist.destroy_process_group()
        return
    sys.exit(f"error: {said}" if os.environ.get("RANK", "0") == "0" else 1)


if __name__ == "__main__":
    main()
