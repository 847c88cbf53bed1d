"""An office with thousands of finished cases: what the service costs while nothing happens, and its panel.

    python -m bench many                    # 10 000 folders
    python -m bench many 2000 --seconds 60

Nine of ten cases were accepted in the last three years, the others stand at every stage. The real daemon is started with the
default times. Printed are the time from its start to a panel with the cases that were read by then, the time to the complete
panel, its size, how soon it answers in Chromium, and the share of a core that the service takes while nothing happens. Processor
time stands beside the time by the clock, because it says the same on a busy machine.

What an idle process costs depends on the machine more than on the process: some take its memory away while it sleeps, and each
wake-up gets it back. So two processes run beside the service in the same time: one that does nothing but sleep a second at a
time, and one that does the least a watch folder can do, one `stat` of each folder at the default rescan.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from bench.ours import installed
from bench.ready import cpu_seconds
from itrwatch.core.settings import Config
from itrwatch.store.fingerprint import fingerprint
from itrwatch.store.inbox import take_snapshot
from tests.browser import CHROMIUM, QUIET
from tests.many_cases import AFTER, NAMES, manifest

GOAL_START, GOAL_IDLE, GOAL_PANEL, GOAL_USABLE = 10.0, 0.005, 1_500_000, 1.0
"""Seconds, share of a core, bytes, seconds."""
LIMIT_SECONDS = 600.0
ACCEPTED = "andamento:\n  - juntada: {data: 20/03/2025, protocolo: 123.456}\n  - aceita: {data: 25/03/2025}\n"
YEARS = (2024, 2025, 2026)
SLEEPER = "import time\nwhile True: time.sleep(1)"
POLLER = """
import os, sys, time
while True:
    folder = os.open(sys.argv[1], os.O_RDONLY)
    for name in os.listdir(folder):
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    os.close(folder)
    time.sleep(float(sys.argv[2]))
