"""Real digits: IDX files, which of them a step draws, and how CycleGAN's two domains show them. Also pictures of digits."""

from __future__ import annotations

import gzip
import math
import re
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

import chance

SIDE = 28
IMAGES, LABELS = 2051, 2049
"""What the first four bytes of an IDX file say."""

ELEMENTS = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
"""NumPy's names of the numbers of an IDX file, by the third byte."""

SHAPES = ((SIDE, SIDE), (SIDE * SIDE,), (1, SIDE, SIDE))
"""Sizes of one image."""

PENS = {"a": 1.8, "b": 0.6}
"""Half the width of a thick pen and of a thin one, in pixels."""

STROKE = 100
"""Ink that counts as a stroke when its middle line is looked for."""

SHEAR = 0.364
"""What leans a digit by 20 degrees: columns a row."""


@dataclass
class Digits:
    """Real digits: (n, 784) bytes, 255 being ink, and (n) classes where they are known."""

    pixels: Tensor
    classes: Tensor | None = None


def unpacked(path: Path) -> bytes:
    """A file's bytes; its first two say whether it is gzip."""
    data = path.read_bytes()
    try:
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(f"{path} is broken gzip: {error}") from error


def items(path: Path, kind: int) -> np.ndarray:
    """The images, (n, 784), or the labels, (n, 1), of an IDX file; of QMNIST's labels and one-hot ones the classes."""
    data = unpacked(path)
    what = "images of 28 x 28" if kind == IMAGES else "labels"
    size = 4 + 4 * data[3] if len(data) > 3 else 0
    dtype = ELEMENTS.get(data[2]) if len(data) > 3 and data[:2] == b"\0\0" else None
    sizes = struct.unpack(f">{data[3]}I", data[4:size]) if dtype and 0 < data[3] < 5 and len(data) >= size else ()
    fits = sizes[1:] in SHAPES if kind == IMAGES else len(sizes) == 1 or (len(sizes) == 2 and sizes[1] < 64)
    if not sizes or not fits or (kind == IMAGES and dtype != ">u1"):
        raise ValueError(f"{path} is no IDX file of {what}")
    each = math.prod(sizes[1:]) * np.dtype(dtype).itemsize
    if not sizes[0] or len(data) - size != sizes[0] * each:
        raise ValueError(f"{path} declares {sizes[0]} {what} and holds {(len(data) - size) // each}")
    rows = np.frombuffer(data, dtype, offset=size).reshape(sizes[0], -1)
    if kind == IMAGES or rows.shape[1] == 1:
        return rows
    hot = ((rows == 0) | (rows == 1)).all() and (rows.sum(1) == 1).all()
    return rows.argmax(1)[:, None] if hot else rows[:, :1]


def plain(path: Path) -> str:
    """A file's name as it was published: `train-images.idx3-ubyte (1).gz` is `train-images-idx3-ubyte`."""
    return re.sub(r" ?\(\d+\)", "", path.name.removesuffix(".gz")).removesuffix(".gz").replace(".", "-")


def candidates(folder: Path, name: str) -> list[Path]:
    """The files that may be the one called so, packed first: in the folder, in torchvision's, or in Kaggle's of the file's own name."""
    places = [path for under in ("", "MNIST/raw", "raw") for path in sorted((folder / under).glob("*"))]
    places = [path / path.name if path.is_dir() else path for path in places]
    return sorted((path for path in places if path.is_file() and plain(path) == name), key=lambda path: path.suffix != ".gz")


def labels_beside(images: Path) -> list[Path]:
    """The files of labels that may belong to a file of images, by its name."""
    stem = plain(images)
    for end in ("-images-idx3-ubyte", "-ubyte", "-idx"):
        stem = stem.removesuffix(end)
    names = [f"{stem}-labels-{kind}" for kind in ("idx1-ubyte", "idx2-int", "idx2-ubyte")]
    folders = [images.parent, images.parent.parent] if images.parent.name == images.name else [images.parent]
    return [path for folder in folders for name in names for path in candidates(folder, name) if path != images]


