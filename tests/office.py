"""An office for the tests: an inbox, an outbox, scans made by the scanner simulator, cases done for real."""

from __future__ import annotations

import functools
import random
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from itrwatch.core.manifest import Manifest, from_json
from itrwatch.core.settings import Config, ImageConfig
from itrwatch.demo.scanner import write_pdf
from itrwatch.job.attempt import Attempt
from itrwatch.job.job import Services, process_folder
from itrwatch.store.inbox import take_snapshot
from itrwatch.store.outbox import Outbox
from itrwatch.workers.pool import Pool

CASE = "13153.720210-2019-34 Fazenda Boa Vista"
NOW = datetime(2026, 11, 22, 20, 5, 12).astimezone()


_WORDS = (
    "area",
    "hectares",
    "imposto territorial",
    "mata",
    "de",
    "lavoura",
    "pasto e",
    "reserva",
    "1.234,5",
    "declarado",
)


@functools.cache
def page(text="A", dpi=100, lines=20):
    """A cheap page that is clearly not blank: ``text`` large, over lines of print; a draft reads fewer lines in less time."""
    picture = Image.new("L", (int(8.27 * dpi), int(11.69 * dpi)), 255)
    draw = ImageDraw.Draw(picture)
    draw.text((dpi, dpi), text, 0, ImageFont.load_default(0.6 * dpi))
    choice = random.Random(str(text))  # another text is another page, and not the same with one letter changed
    for line in range(lines):
        words = f"linha {line} de {text}: {' '.join(choice.choices(_WORDS, k=4))}"
        draw.text((dpi, (2.4 + line * 0.4) * dpi), words, 0, ImageFont.load_default(0.16 * dpi))
    return picture


@functools.cache
def blank_page(dpi=100):
    """A page with nothing on it but the grain of the paper."""
    grain = np.random.default_rng(5).normal(246, 1.5, (int(11.69 * dpi), int(8.27 * dpi)))
    return Image.fromarray(grain.clip(0, 255).astype(np.uint8))


def scan_bytes(*pages, dpi=100):
    """A scanned PDF with these pages (strings are drawn by `page`) as bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scan.pdf"
        write_pdf(path, [page(item) if isinstance(item, str) else item for item in pages], dpi, grey=True)
        return path.read_bytes()


class Office:
    """Folders under ``root`` and a pool to do cases with; ``config`` may be changed between cases."""

    def __init__(self, root: Path, pool: Pool) -> None:
        self.inbox, self.outbox = root / "entrada", root / "saida"
        self.inbox.mkdir()
        self.outbox.mkdir()
        self.pool = pool
        # Pages are not read: these stories find a folha by its number, the only text there is then (tests/job/test_read_pages.py reads).
        self.config = Config(self.inbox, self.outbox, image=ImageConfig(read_pages=False), settle_seconds=0)

    def set(self, **changes):
        """Change settings of the configuration."""
        self.config = replace(self.config, **changes)

    def case(self, sidecar: str | bytes | None, name=CASE, **scans: bytes) -> Path:
        """A case folder; ``scans`` by name, with ``_pdf`` for ``.pdf`` (``noti_pdf=…`` → ``noti.pdf``)."""
        folder = self.inbox / name
        folder.mkdir(exist_ok=True)
        for key, data in scans.items():
            stem, _, suffix = key.rpartition("_")
            (folder / f"{stem}.{suffix}").write_bytes(data)
        if sidecar is not None:
            (folder / "processo.yaml").write_bytes(sidecar.encode() if isinstance(sidecar, str) else sidecar)
        return folder

    def do(self, name=CASE, now=NOW) -> Manifest:
        """Do one case, whatever its age, and return what the outbox says about it."""
        services = Services(self.config, Outbox.of(self.config), self.pool)
        process_folder(services, take_snapshot(self.inbox / name), Attempt(Event(), now=lambda: now))
        return self.manifest(name)

    def manifest(self, name=CASE) -> Manifest:
        return from_json((self.outbox / name / "manifesto.json").read_text("utf-8"))

    def out(self, name=CASE) -> Path:
        return self.outbox / name

    def pending(self, name=CASE) -> str:
        """The text of PENDENTE.txt, as Notepad shows it; asserts its encoding and line ends."""
        data = (self.outbox / name / "PENDENTE.txt").read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        text = data.decode("utf-8-sig")
        assert text.count("\n") == text.count("\r\n")
        return text.replace("\r\n", "\n")


__all__ = ["CASE", "NOW", "Office", "blank_page", "page", "scan_bytes", "write_pdf"]
