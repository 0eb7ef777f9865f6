"""Trains every recipe at its defaults, from several seeds, and prints the README's table of quality: after 1, 5, 20 and 60 passes over MNIST, by
`cargo ganvas eval`. A cell is the median of the seeds, and their range where it shows.

    cargo build --release --package ganvas-cli
    MNIST_DIR=... python tests/quality/table.py [--passes 1,5,20,60] [--recipes dcgan,cgan] [--seeds 1,2,3] [--out target/quality]

A pass is 60,000 real digits seen by the discriminator, every one of MNIST's once; seconds are those of one core's time, whatever else the machine does. Checkpoints stay in the folder, and
what is there already is not trained again, so that an interrupted table continues. Takes eight hours of a core for three seeds.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GANVAS = ROOT / "target/release/ganvas-cli"
DIGITS = 60_000

COLUMNS = ("GAN", "passes", "steps", "seconds", "distance / floor", "sure of", "confidence", "classes' KL", "least class", "precision", "recall", "class asked for", "school test")


def steps(knobs: dict[str, str], passes: int) -> int:
    """Iterations in which the discriminator sees that many passes."""
    return max(1, round(passes * DIGITS / (int(knobs["batch"]) * int(knobs["d_steps"]))))


def ganvas(*arguments: str) -> str:
    """What the command prints."""
    return subprocess.run([GANVAS, *arguments], check=True, capture_output=True, text=True).stdout


def cpu_seconds() -> float:
    """What the commands run so far have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def knobs(checkpoint: Path) -> dict[str, str]:
    """The settings in a checkpoint's metadata."""
    data = checkpoint.read_bytes()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    return json.loads(header["__metadata__"]["knobs"])


def measure(recipe: str, seed: int, all_passes: list[int], folder: Path) -> Iterator[dict]:
    """Trains on from one number of passes to the next, and measures at each."""
    before = folder / f"{recipe}-{seed}-start.safetensors"
    if not before.exists():
        ganvas("train", "--recipe", recipe, "--seed", str(seed), "--steps", "1", "--out", str(before))
    seconds, done = 0.0, 1
    for passes in all_passes:
        file = folder / f"{recipe}-{seed}-{passes}.safetensors"
        times, measured = file.with_suffix(".seconds"), file.with_suffix(".json")
        wanted = steps(knobs(before), passes)
        # The time is written last: a checkpoint without it is of a run that was cut off.
        if not times.exists():
            begun = cpu_seconds()
            ganvas("train", "--from", str(before), "--steps", str(wanted - done), "--out", str(file))
            times.write_text(str(cpu_seconds() - begun))
        if not measured.exists():
            measured.write_text(ganvas("eval", "--from", str(file), "--seed", str(seed), "--json"))
        seconds += float(times.read_text())
        before, done = file, wanted
        yield {**json.loads(measured.read_text()), "passes": passes, "seconds": seconds}


def cell(rows: list[dict], value: Callable[[dict], float | None], form: str) -> str:
    """The median of the seeds, with their range where it shows; empty of what a recipe does not have."""
    values = [value(row) for row in rows]
    if any(number is None for number in values):
        return ""
    middle, least, most = (form.format(f(values)) for f in (statistics.median, min, max))
    return middle if least == most else f"{middle} ({least} to {most})"


def line(rows: list[dict]) -> str:
    """A row of the table, of one number of passes from every seed."""
    percent = "{:.1%}"
    cells = (
        f"`{rows[0]['recipe']}`",
        rows[0]["passes"],
        f"{rows[0]['steps']:,}",
        cell(rows, lambda row: row["seconds"], "{:,.0f}"),
        cell(rows, lambda row: row["frechet"] / row["floor"], "{:.3g}"),
        cell(rows, lambda row: row["sure"], "{:.0%}"),
        cell(rows, lambda row: row["confidence"], "{:.2f}"),
        cell(rows, lambda row: row["classes_kl"], "{:.3f}"),
        cell(rows, lambda row: min(row["classes"]), percent),
        cell(rows, lambda row: row["precision"], "{:.2f}"),
        cell(rows, lambda row: row["recall"], "{:.2f}"),
        cell(rows, lambda row: row["label_accuracy"], percent),
        cell(rows, lambda row: row["school"], percent),
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main() -> None:
    """Prints the table, a recipe's rows as soon as they are known."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--recipes", default="dcgan,gan,goodfellow,lsgan,wgan,wgan_gp,r3gan,cgan")
    parser.add_argument("--passes", default="1,5,20,60")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--out", type=Path, default=ROOT / "target/quality")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    passes = [int(n) for n in options.passes.split(",")]
    print("| " + " | ".join(COLUMNS) + " |")
    print("|" + "---|" * len(COLUMNS))
    for recipe in options.recipes.split(","):
        runs = [list(measure(recipe, int(seed), passes, options.out)) for seed in options.seeds.split(",")]
        for rows in zip(*runs):
            print(line(list(rows)), flush=True)


if __name__ == "__main__":
    main()
