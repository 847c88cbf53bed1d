"""The service under attack: killed, given errors, robbed of its folders, its lock and its disk; what held is printed.

    python -m bench attack                       # everything, about a quarter of an hour on two cores
    python -m bench attack --seed 7 --kills 300  # the same seed gives the same attacks
    python -m bench attack kills swap            # only these: kills errors swap lock disk

Every part drives the real daemon (`itrwatch run`) as a subprocess while another process reads the outbox and holds
every set that it sees against its manifest. When a part meets the daemon is up to the machine; what is attacked, and in
which order, is up to the seed. `disk` needs root, for its small file systems.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.attack import disk, errors, kills, lock, swap

Part = Callable[[Path, int, int], Iterator[tuple[bool, str]]]
"""Of a folder to work in, a seed and a number of rounds: whether a sentence held, and the sentence."""

PARTS: dict[str, tuple[Part, str]] = {
    "kills": (kills.attack, "kills"),
    "errors": (errors.attack, "runs"),
    "swap": (swap.attack, "swaps"),
    "lock": (lock.attack, "lock"),
    "disk": (disk.attack, "disk"),
}


def main(arguments: list[str]) -> int:
    """Attack, print what held; 0 when everything did."""
    parser = argparse.ArgumentParser(
        prog="bench attack", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*PARTS, []])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--runs", type=int, default=24, help="runs with injected errors")
    parser.add_argument("--swaps", type=int, default=12)
    options = parser.parse_args(arguments)
    faults = 0
    for name in options.parts or PARTS:
        attack, rounds = PARTS[name]
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix=f"itrwatch-attack-{name}-", ignore_cleanup_errors=True) as folder:
            for held, sentence in attack(Path(folder), options.seed, getattr(options, rounds, 1)):
                faults += not held
                print(f"{name}: {'held' if held else 'DID NOT HOLD'}: {sentence}", flush=True)
        print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    return 1 if faults else 0