"""


def main(arguments: list[str]) -> int:
    """Build, measure, print; 0 when every goal was met."""
    parser = argparse.ArgumentParser(
        prog="bench many", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="?", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=180.0, help="how long the idle service is watched")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="itrwatch-many-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        config = Config(root / "entrada", root / "saida")
        build(config, options.folders)
        return _measure(root, config, options.folders, options.seconds)


def build(config: Config, count: int) -> None:
    """``count`` finished cases in both roots, as `once` would have left them."""
    config.inbox.mkdir()
    config.outbox.mkdir()
    cases = ((number, manifest(number)) for number in itertools.count())
    finished = ((number, case) for number, case in cases if case.published or number % 10 == 0)
    for number, case in itertools.islice(finished, count):
        inside, outside = config.inbox / case.folder, config.outbox / case.folder
        inside.mkdir()
        outside.mkdir()
        after = AFTER[number // 10 % len(AFTER)] if number % 10 == 0 else ACCEPTED
        (inside / "scan 001.pdf").write_bytes(b"%PDF-")
        (inside / "processo.yaml").write_text(
            f"secoes:\n  - notificacao: scan 001.pdf\ncontribuinte: {NAMES[number % len(NAMES)]}\n"
            "ciencia: {modo: postal, data: 10/01/2025, documentos: [ar]}\n" + after,
            "utf-8",
        )
        files = tuple(replace(file, bytes=5) for file in case.files)
        label = fingerprint(take_snapshot(inside)).of(published=case.published)
        (outside / "manifesto.json").write_text(replace(case, files=files, fingerprint=label).to_json(), "utf-8")
        (outside / "relatorio.html").write_text("<title>relatório</title>", "utf-8")
        when = datetime(YEARS[number % len(YEARS)], 1 + number % 9, 1 + number % 28, 12, tzinfo=UTC).timestamp()
        for file in files:
            (outside / file.name).write_bytes(b"%PDF-")
            os.utime(outside / file.name, (when, when))


def _measure(root: Path, config: Config, count: int, seconds: float) -> int:
    (root / "config.yaml").write_text(f"inbox: {config.inbox}\noutbox: {config.outbox}\n", "utf-8")
    command = [sys.executable, "-m", "itrwatch", "run", "--config", str(root / "config.yaml")]
    began = time.monotonic()
    with (root / "log.txt").open("wb") as log:
        daemon = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=root, env=os.environ | {"PYTHONPATH": str(installed())}
        )
    drawn, drawn_cpu = 0.0, 0.0
    try:
        while not _complete(config.outbox / "index.html", count):
            if not drawn and (config.outbox / "index.html").exists():
                drawn, drawn_cpu = time.monotonic() - began, cpu_seconds(daemon.pid)
            if daemon.poll() is not None or time.monotonic() - began > LIMIT_SECONDS:
                print((root / "log.txt").read_text("utf-8")[-2000:])
                return 1
            time.sleep(0.1)
        start, worked = time.monotonic() - began, cpu_seconds(daemon.pid)
        idle, sleeper, poller = _idle(daemon.pid, config, seconds)
    finally:
        daemon.terminate()
        daemon.wait()
    panel = (config.outbox / "index.html").stat().st_size
    print(
        f"{count} folders: {drawn or start:.1f} s from the start to a panel ({drawn_cpu or worked:.1f} s of processor time)"
    )
    print(f"{start:.1f} s to the complete panel ({worked:.1f} s of processor time)")
    print(f"the panel has {panel / 1e6:.2f} MB")
    print(
        f"{100 * idle:.2f} % of a core while nothing happens, over {seconds:.0f} s; in the same time a process that only sleeps "
        f"{100 * sleeper:.2f} %, one `stat` of each folder at each rescan {100 * poller:.2f} %"
    )
    soon, busy = _usable_after(config.outbox / "index.html")
    said = f"opened in Chromium it answers the first search after {soon:.2f} s ({busy:.2f} s of processor time)"
    print(said if soon else "no Chromium: not opened")
    print((root / "log.txt").read_text("utf-8")[-600:])
    return int((drawn or start) > GOAL_START or idle > GOAL_IDLE or panel > GOAL_PANEL or soon > GOAL_USABLE)


def _idle(daemon: int, config: Config, seconds: float) -> tuple[float, ...]:
    """The shares of a core that the service, `SLEEPER` and `POLLER` take while nothing happens."""
    poll = [sys.executable, "-c", POLLER, str(config.inbox), str(config.rescan_seconds)]
    with subprocess.Popen([sys.executable, "-c", SLEEPER]) as sleeper, subprocess.Popen(poll) as poller:
        processes = daemon, sleeper.pid, poller.pid
        time.sleep(15)
        before, since = [cpu_seconds(each) for each in processes], time.monotonic()
        time.sleep(seconds)
        shares = [
            (cpu_seconds(each) - old) / (time.monotonic() - since) for each, old in zip(processes, before, strict=True)
        ]
        sleeper.kill()
        poller.kill()
    return tuple(shares)


def _usable_after(panel: Path) -> tuple[float, float]:
    """Seconds from the address to the answer of the first search, the best of three, and the page's processor time in them.

    (0, 0) without Chromium or playwright.
    """
    if CHROMIUM is None or find_spec("playwright") is None:
        return 0.0, 0.0
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    tries = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET])
        for _ in range(3):
            page = browser.new_context(offline=True).new_page()
            counts = page.context.new_cdp_session(page)
            counts.send("Performance.enable", {"timeDomain": "threadTicks"})
            began = time.monotonic()
            page.goto(panel.as_uri(), wait_until="commit")
            page.fill("#busca", NAMES[1])
            page.wait_for_function("document.getElementById('quantos').textContent.includes(' de ')")
            seconds = time.monotonic() - began
            metrics = {one["name"]: one["value"] for one in counts.send("Performance.getMetrics")["metrics"]}
            tries.append((seconds, metrics["TaskDuration"]))
            page.close()
        browser.close()
    return min(tries)


def _complete(panel: Path, count: int) -> bool:
    try:
        text = panel.read_text("utf-8")
    except FileNotFoundError:
        return False
    return f"{count} processos." in text and "ainda está lendo" not in text
