"""How scans arrive in a folder: in pieces, preallocated, renamed, page by page. Every ``next()`` does one step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from PIL import Image
from PIL.TiffImagePlugin import AppendingTiffWriter

from itrwatch.demo.scanner import tiff_page, write_pdf


def in_pieces(data: bytes, path: Path, pieces: int) -> Iterator[int]:
    """The file grows piece by piece under its own name; yields the bytes that are there."""
    with path.open("wb") as file:
        for start, end in _cuts(len(data), pieces):
            file.write(data[start:end])
            file.flush()
            yield end


def preallocated(data: bytes, path: Path, pieces: int) -> Iterator[int]:
    """The file has its full size from the start, as zeros, and is filled; yields the bytes that are right."""
    with path.open("wb") as file:
        file.truncate(len(data))
        yield 0
        for start, end in _cuts(len(data), pieces):
            file.write(data[start:end])
            file.flush()
            yield end


def renamed(data: bytes, path: Path) -> Iterator[Path]:
    """The file is written under a temporary name, then gets its own; yields the path where it is."""
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.write_bytes(data)
    yield temporary
    temporary.replace(path)
    yield path


def page_by_page_tiff(path: Path, pages: Iterable[Image.Image], dpi: int, compression: str = "group4") -> Iterator[int]:
    """The TIFF is closed after every page and opened again for the next: at each stage it is valid; yields its pages."""
    for number, page in enumerate(pages, start=1):
        with path.open("w+b" if number == 1 else "r+b") as file:
            _append(file, tiff_page(page, compression), dpi, compression)
        yield number


def _append(file: BinaryIO, page: Image.Image, dpi: int, compression: str) -> None:
    """In a function of its own, so that Pillow's writer is gone before the file is closed: its end touches it once more."""
    with AppendingTiffWriter(file) as writer:
        page.save(writer, "TIFF", compression=compression, dpi=(dpi, dpi))
        writer.newFrame()


def page_by_page_pdf(path: Path, pages: Iterable[Image.Image], dpi: int, *, bilevel: bool = False) -> Iterator[int]:
    """The PDF is written anew, whole, after every page: at each stage it is valid; yields its pages."""
    done: list[Image.Image] = []
    for page in pages:
        done.append(page)
        write_pdf(path, done, dpi, bilevel=bilevel)
        yield len(done)


def _cuts(length: int, pieces: int) -> Iterator[tuple[int, int]]:
    """The borders of ``pieces`` about equal pieces."""
    for i in range(pieces):
        yield length * i // pieces, length * (i + 1) // pieces
