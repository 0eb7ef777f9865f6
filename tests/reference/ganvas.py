"""PyTorch nets from the layer lists of a GANvas checkpoint: the tests' reference, and with duel.py the benchmark's peer.

GANvas keeps images channels last (height, width, channels) and a layer's weights as the matrix it multiplies
by; PyTorch keeps channels first. Weights are permuted when loaded and saved, so that the nets are what a user
of PyTorch would write and nothing is permuted while they run.

    python ganvas.py sample --from run.safetensors --count 1000 --out digits-ubyte
"""

from __future__ import annotations

import argparse
import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from safetensors import safe_open
from torch import Tensor, nn

Image = tuple[int, int, int]
"""Height, width, channels."""

DIGIT: Image = (28, 28, 1)
"""What a discriminator looks at."""

FORMAT = "ganvas 1"
"""The checkpoint format that is read."""


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

    def tensors(self) -> dict[str, Tensor]:
        """Weights and running statistics by name, as PyTorch keeps them."""
        named = [*self.module.named_parameters(), *self.module.named_buffers()]
        return {name: tensor for name, tensor in named if name != "num_batches_tracked"}

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


@torch.no_grad()
def load(net: Net, tensors: Mapping[str, Tensor], prefix: str) -> None:
    """Sets weights and running statistics from a checkpoint's tensors, named `<prefix>.<layer>.<name>`."""
    for index, unit in net.units.items():
        for name, own in unit.tensors().items():
            key = f"{prefix}.{index}.{name}"
            values = unit.to_torch(tensors[key], name)
            if values.shape != own.shape:
                raise ValueError(f"{key} is {tuple(tensors[key].shape)}, which does not fit {unit.module}")
            own.copy_(values)


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
    """A checkpoint as it lies in its file: the metadata's JSON unpacked, tensors by name."""

    recipe: str
    seed: int
    knobs: dict[str, str]
    generator: list[str]
    discriminator: list[str]
    numbers: dict[str, int]
    tensors: dict[str, Tensor]


def read(path: str | Path) -> Checkpoint:
    """Reads a checkpoint."""
    with safe_open(path, framework="pt") as file:
        meta = file.metadata() or {}
        if meta.get("format") != FORMAT:
            raise ValueError(f"{path}: its format is {meta.get('format')}, expected {FORMAT}")
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    packed = ("knobs", "generator", "discriminator", "numbers")
    unpacked = {name: json.loads(meta[name]) for name in packed}
    return Checkpoint(recipe=meta["recipe"], seed=int(meta["seed"]), tensors=tensors, **unpacked)


def latents(count: int, size: int, noise: str = "normal") -> Tensor:
    """(count, size) numbers of mean 0 and variance 1: `normal`, or `uniform` between the roots of 3."""
    match noise:
        case "normal":
            return torch.randn(count, size)
        case "uniform":
            return (2 * torch.rand(count, size) - 1) * 3**0.5
        case _:
            raise ValueError(f"no noise is called {noise!r}")


@torch.no_grad()
def sample(checkpoint: Checkpoint, count: int, seed: int) -> Tensor:
    """(count, 28, 28) bytes of the averaged generator, 255 being ink; not those GANvas draws for the seed."""
    size = int(checkpoint.knobs["latent"])
    net = build(checkpoint.generator, size).eval()
    load(net, checkpoint.tensors, "average")
    net.tell(torch.arange(count) % 10)
    torch.manual_seed(seed)
    digits = net(latents(count, size, checkpoint.knobs.get("noise", "normal")))
    if checkpoint.generator[-1].endswith(" tanh"):
        digits = (digits + 1) / 2
    return (digits * 255 + 0.5).clamp(0, 255).to(torch.uint8).view(count, *DIGIT[:2])


def idx(images: Tensor) -> bytes:
    """(count, height, width) bytes as an IDX file of images."""
    return struct.pack(">4i", 2051, *images.shape) + images.contiguous().numpy().tobytes()


def main(arguments: list[str] | None = None) -> None:
    """The command of the file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    draw = verbs.add_parser("sample", help="digits of a checkpoint as an IDX file")
    draw.add_argument("--from", dest="source", required=True)
    draw.add_argument("--count", type=int, default=100)
    draw.add_argument("--seed", type=int, default=0)
    draw.add_argument("--out", required=True)
    options = parser.parse_args(arguments)
    Path(options.out).write_bytes(idx(sample(read(options.source), options.count, options.seed)))


if __name__ == "__main__":
    main()
