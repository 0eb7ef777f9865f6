"""PyTorch nets from the layer lists of a GANvas checkpoint, and the checkpoint itself: what go_on.py samples and trains, the tests'
reference, and with duel.py the benchmark's peer.

GANvas keeps images channels last (height, width, channels) and a layer's weights as the matrix it multiplies
by; PyTorch keeps channels first. Weights are permuted when loaded and saved, so that the nets are what a user
of PyTorch would write and nothing is permuted while they run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from chance import MODE, Latents

Image = tuple[int, int, int]
"""Height, width, channels."""

DIGIT: Image = (28, 28, 1)
"""What a discriminator looks at."""

FORMAT = "ganvas 1"
"""The checkpoint format that is read and written."""

GENERATOR = "ganvas generator 1"
"""The format of a generator alone."""

PART = 256
"""Digits are made in parts of this many, so that memory stays bounded."""


def activation(name: str) -> list[nn.Module]:
    """The module for an activation's name; none for `identity`."""
    match name:
        case "identity":
            return []
        case "relu":
            return [nn.ReLU()]
        case "leaky-relu":
            return [nn.LeakyReLU(0.2)]
        case "tanh":
            return [nn.Tanh()]
        case "sigmoid":
            return [nn.Sigmoid()]
        case _:
            raise ValueError(f"no activation is called {name!r}")


class ToImage(nn.Module):
    """(batch, height x width x channels), channels last -> (batch, channels, height, width)."""

    def __init__(self, image: Image) -> None:
        super().__init__()
        self.image = image

    def forward(self, x: Tensor) -> Tensor:
        height, width, channels = self.image
        if channels == 1:
            return x.view(-1, 1, height, width)
        return x.view(-1, height, width, channels).permute(0, 3, 1, 2).contiguous()


class FromImage(nn.Module):
    """(batch, channels, height, width) -> (batch, height x width x channels), channels last."""

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(1) if x.shape[1] == 1 else x.permute(0, 2, 3, 1).flatten(1)


class Maxout(nn.Module):
    """(batch, columns x pieces) -> (batch, columns): the greatest of neighbours (arXiv:1302.4389)."""

    def __init__(self, pieces: int) -> None:
        super().__init__()
        self.pieces = pieces

    def forward(self, x: Tensor) -> Tensor:
        return x.unflatten(1, (-1, self.pieces)).amax(2)


class Label(nn.Module):
    """Ten constants a label beside a row, or beside each pixel of an image; `Net.tell` says which labels."""

    labels: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        if self.labels is None:
            raise ValueError("a conditional net was told no labels: call tell first")
        told = F.one_hot(self.labels, 10).to(x.dtype).view(len(x), -1)
        if x.dim() == 4:
            told = told[:, :, None, None].expand(-1, -1, *x.shape[2:])
        return torch.cat([x, told], 1)


