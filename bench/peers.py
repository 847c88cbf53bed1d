"""The programs that make scanned PDFs small, as far as they are installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.measure import environment

_GS = ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", "-dPDFSETTINGS=/ebook"]
_OCRMYPDF = ["ocrmypdf", "--jobs", "1", "--optimize", "3", "--skip-text", "--tesseract-timeout", "0", "--quiet"]
_HANKPDF = ["hankpdf", "--no-ocr", "--max-workers", "1", "--min-ratio", "0", "--quiet"]


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer in one of its ways: ``command`` of input and output, ``env`` what it needs beside it."""

    name: str
    command: Callable[[Path, Path], list[str]]
    env: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """The peers that are here, the versions of all programs, and what is missing."""

    peers: tuple[Peer, ...]
    versions: dict[str, str]
    missing: tuple[str, ...]


# HankPDF refuses Debian's qpdf program as too old, but works with the one inside pikepdf.
_PEERS = (
    Peer("Ghostscript /ebook", lambda source, out: [*_GS, f"-sOutputFile={out}", str(source)]),
    Peer("OCRmyPDF -O3", lambda source, out: [*_OCRMYPDF, str(source), str(out)]),
    Peer(
        "HankPDF standard",
        lambda a, b: [*_HANKPDF, "--mode", "standard", str(a), "-o", str(b)],
        {"HANKPDF_SKIP_ENV_CHECK": "1"},
    ),
    Peer(
        "HankPDF fast",
        lambda a, b: [*_HANKPDF, "--mode", "fast", str(a), "-o", str(b)],
        {"HANKPDF_SKIP_ENV_CHECK": "1"},
    ),
)
_HELPERS = {"jbig2": "with OCRmyPDF and HankPDF", "pngquant": "with OCRmyPDF", "tesseract": "reads the words"}


def find() -> Found:
    """Look for every peer and for what they use when they have it."""
    program = {peer.name: peer.command(Path(), Path())[0] for peer in _PEERS}
    here = tuple(peer for peer in _PEERS if shutil.which(program[peer.name]))
    programs = [*dict.fromkeys(program.values()), *_HELPERS]
    versions = {name: version(name) for name in programs if shutil.which(name)}
    missing = [f"{name} ({_HELPERS[name]})" if name in _HELPERS else name for name in programs if name not in versions]
    return Found(here, versions, tuple(missing))


def version(program: str) -> str:
    """What the program says its version is."""
    done = subprocess.run([program, "--version"], capture_output=True, text=True, env=environment(), check=False)
    number = re.search(r"\d+(\.\d+)+", done.stdout or done.stderr)
    return number[0] if number else "?"
