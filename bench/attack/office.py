"""An office with the real daemon, and a reader who looks at its outbox without a pause."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bench.ours import ROOT

NUMBERS = tuple(f"{10000 + number}{200000 + number}2023{number:02d}" for number in range(8))
LIMIT_SECONDS = 120.0
_OURS = frozenset({"lock", "lease", "reserva", "queda.txt"})
"""What may lie in the private folder while nothing is being done."""
_TIMES = frozenset({"relatorio.html", "processo.log", "index.html"})
"""What carries the time at which it was written."""


def scan(path: Path, text: str, pages: int = 2) -> None:
    """A fax TIFF of cheap pages that show ``text``; the same text gives the same bytes."""
    made = []
    for number in range(pages):
        page = Image.new("1", (827, 1169), 1)
        draw = ImageDraw.Draw(page)
        draw.text((100, 200), f"{text} {number}", 0, ImageFont.load_default(60))
        for line in range(6):
            draw.text((100, 350 + 40 * line), f"linha {line} do documento {text}", 0, ImageFont.load_default(20))
        made.append(page)
    draft = path.with_name(f".{path.name}.tmp")
    made[0].save(draft, "TIFF", compression="group4", save_all=True, append_images=made[1:], dpi=(100, 100))
    draft.rename(path)


def until(condition: Callable[[], object], limit: float = LIMIT_SECONDS) -> bool:
    """Whether ``condition`` became true within the limit (s)."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


class Office:
    """Inbox and outbox below ``root``, or the outbox elsewhere; ``before`` stands before the daemon's command."""

    def __init__(self, root: Path, outbox: Path | None = None, before: Sequence[str] = ()) -> None:
        self.root, self.inbox, self.outbox = root, root / "entrada", outbox or root / "saida"
        for folder in (root, self.inbox, self.outbox):
            folder.mkdir(exist_ok=True)
        self.config, self.log = root / "config.yaml", root / "registro.txt"
        self.config.write_text(
            f"inbox: {self.inbox}\noutbox: {self.outbox}\nsettle_seconds: 0.2\nrescan_seconds: 1\nworkers: 1\n"
            "image:\n  turn_pages: nao\n"
        )
        self._before = before or (sys.executable, "-m", "itrwatch")
        self.daemon: subprocess.Popen[bytes] | None = None
        self._said = 0

    def case(self, name: str, text: str, pages: int = 2) -> Path:
        """A case whose one scan shows ``text``."""
        folder = self.inbox / name
        folder.mkdir(exist_ok=True)
        scan(folder / "scan.tif", text, pages)
        (folder / "processo.yaml").write_text("secoes:\n  - notificacao: scan.tif\n")
        return folder

    def start(self) -> None:
        """Start the daemon; what it says goes to the log."""
        self._said = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.daemon = subprocess.Popen(
                [*self._before, "run", "--config", str(self.config)],
                stdout=log,
                stderr=log,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
            )

    @property
    def alive(self) -> bool:
        """Whether the daemon runs."""
        return self.daemon is not None and self.daemon.poll() is None

    @property
    def serves(self) -> bool:
        """Whether the daemon of the last `start` is up: before, a signal ends it as any program."""
        return b": entrada " in self.log.read_bytes()[self._said :]

    def kill(self) -> None:
        """As a power cut would end it."""
        if self.daemon is not None:
            self.daemon.kill()
            self.daemon.wait()

    def stop(self) -> int | None:
        """End it in order, once it serves; its exit code."""
        if self.daemon is None:
            return None
        until(lambda: self.serves or not self.alive)
        self.daemon.terminate()
        return self.daemon.wait(LIMIT_SECONDS)

    def published(self, name: str) -> dict[str, str]:
        """Name → SHA-256 of the published PDFs of a case, empty while there are none."""
        folder = self.outbox / name
        try:
            return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.glob("*.pdf"))}
        except OSError:
            return {}

    def current(self, name: str) -> str:
        """The digest of what the outbox shows of a case, but for what carries times."""
        try:
            files = [path for path in sorted((self.outbox / name).iterdir()) if path.is_file()]
            return "".join(p.name + hashlib.sha256(p.read_bytes()).hexdigest() for p in files if p.name not in _TIMES)
        except OSError:
            return ""

    def leftovers(self) -> list[str]:
        """What lies in the private folder and nobody needs."""
        return sorted(path.name for path in (self.outbox / ".itrwatch").iterdir() if path.name not in _OURS)


Wanted = dict[tuple[str, str], dict[str, str]]
"""(case, text) → name → SHA-256 of the PDFs; the process number stands in them."""


def references(root: Path, names: Sequence[str], texts: Sequence[str], pages: int = 2) -> Wanted:
    """What the PDFs of each case with each text must be: made by `once` in offices of their own."""
    root.mkdir()
    wanted: Wanted = {}
    for number, text in enumerate(texts):
        office = Office(root / str(number))
        for name in names:
            office.case(name, text, pages)
        command = [sys.executable, "-m", "itrwatch", "once", "--config", str(office.config)]
        subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
        wanted |= {(name, text): office.published(name) for name in names}
    return wanted


_READER = """
import json, os, sys
from tests.set_reader import HalfASetError, look

outbox, end = sys.argv[1:]
looks, wrong = 0, []
while not os.path.exists(end):
    try:
        names = [name for name in os.listdir(outbox) if name[:1].isdigit()]
    except OSError:
        continue
    for name in names:
        try:
            looks += look(os.path.join(outbox, name)) is not None
        except HalfASetError as half:
            wrong.append(f"{name}: {half}")
        except OSError:  # the attack takes the share away
            continue
print(json.dumps([looks, wrong[:5]]))
"""


class Reader:
    """A process that reads every case folder of an outbox again and again until `close`."""

    def __init__(self, office: Office) -> None:
        self._end = office.root / "fim"
        self._end.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _READER, str(office.outbox), str(self._end)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )

    def close(self) -> tuple[int, list[str]]:
        """How often it looked, and what it saw that must not be."""
        self._end.touch()
        said, _ = self._process.communicate(timeout=LIMIT_SECONDS)
        looks, wrong = json.loads(said)
        return looks, wrong