class Pack(nn.Module):
    """(batch, channels, height, width) -> (batch / count, count channels, height, width) (arXiv:1712.04086)."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def forward(self, x: Tensor) -> Tensor:
        return x.unflatten(0, (-1, self.count)).flatten(1, 2)


class Noise(nn.Module):
    """Adds normal noise while training."""

    def __init__(self, deviation: float) -> None:
        super().__init__()
        self.deviation = deviation

    def forward(self, x: Tensor) -> Tensor:
        return x + self.deviation * torch.randn_like(x) if self.training else x


class Add(nn.Module):
    """The end of a residual block: `Net` adds what entered its module number `start`."""

    def __init__(self, start: int) -> None:
        super().__init__()
        self.start = start


def channels_first(image: Image | None, values: Tensor) -> Tensor:
    """Reorders the rows of `values`, one a number of `image`, from channels last to channels first."""
    if image is None:
        return values
    height, width, channels = image
    return values.unflatten(0, (height * width, channels)).transpose(0, 1).flatten(0, 1)


def channels_last(image: Image | None, values: Tensor) -> Tensor:
    """The inverse of `channels_first`."""
    if image is None:
        return values
    height, width, channels = image
    return values.unflatten(0, (channels, height * width)).transpose(0, 1).flatten(0, 1)


@dataclass
class Unit:
    """A module with weights; `inputs`, `outputs` say which image the flat vector on that side is, if one."""

    module: nn.Module
    inputs: Image | None = None
    outputs: Image | None = None

    def parameters(self) -> dict[str, nn.Parameter]:
        """What an optimiser moves, by name; of a normalised weight that is the one before its division."""
        named = self.module.named_parameters()
        return {name.removeprefix("parametrizations.").removesuffix(".original"): own for name, own in named}

    def tensors(self) -> dict[str, Tensor]:
        """Weights as the net uses them, and running statistics, by name, as PyTorch keeps them."""
        used = {name: getattr(self.module, name) for name in self.parameters()}
        return used | {name: own for name, own in self.module.named_buffers() if name != "num_batches_tracked"}

    def to_torch(self, values: Tensor, name: str) -> Tensor:
        """A tensor as GANvas keeps it, as PyTorch does."""
        match self.module:
            case nn.Linear() if name == "weight":  # (in, out) -> (out, in)
                return channels_first(self.outputs, channels_first(self.inputs, values).T)
            case nn.Conv2d() as conv if name == "weight":  # (ky kx in, out) -> (out, in, ky, kx)
                return values.unflatten(0, (*conv.kernel_size, conv.in_channels)).permute(3, 2, 0, 1)
            case nn.ConvTranspose2d() as conv if name == "weight":  # (in, ky kx out) -> (in, out, ky, kx)
                return values.unflatten(1, (*conv.kernel_size, conv.out_channels)).permute(0, 3, 1, 2)
            case _:
                return channels_first(self.outputs, values)

    def to_ganvas(self, values: Tensor, name: str) -> Tensor:
        """The inverse of `to_torch`."""
        match self.module:
            case nn.Linear() if name == "weight":
                return channels_last(self.inputs, channels_last(self.outputs, values).T)
            case nn.Conv2d() if name == "weight":
                return values.permute(2, 3, 1, 0).flatten(0, 2)
            case nn.ConvTranspose2d() if name == "weight":
                return values.permute(0, 2, 3, 1).flatten(1)
            case _:
                return channels_last(self.outputs, values)


class Net(nn.Sequential):
    """(batch, inputs) -> (batch, outputs), both flat; `units` holds the layers with weights by index."""

    def __init__(self, modules: Iterable[nn.Module], units: dict[int, Unit]) -> None:
        super().__init__(*modules)
        self.units = units

    def forward(self, x: Tensor) -> Tensor:
        entered = []
        for module in self:
            entered.append(x)
            x = x + entered[module.start] if isinstance(module, Add) else module(x)
        return x

    def tell(self, labels: Tensor) -> None:
        """Sets the labels, (batch) classes, that its layers read at the next pass."""
        for module in self:
            if isinstance(module, Label):
                module.labels = labels


def build(layers: Iterable[str], inputs: int | Image) -> Net:
    """The net of a layer list on `inputs` numbers, or on an image, with PyTorch's own first weights."""
    modules: list[nn.Module] = []
    units: dict[int, Unit] = {}
    image = None if isinstance(inputs, int) else inputs  # what is at hand, or what the vector at hand is
    width = inputs if isinstance(inputs, int) else inputs[0] * inputs[1] * inputs[2]
    flat = True
    vector: list[Unit] = []  # what made the flat vector at hand: its columns may still be put in image order

    def images(text: str) -> Image:
        nonlocal flat
        if image is None:
            raise ValueError(f"{text}: its input is no image; reshape it first")
        if flat:
            modules.append(ToImage(image))
            flat = False
        return image

    starts = []  # the first module of each layer
    for index, text in enumerate(layers):
        starts.append(len(modules))
        match text.split():
            case ["dense", outputs, act]:
                unit = Unit(nn.Linear(width, int(outputs)))
                if not flat:
                    modules.append(nn.Flatten())
                    unit.inputs = image
                modules += [unit.module, *activation(act)]
                units[index], vector = unit, [unit]
                image, width, flat = None, int(outputs), True
            case ["reshape", size]:
                height, across, channels = (int(n) for n in size.split("x"))
                if height * across * channels != width or not (flat or image == (height, across, channels)):
                    raise ValueError(f"{text}: its input is {width if flat else image}")
                image = (height, across, channels)
                for unit in vector:
                    unit.outputs = image
                if vector:
                    modules.append(nn.Unflatten(1, (channels, height, across)))
                    flat, vector = False, []
                images(text)
            case ["conv" | "deconv" as kind, channels, "kernel", k, "stride", s, "padding", p, act]:
                (height, across, before), after = images(text), int(channels)
                kernel, stride, padding = int(k), int(s), int(p)
                if kind == "conv":
                    module = nn.Conv2d(before, after, kernel, stride, padding)
                    image = tuple((side + 2 * padding - kernel) // stride + 1 for side in (height, across))
                else:
                    module = nn.ConvTranspose2d(before, after, kernel, stride, padding)
                    image = tuple((side - 1) * stride - 2 * padding + kernel for side in (height, across))
                image = (*image, after)
                width = image[0] * image[1] * image[2]
                modules += [module, *activation(act)]
                units[index] = Unit(module)
            case ["batch-norm", act]:
                if image is not None:
                    unit = Unit(nn.BatchNorm2d(images(text)[2]))
                else:
                    unit = Unit(nn.BatchNorm1d(width))
                    vector = vector and [*vector, unit]
                modules += [unit.module, *activation(act)]
                units[index] = unit
            case ["maxout", pieces]:
                modules.append(Maxout(int(pieces)))
                width, vector = width // int(pieces), []
            case ["label", count]:
                modules.append(Label())
                if image is not None:
                    images(text)
                    image = (*image[:2], image[2] + 10 * int(count))
                    width = image[0] * image[1] * image[2]
                else:
                    width, vector = width + 10 * int(count), []
            case ["instance-norm", act]:
                modules += [nn.InstanceNorm2d(images(text)[2]), *activation(act)]
            case ["add", back]:
                modules.append(Add(starts[index - int(back)]))
            case ["pack", count]:
                images(text)
                modules.append(Pack(int(count)))
                image, width = (*image[:2], image[2] * int(count)), width * int(count)
            case ["noise", deviation]:
                modules.append(Noise(float(deviation)))
            case ["dropout", rate]:
                modules.append(nn.Dropout(float(rate)))
            case _:
                raise ValueError(f"no such layer: {text!r}")
    if not flat:
        modules.append(FromImage())
    return Net(modules, units)


def fitted(unit: Unit, name: str, own: Tensor, tensors: Mapping[str, Tensor], key: str) -> Tensor:
    """A checkpoint's tensor, as PyTorch keeps the `own` one of a unit's weight `name`; refused where it is missing or of another shape."""
    if key not in tensors:
        raise ValueError(f"the checkpoint holds no {key}")
    try:
        values = unit.to_torch(tensors[key], name)
    except (RuntimeError, IndexError):  # it cannot even be unflattened
        values = torch.empty(0)
    if values.shape != own.shape:
        raise ValueError(f"{key} is {tuple(tensors[key].shape)}, which does not fit {unit.module}")
    return values


@torch.no_grad()
def load(net: Net, tensors: Mapping[str, Tensor], prefix: str) -> None:
    """Sets weights and running statistics from a checkpoint's tensors, named `<prefix>.<layer>.<name>`."""
    for index, unit in net.units.items():
        for name, own in unit.tensors().items():
            own.copy_(fitted(unit, name, own, tensors, f"{prefix}.{index}.{name}"))


@torch.no_grad()
def save(net: Net, prefix: str, gradients: bool = False) -> dict[str, Tensor]:
    """Weights and running statistics, or the weights' gradients, named and laid out as in a checkpoint."""
    saved = {}
    for index, unit in net.units.items():
        for name, own in unit.tensors().items():
            values = own.grad if gradients else own
            if values is not None:
                saved[f"{prefix}.{index}.{name}"] = unit.to_ganvas(values, name).contiguous().clone()
    return saved


@dataclass
class Checkpoint:
    """A checkpoint as it lies in its file: the metadata's JSON unpacked, tensors by name in single precision. A generator alone has
    neither discriminator nor numbers."""

    recipe: str
    seed: int
    knobs: dict[str, str]
    generator: list[str]
    discriminator: list[str]
    numbers: dict[str, int]
    tensors: dict[str, Tensor]
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def alone(self) -> bool:
        """Whether it holds a generator and nothing to train it with."""
        return self.metadata.get("format") == GENERATOR

    @property
    def conditional(self) -> bool:
        """Whether its nets are told labels."""
        return any(layer.startswith("label ") for layer in self.generator)

    @property
    def translates(self) -> bool:
        """Whether it translates digits between two domains, in place of making them of latents."""
        return "domains" in self.knobs


def read(path: str | Path) -> Checkpoint:
    """Reads a checkpoint, or a generator alone; refuses other formats, and numbers that are not finite."""
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}
    except SafetensorError as error:
        raise ValueError(f"{path} is no safetensors file, or a part of one: {error}") from error
    form = metadata.get("format")
    if form not in (FORMAT, GENERATOR):
        raise ValueError(f"{path}: its format is {form or 'not said'}, expected {FORMAT} or {GENERATOR}")
    needed = ["recipe", "seed", "knobs", "generator"] + ["discriminator", "numbers"] * (form == FORMAT)
    if missing := [name for name in needed if name not in metadata]:
        raise ValueError(
            f"{path}: its metadata has no {missing[0]}; an older page wrote it: save it again with a newer one"
        )
    if bad := [name for name, values in tensors.items() if not values.isfinite().all()]:
        raise ValueError(f"{path}: {bad[0]} holds numbers that are not finite")
    unpacked = {"discriminator": [], "numbers": {}}
    try:
        unpacked |= {name: json.loads(metadata[name]) for name in needed[2:]}
        layers = [*unpacked["generator"], *unpacked["discriminator"]]
        if not all(isinstance(layer, str) for layer in layers):
            raise ValueError("a layer is no text")
        if not all(isinstance(value, str) for value in unpacked["knobs"].values()):
            raise ValueError("a knob is no text")
        return Checkpoint(metadata["recipe"], int(metadata["seed"]), tensors=tensors, metadata=metadata, **unpacked)
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: its metadata cannot be read: {error}") from error


