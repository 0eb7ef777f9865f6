"""Draws tests/quality/digits.png: 64 unchosen digits of each ready-made generator in www/ready, of latents from seed 0.

    cargo build --release --package ganvas-cli
    python tests/quality/sheet.py

Left to right and row by row in the order of RECIPES. Digits are drawn with 16 greys, so that the picture stays under 100 kB.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
GANVAS = ROOT / "target/release/ganvas-cli"
PICTURE = Path(__file__).with_name("digits.png")
sys.path.insert(0, str(ROOT / "tests/reference"))

from digits import SIDE, grey_png  # noqa: E402

RECIPES = ("dcgan", "lsgan", "wgan", "wgan_gp", "r3gan", "cgan", "gan", "goodfellow", "cyclegan")
ACROSS = 3
DIGITS = 8
GAP = 16
MOST_BYTES = 100_000


def square(recipe: str) -> np.ndarray:
    """64 digits of a ready-made generator as one picture, dark on white."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "digits.idx"
        generator = ROOT / f"www/ready/{recipe}.safetensors"
        subprocess.run([GANVAS, "sample", "--from", generator, "--count", str(DIGITS**2), "--seed", "0", "--out", file], check=True, capture_output=True)
        ink = np.frombuffer(file.read_bytes(), np.uint8, offset=16).reshape(DIGITS, DIGITS, SIDE, SIDE)
    return 255 - ink.transpose(0, 2, 1, 3).reshape(DIGITS * SIDE, DIGITS * SIDE)


def sheet() -> np.ndarray:
    """Every recipe's square, with gaps between."""
    step = DIGITS * SIDE + GAP
    down = -(-len(RECIPES) // ACROSS)
    picture = np.full((down * step - GAP, ACROSS * step - GAP), 255, np.uint8)
    for place, recipe in enumerate(RECIPES):
        top, left = place // ACROSS * step, place % ACROSS * step
        picture[top : top + step - GAP, left : left + step - GAP] = square(recipe)
    return picture


def main() -> None:
    """Writes the picture. Errors: a picture that is too large."""
    picture = grey_png(((sheet() + np.uint16(8)) // 17 * 17).astype(np.uint8))
    if len(picture) > MOST_BYTES:
        raise SystemExit(f"{len(picture)} bytes, expected at most {MOST_BYTES}")
    PICTURE.write_bytes(picture)
    print(f"{PICTURE.relative_to(ROOT)}: {len(picture)} bytes")


if __name__ == "__main__":
    main()
