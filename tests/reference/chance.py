"""The page's own chance: one seed, one ChaCha8 stream of random words a purpose. Digits of a seed are the page's, and training takes
up real digits in the order in which the page would have."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

SHUFFLE, LATENTS, PENALTY, SAMPLES = 2, 3, 5, 7
"""Purposes of streams; a shuffle's stream number also holds the pass, above its low byte."""

Words = np.ndarray
"""Unsigned words of 32 bits."""


def key(seed: int) -> list[int]:
    """The eight words into which a seed is stretched (PCG32)."""
    state, words = seed, []
    for _ in range(8):
        state = (state * 6364136223846793005 + 11634580027462260723) % 2**64
        word, turn = ((state >> 18 ^ state) >> 27) % 2**32, state >> 59
        words.append((word >> turn | word << (32 - turn)) % 2**32)
    return words


def blocks(seed: int, stream: int, first: int, count: int) -> Words:
    """(count, 16) words of ChaCha8 (Bernstein 2008), from block `first` of a stream on."""
    at = np.arange(first, first + count, dtype=np.uint64)
    start = np.empty((16, count), np.uint32)
    start[:4] = np.frombuffer(b"expand 32-byte k", "<u4")[:, None]
    start[4:12] = np.array(key(seed), np.uint32)[:, None]
    start[12], start[13] = at & 0xFFFFFFFF, at >> 32
    start[14], start[15] = stream % 2**32, stream >> 32

    def turned(words: Words, bits: int) -> Words:
        return words << np.uint32(bits) | words >> np.uint32(32 - bits)

    a, b, c, d = (start[4 * row : 4 * row + 4].copy() for row in range(4))
    for half in range(8):
        # Columns; then diagonals, for which rows turn and turn back.
        if half % 2:
            b, c, d = np.roll(b, -1, 0), np.roll(c, -2, 0), np.roll(d, -3, 0)
        for first_turn, second_turn in ((16, 12), (8, 7)):
            a = a + b
            d = turned(d ^ a, first_turn)
            c = c + d
            b = turned(b ^ c, second_turn)
        if half % 2:
            b, c, d = np.roll(b, 1, 0), np.roll(c, 2, 0), np.roll(d, 3, 0)
    return (np.concatenate([a, b, c, d]) + start).T


def uniform(words: Words, low: float, high: float) -> np.ndarray:
    """A number uniform in [low, high) of each word."""
    shares = (words >> np.uint32(8)).astype(np.float32)
    return np.float32(low) + shares * np.float32((high - low) / 2**24)


NORMALS = 64
"""How many numbers of N(0, 1) are drawn at once."""


def normal(words: Words) -> np.ndarray:
    """A number of N(0, 1) of each word by Box and Muller's pairs, 64 at once along the last axis: 32 cosines, then 32 sines."""
    blocks = words.reshape(-1, 2, NORMALS // 2) >> np.uint32(8)
    radius = np.sqrt(-2 * np.log((blocks[:, 0] + 0.5) / 2**24))
    angle = 2 * np.pi * blocks[:, 1] / 2**24
    pairs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1)
    return pairs.reshape(words.shape).astype(np.float32)


MODE = 3.0
"""The number at the place of a latent vector's mode."""


@dataclass
class Latents:
    """What a latent vector is: independent numbers and, where there are modes, a place for each: `MODE` at one of them, 0 at the others."""

    numbers: int
    noise: str = "normal"
    modes: int = 0

    @staticmethod
    def of(knobs: Mapping[str, str]) -> Latents:
        """What a checkpoint's knobs say; those of before know no modes."""
        return Latents(int(knobs["latent"]), knobs.get("noise", "normal"), int(knobs.get("modes", 0)))

    @property
    def width(self) -> int:
        """Numbers of a vector, the modes' places included."""
        return self.numbers + self.modes


class Stream:
    """A stream of random words, from any of them on."""

    def __init__(self, seed: int, stream: int, position: int = 0) -> None:
        self.seed, self.stream, self.position = seed, stream, position

    def words(self, count: int) -> Words:
        """The next (count) words."""
        first, skipped = divmod(self.position, 16)
        self.position += count
        return blocks(self.seed, self.stream, first, (skipped + count + 15) // 16).ravel()[skipped : skipped + count]

    def uniforms(self, count: int, low: float = 0.0, high: float = 1.0) -> np.ndarray:
        """(count) numbers uniform in [low, high)."""
        return uniform(self.words(count), low, high)

    def latents(self, space: Latents, count: int) -> np.ndarray:
        """(count, width) latent vectors, every mode equally likely."""
        # With modes vector by vector: its numbers, then a word whose high bits choose. Otherwise all numbers in a row.
        rows, columns = (count, space.numbers) if space.modes else (1, count * space.numbers)
        taken = -(-columns // NORMALS) * NORMALS if space.noise == "normal" else columns
        each = taken + bool(space.modes)
        words = self.words(rows * each).reshape(rows, each)
        own = words[:, :taken]
        numbers = normal(own) if space.noise == "normal" else uniform(own, -(3**0.5), 3**0.5)
        numbers = numbers[:, :columns].reshape(count, space.numbers)
        if not space.modes:
            return numbers
        modes = np.zeros((count, space.modes), np.float32)
        modes[np.arange(count), words[:, taken].astype(np.uint64) * space.modes >> 32] = MODE
        return np.concatenate([numbers, modes], 1)


FIRST, BLOCK = 2048, 1024
"""How many digits the first draws are from, and after how many draws twice as many more are open."""


def window(drawn: int, size: int) -> int:
    """From how many of the set's first digits the one after `drawn` others is drawn: the page trains while digits arrive."""
    return min(FIRST + 2 * (drawn // BLOCK * BLOCK), size)


def order(seed: int, turn: int, size: int) -> np.ndarray:
    """The order of `size` digits in a pass (Fisher and Yates); the first draws from a window that grows."""
    stream = Stream(seed, (turn << 8 | SHUFFLE) % 2**64)
    words = (word for _ in itertools.count() for word in stream.words(1 << 14).tolist())

    def below(bound: int) -> int:
        """A number below `bound`, each as likely as the others (Lemire, arXiv:1805.10941)."""
        while True:
            product = next(words) * bound
            if product % 2**32 >= 2**32 % bound:
                return product >> 32

    found: list[int] = []
    waiting: list[int] = []
    opened = 0
    while opened < size or waiting:
        # In the first pass those that wait are shuffled with those that are newly open, block after block.
        limit = size if turn else window(len(found), size)
        waiting, opened = waiting + list(range(opened, limit)), limit
        for last in range(len(waiting) - 1, 0, -1):
            other = below(last + 1)
            waiting[last], waiting[other] = waiting[other], waiting[last]
        taken = BLOCK if limit < size else len(waiting)
        found, waiting = found + waiting[:taken], waiting[taken:]
    return np.array(found)