def first_sound(paths: list[Path], kind: int) -> np.ndarray:
    """What the first file holds that is whole: a cut or empty one beside it does not count."""
    wrong: ValueError | None = None
    for path in paths:
        try:
            return items(path, kind)
        except ValueError as error:
            wrong = wrong or error
    raise wrong or ValueError("no file")


def read(path: str | Path, labels: str | Path | None = None) -> Digits:
    """The digits of an IDX file, packed or not, or the training digits of a folder as MNIST comes; labels, where they lie beside."""
    images = Path(path)
    found = [images]
    if images.is_dir():
        found = candidates(images, "train-images-idx3-ubyte")
        if not found:
            raise ValueError(f"{path} holds no train-images-idx3-ubyte.gz and no train-images-idx3-ubyte")
    pixels = torch.from_numpy(first_sound(found, IMAGES).copy())
    beside = [Path(labels)] if labels else labels_beside(found[0])
    if not beside:
        return Digits(pixels)
    classes = torch.from_numpy(first_sound(beside, LABELS).astype(np.int64)).flatten()
    if not labels and len(classes) == len(pixels) and (classes.min() < 0 or classes.max() > 9):
        print(f"note: the labels in {beside[0]} go from {classes.min()} to {classes.max()}: taken without them")
        return Digits(pixels)
    if len(classes) != len(pixels) or classes.min() < 0 or classes.max() > 9:
        raise ValueError(f"{beside[0]} does not hold {len(pixels)} labels from 0 to 9")
    return Digits(pixels, classes)


def idx(images: Tensor) -> bytes:
    """(count, 28, 28) bytes as an IDX file of images, or (count) labels as one of labels."""
    kind = IMAGES if images.dim() == 3 else LABELS
    return (
        struct.pack(f">{1 + images.dim()}I", kind, *images.shape)
        + images.to(torch.uint8).contiguous().numpy().tobytes()
    )


