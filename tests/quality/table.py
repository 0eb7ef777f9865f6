"""Trains every recipe at its defaults and prints the README's table of quality: after 1, 5 and 20 passes over MNIST, by `cargo ganvas eval`.

    cargo build --release --package ganvas-cli
    MNIST_DIR=... python tests/quality/table.py [--epochs 1,5,20] [--recipes dcgan,cgan] [--seeds 1] [--out target/quality]

A pass is 60,000 real digits seen by the discriminator, every one of MNIST's once; seconds are those of one core's time, whatever else the machine does. Checkpoints stay in the folder, and what is there already is not trained again. Takes
an hour or more for everything.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GANVAS = ROOT / "target/release/ganvas-cli"
DIGITS = 60_000

COLUMNS = ("GAN", "passes", "steps", "seconds", "distance / floor", "classes' KL", "least class", "confidence", "precision", "recall", "NDB / 100", "Parzen", "class as told")


def steps(knobs: dict[str, str], epochs: int) -> int:
    """Iterations in which the discriminator sees that many passes."""
    return max(1, round(epochs * DIGITS / (int(knobs["batch"]) * int(knobs["d_steps"]))))


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


def measure(recipe: str, seed: int, all_epochs: list[int], folder: Path) -> list[dict]:
    """Trains on from one number of passes to the next, and measures at each."""
    rows, before, seconds = [], None, 0.0
    done = 0
    for epochs in all_epochs:
        file = folder / f"{recipe}-{seed}-{epochs}.safetensors"
        times = file.with_suffix(".seconds")
        if before is None:
            first = folder / f"{recipe}-{seed}-start.safetensors"
            ganvas("train", "--recipe", recipe, "--seed", str(seed), "--steps", "1", "--out", str(first))
            before, done = first, 1
        wanted = steps(knobs(before), epochs)
        if not (file.exists() and times.exists()):
            begun = cpu_seconds()
            ganvas("train", "--from", str(before), "--steps", str(wanted - done), "--out", str(file))
            times.write_text(str(cpu_seconds() - begun))
        seconds += float(times.read_text())
        before, done = file, wanted
        report = json.loads(ganvas("eval", "--from", str(file), "--seed", str(seed), "--json"))
        rows.append({**report, "epochs": epochs, "seconds": seconds})
    return rows


def line(row: dict) -> str:
    """A row of the table."""
    told = row["label_accuracy"]
    cells = (
        f"`{row['recipe']}`",
        row["epochs"],
        f"{row['steps']:,}",
        f"{row['seconds']:.0f}",
        f"{row['frechet']:.1f} / {row['floor']:.2f} = {row['frechet'] / row['floor']:.0f}",
        f"{row['classes_kl']:.3f}",
        f"{100 * min(row['classes']):.1f} %",
        f"{row['confidence']:.2f}",
        f"{row['precision']:.2f}",
        f"{row['recall']:.2f}",
        row["ndb"],
        f"{row['parzen']:.0f} ± {row['parzen_se']:.1f}",
        "" if told is None else f"{100 * told:.1f} %",
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main() -> None:
    """Prints the table, a row as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--recipes", default="dcgan,gan,goodfellow,lsgan,wgan,wgan_gp,r3gan,cgan")
    parser.add_argument("--epochs", default="1,5,20")
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--out", type=Path, default=ROOT / "target/quality")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    print("| " + " | ".join(COLUMNS) + " |")
    print("|" + "---|" * len(COLUMNS))
    for recipe in options.recipes.split(","):
        for seed in options.seeds.split(","):
            for row in measure(recipe, int(seed), [int(n) for n in options.epochs.split(",")], options.out):
                print(line(row), flush=True)


if __name__ == "__main__":
    main()
