"""Draws tests/quality/digits.png: 64 unchosen digits of each ready-made generator in www/ready, of latents from seed 0.

    cargo build --release --package ganvas-cli
    python tests/quality/digits.py

Left to right and row by row in the order of RECIPES. Digits are drawn with 16 greys, so that the picture stays under 100 kB.
"""

from __future__ import annotations

import struct
import subprocess
import tempfile
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GANVAS = ROOT / "target/release/ganvas-cli"
PICTURE = Path(__file__).with_name("digits.png")

RECIPES = ("dcgan", "lsgan", "wgan", "wgan_gp", "r3gan", "cgan", "gan", "goodfellow", "cyclegan")
ACROSS = 3
DIGITS, SIDE = 8, 28
GAP = 16
MOST_BYTES = 100_000


def digits(recipe: str) -> bytes:
    """64 digits of a ready-made generator, 784 bytes each, ink bright."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "digits.idx"
        generator = ROOT / f"www/ready/{recipe}.safetensors"
        subprocess.run([GANVAS, "sample", "--from", generator, "--count", str(DIGITS**2), "--seed", "0", "--out", file], check=True, capture_output=True)
        return file.read_bytes()[16:]


def sheet() -> list[bytearray]:
    """Rows of pixels: squares of digits, dark on white, with gaps between."""
    step = DIGITS * SIDE + GAP
    down = -(-len(RECIPES) // ACROSS)
    rows = [bytearray(b"\xff" * (ACROSS * step - GAP)) for _ in range(down * step - GAP)]
    for place, recipe in enumerate(RECIPES):
        top, left = place // ACROSS * step, place % ACROSS * step
        made = digits(recipe)
        for i in range(DIGITS**2):
            for y in range(SIDE):
                start = i * SIDE * SIDE + y * SIDE
                x = left + i % DIGITS * SIDE
                rows[top + i // DIGITS * SIDE + y][x : x + SIDE] = bytes(255 - ink for ink in made[start : start + SIDE])
    return rows


def png(rows: list[bytearray]) -> bytes:
    """A greyscale PNG of four bits a pixel."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    def packed(row: bytearray) -> bytes:
        greys = [round(value / 17) for value in row] + [0] * (len(row) % 2)
        return b"\0" + bytes(left << 4 | right for left, right in zip(greys[::2], greys[1::2]))

    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 4, 0, 0, 0, 0)
    data = zlib.compress(b"".join(packed(row) for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def main() -> None:
    """Writes the picture. Errors: a picture that is too large."""
    picture = png(sheet())
    if len(picture) > MOST_BYTES:
        raise SystemExit(f"{len(picture)} bytes, expected at most {MOST_BYTES}")
    PICTURE.write_bytes(picture)
    print(f"{PICTURE.relative_to(ROOT)}: {len(picture)} bytes")


if __name__ == "__main__":
    main()