def png(images: Tensor) -> bytes:
    """(count, 28, 28) bytes as a grey PNG, a grid about as wide as high; cells without a digit stay black."""
    columns = max(1, int(np.ceil(np.sqrt(len(images)))))
    rows = max(1, -(-len(images) // columns))
    cells = torch.zeros(rows * columns, SIDE, SIDE, dtype=torch.uint8)
    cells[: len(images)] = images
    return grey_png(cells.view(rows, columns, SIDE, SIDE).transpose(1, 2).reshape(rows * SIDE, columns * SIDE).numpy())


def grey_png(grid: np.ndarray) -> bytes:
    """(height, width) bytes as a grey PNG."""
    lines = np.concatenate([np.zeros((len(grid), 1), np.uint8), grid], 1)  # each begins with its filter: none

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", grid.shape[1], grid.shape[0], 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(lines.tobytes(), 9)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


class Sampler:
    """Which digits a step draws, in the page's own order, every digit once a pass: `seed` and what was drawn are the whole state."""

    def __init__(self, seed: int, numbers: dict[str, int]) -> None:
        """Where a checkpoint's `numbers` say: `drawn`, or the epoch and its cursor, as runs were saved before."""
        self.seed, self.drawn = seed, numbers.get("drawn")
        self.staged = None if self.drawn is not None else (numbers["epoch"], numbers["cursor"])
        self.ordered: tuple[int, int] | None = None
        self.order = np.empty(0, np.int64)

    def numbers(self) -> dict[str, int]:
        """What a checkpoint holds of it."""
        if self.drawn is not None:
            return {"drawn": self.drawn}
        epoch, cursor = self.staged or (0, 0)
        return {"epoch": epoch, "cursor": cursor}

    def seen(self, total: int) -> int:
        """How many digits of a set of `total` were drawn. Epochs of before: two over 2,048 digits, two over 4,096, up to all."""
        if self.drawn is None:
            epoch, self.drawn = self.staged or (0, 0)
            stage = 0
            while stage < epoch and (limit := 2048 << stage // 2) < total:
                self.drawn, stage = self.drawn + limit, stage + 1
            self.drawn += (epoch - stage) * total
        return self.drawn

    def draw(self, batch: int, total: int) -> Tensor:
        """The next (batch) digits of a set of `total`; a batch may straddle passes."""
        taken: list[np.ndarray] = []
        drawn, left = self.seen(total), batch
        while left:
            turn, place = divmod(drawn, total)
            if self.ordered != (turn, total):
                self.ordered, self.order = (turn, total), chance.order(self.seed, turn, total)
            taken.append(self.order[place : place + left])
            drawn, left = drawn + len(taken[-1]), left - len(taken[-1])
        self.drawn = drawn
        return torch.from_numpy(np.concatenate(taken))


def view(domains: str, side: str, pixels: Tensor) -> Tensor:
    """Digits (n, 784) as the domain `side`, "a" or "b", of a pair shows them: (n, 784) bytes."""
    images = pixels.numpy().reshape(-1, SIDE, SIDE)
    match domains, side:
        case "thick-thin", _:
            parts = [redrawn(images[i : i + 4096], PENS[side]) for i in range(0, len(images), 4096)]
            images = np.concatenate(parts)
        case "slant", _:
            images = leant(images, -SHEAR if side == "a" else SHEAR)
        case "outline", "b":
            around = [moved(images, dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
            images = np.max(around, axis=0) - images
        case "invert", "b":
            images = 255 - images
        case "quarter-turn", "b":
            images = np.rot90(images, axes=(1, 2))
        case _, "a" | "b":
            pass
    return torch.from_numpy(images.reshape(len(images), -1).copy())


def moved(images: np.ndarray, down: int, right: int) -> np.ndarray:
    """At each pixel the one that is `down` rows and `right` columns further, 0 beyond the border."""
    reach = max(abs(down), abs(right))
    wide = np.pad(images, ((0, 0), (reach, reach), (reach, reach)))
    return wide[:, reach + down : reach + down + SIDE, reach + right : reach + right + SIDE]


def redrawn(images: np.ndarray, radius: float) -> np.ndarray:
    """The strokes' middle lines, drawn with a round pen `radius` pixels from middle to edge."""
    line, reach = middle(images >= STROKE), int(radius + 0.5)
    drawn = np.zeros_like(images)
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            ink = 255 * (np.float32(radius + 0.5) - np.sqrt(np.float32(dy * dy + dx * dx)))
            level = np.uint8(np.clip(ink, 0, 255) + 0.5)
            drawn = np.maximum(drawn, np.where(moved(line, dy, dx), level, np.uint8(0)))
    return drawn


def middle(ink: np.ndarray) -> np.ndarray:
    """The middle line of strokes, (n, 28, 28) of truths, one pixel wide and connected as they are (Zhang and Suen 1984)."""
    around = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))  # clockwise from the one above
    worn = True
    while worn:
        worn = False
        for turn in range(2):
            near = [moved(ink, dy, dx) for dy, dx in around]
            count = np.sum(near, axis=0, dtype=np.uint8)
            rises = np.sum([~near[k] & near[(k + 1) % 8] for k in range(8)], axis=0, dtype=np.uint8)
            up, right, down, left = near[::2]
            inner = (right & down & (up | left)) if turn == 0 else (up & left & (right | down))
            gone = ink & (count >= 2) & (count <= 6) & (rises == 1) & ~inner
            worn |= bool(gone.any())
            ink = ink & ~gone
    return ink


def leant(images: np.ndarray, shear: float) -> np.ndarray:
    """Each row moved by `shear` pixels a row from the middle, between pixels by their mixture."""
    rows, columns = np.meshgrid(np.arange(SIDE, dtype=np.float32), np.arange(SIDE, dtype=np.float32), indexing="ij")
    source = columns - np.float32(shear) * ((np.float32(SIDE) - 1) / 2 - rows)
    left = np.floor(source)
    share = source - left

    def ink(column: np.ndarray) -> np.ndarray:
        inside = (column >= 0) & (column < SIDE)
        at = np.where(inside, column, 0).astype(int)
        return np.where(inside, images[:, rows.astype(int), at].astype(np.float32), np.float32(0))

    mixed = ink(left) * (1 - share) + ink(left + 1) * share
    return (np.clip(mixed, 0, 255) + np.float32(0.5)).astype(np.uint8)
