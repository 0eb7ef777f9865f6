"""Trains every recipe at its defaults under the eyes of the alarms and names each that rises: healthy runs raise none. For a night.

    cargo build --release --package ganvas-cli
    MNIST_DIR=... python tests/quality/healthy.py [--recipes dcgan,gan] [--seeds 1,2,3] [--steps 5000]

Ends with 1 if an alarm rose or a run failed. Takes half an hour or more.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GANVAS = ROOT / "target/release/ganvas-cli"


def recipes() -> list[str]:
    """Every recipe's id, as `cargo ganvas` names them."""
    asked = subprocess.run([GANVAS, "train", "--recipe", "?", "--steps", "1"], capture_output=True, text=True)
    return asked.stderr.strip().rpartition("known: ")[2].split(", ")


def watched(recipe: str, seed: int, steps: int) -> tuple[list[str], int]:
    """The alarms of a run, each with its step, and how many quick surveys were taken."""
    with tempfile.TemporaryDirectory() as folder:
        run = ["train", "--recipe", recipe, "--seed", str(seed), "--steps", str(steps), "--watch", "--json"]
        out = subprocess.run([GANVAS, *run, "--out", f"{folder}/run.safetensors"], check=True, capture_output=True, text=True)
    lines = [json.loads(line) for line in out.stdout.splitlines()]
    if lines[-1].get("step") != steps:
        raise ValueError(f"{recipe} seed {seed} ended at {lines[-1]}")
    rose = [f"{line['alarm']} at {line['step']} ({line['evidence']})" for line in lines if "alarm" in line]
    return rose, sum("quick_survey" in line for line in lines)


def main() -> None:
    """Prints a line a run."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--recipes", default=",".join(recipes()))
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--steps", type=int, default=5000)
    options = parser.parse_args()
    if not os.environ.get("MNIST_DIR"):
        sys.exit("MNIST_DIR names no folder: what is healthy on MNIST is seen on MNIST")
    loud = 0
    for recipe in options.recipes.split(","):
        for seed in map(int, options.seeds.split(",")):
            rose, surveys = watched(recipe, seed, options.steps)
            # A watcher that sees nothing is silent, too.
            if surveys == 0:
                raise ValueError(f"{recipe} seed {seed}: nobody looked")
            print(f"{recipe} seed {seed}, {options.steps} steps, {surveys} quick surveys: {'; '.join(rose) or 'silent'}", flush=True)
            loud += bool(rose)
    if loud:
        sys.exit(f"{loud} runs raised an alarm")


if __name__ == "__main__":
    main()