def write(run: Checkpoint, path: str | Path) -> None:
    """Writes a checkpoint; by way of a neighbour, so that a cut write never takes the old file's place."""
    part = Path(path).with_suffix(".part")
    numbers = json.dumps(run.numbers, sort_keys=True, separators=(",", ":"))
    try:
        save_file(run.tensors, part, run.metadata | {"numbers": numbers})
    except SafetensorError as error:
        raise OSError(f"cannot write {path}: {error}") from error
    os.replace(part, path)


def gone_on(run: Checkpoint, tensors: Mapping[str, Tensor], numbers: Mapping[str, int]) -> Checkpoint:
    """The checkpoint with these tensors and numbers in place of its own, all on the CPU and with memory of their own."""
    own = {name: values.detach().float().cpu().contiguous().clone() for name, values in tensors.items()}
    return replace(run, tensors=run.tensors | own, numbers=run.numbers | dict(numbers))


def latents(space: Latents, count: int, chance: torch.Generator | None = None) -> Tensor:
    """(count, width) latent vectors by PyTorch's chance: numbers of mean 0 and variance 1, `normal` or `uniform` between the roots of 3,
    and the places of the modes, each equally likely."""
    match space.noise:
        case "normal":
            numbers = torch.randn(count, space.numbers, generator=chance)
        case "uniform":
            numbers = (2 * torch.rand(count, space.numbers, generator=chance) - 1) * 3**0.5
        case _:
            raise ValueError(f"no noise is called {space.noise!r}")
    if not space.modes:
        return numbers
    modes = F.one_hot(torch.randint(space.modes, (count,), generator=chance), space.modes)
    return torch.cat([numbers, MODE * modes], 1)


@torch.no_grad()
def digits(run: Checkpoint, given: Tensor, labels: Tensor | None = None, name: str = "average") -> Tensor:
    """What the averaged generator makes of (count, width) latent vectors, or of digits (count, 784), each told a label where it is
    conditional: (count, 784) in [0, 1], 1 being ink."""
    net = build(run.generator, DIGIT if run.translates else Latents.of(run.knobs).width).eval()
    load(net, run.tensors, name)
    made = []
    for first in range(0, len(given), PART):
        if labels is not None:
            net.tell(labels[first : first + PART])
        made.append(net(given[first : first + PART]))
    pixels = torch.cat(made)
    return (pixels + 1) / 2 if run.generator[-1].endswith(" tanh") else pixels


def grey(pixels: Tensor) -> Tensor:
    """(count, 784) in [0, 1] -> (count, 28, 28) bytes, 255 being ink."""
    return (pixels * 255 + 0.5).clamp(0, 255).to(torch.uint8).view(-1, *DIGIT[:2])
