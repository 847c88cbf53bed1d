"""Numbered pages to the files of the set: divided if they must be, written, opened again and measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from itrwatch.core.folhas import Folha, span
from itrwatch.core.manifest import FileEntry
from itrwatch.core.naming import file_name, folhas_phrase, part_title
from itrwatch.core.pages import PageRef
from itrwatch.core.parts import Weight, divide
from itrwatch.core.sections import FileKind
from itrwatch.core.settings import Config
from itrwatch.page_values import PageDone, unspooled
from itrwatch.pdf.verifying import measure, verify_part
from itrwatch.pdf.weight import page_bytes
from itrwatch.pdf.writing import Bookmark, DocumentInfo, PartPage, fixed_bytes, write_part


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """A file of the set as it stands on disk, with the folhas in it."""

    entry: FileEntry
    folhas: tuple[Folha, ...]


def write_file(
    folder: Path,
    kind: FileKind,
    folhas: Sequence[Folha],
    done: Mapping[PageRef, PageDone],
    processo: str,
    config: Config,
) -> tuple[WrittenPart, ...]:
    """Write one of the two files into ``folder``, in as few parts as the limit allows.

    How much a page takes beside its layers is known only roughly before it is written. So the
    lightest division that is possible at all is tried first and measured; what does not fit is
    written again with a heavier estimate, at last with the heaviest, which always fits. `VerifyError`, `OSError`.
    """
    for overhead in (0.0, 0.5, 1.0):
        weights = _weights(folhas, done, overhead)
        fixed = round(overhead * fixed_bytes(len(folhas), _info(kind, folhas, processo, "")))
        ranges = divide(weights, fixed, config.max_file_bytes)
        parts = [tuple(folhas[index] for index in indices) for indices in ranges]
        paths = [folder / file_name(kind, number, len(parts)) for number in range(1, len(parts) + 1)]
        for number, (path, part) in enumerate(zip(paths, parts, strict=True), start=1):
            _write(path, kind, part, part_title(number, len(parts)), done, processo, config)
        if all(path.stat().st_size <= config.max_file_bytes for path in paths):
            break
        for path in paths:
            path.unlink()
    return tuple(
        WrittenPart(_entry(path, kind, part, part_title(number, len(parts))), part)
        for number, (path, part) in enumerate(zip(paths, parts, strict=True), start=1)
    )


def heaviest_allowed(config: Config) -> int:
    """What a page may weigh (bytes) to fit into a part of its own."""
    return config.max_file_bytes - fixed_bytes(1, DocumentInfo("x" * 200, "x" * 40, ("x" * 80,)))


def section_bookmarks(folhas: Sequence[Folha]) -> tuple[Bookmark, ...]:
    """One per section: «Notificação de Lançamento (folhas 1 a 5)»."""
    marks = []
    for section in dict.fromkeys(folha.section for folha in folhas):
        own = [(index, folha) for index, folha in enumerate(folhas) if folha.section is section]
        numbers = span(folha for _, folha in own)
        title = f"{section.heading} ({folhas_phrase(*numbers)})" if numbers else section.heading
        marks.append(Bookmark(title, own[0][0]))
    return tuple(marks)


def _weights(folhas: Sequence[Folha], done: Mapping[PageRef, PageDone], overhead: float) -> list[Weight]:
    weights = []
    before = None
    for folha in folhas:
        page = done[folha.ref]
        weights.append(Weight(page.layer_bytes + round(overhead * page.overhead), folha.section is not before))
        before = folha.section
    return weights


def _write(
    path: Path,
    kind: FileKind,
    folhas: Sequence[Folha],
    title: str,
    done: Mapping[PageRef, PageDone],
    processo: str,
    config: Config,
) -> None:
    sizes: list[tuple[float, float]] = []

    def pages() -> Iterator[PartPage]:
        for folha in folhas:
            spool = done[folha.ref].spool
            assert spool is not None
            sheet = unspooled(spool)
            sizes.append((sheet.width, sheet.height))
            yield PartPage(sheet, folha.number, folha.section.heading)

    write_part(path, pages(), section_bookmarks(folhas), _info(kind, folhas, processo, title), config.stamp)
    stamps = ["" if folha.number is None else config.stamp.format.format(n=folha.number) for folha in folhas]
    verify_part(path, sizes, stamps)


def _info(kind: FileKind, folhas: Sequence[Folha], processo: str, title: str) -> DocumentInfo:
    name = kind.document_type.capitalize() if kind is FileKind.IMPUGNA else "Notificação de Lançamento"
    sections = tuple(mark.title for mark in section_bookmarks(folhas))
    return DocumentInfo(f"{name} – {processo}" + (f" – {title}" if title else ""), processo, sections)


def _entry(path: Path, kind: FileKind, folhas: Sequence[Folha], title: str) -> FileEntry:
    size, sha256 = measure(path)
    return FileEntry(path.name, size, sha256, len(folhas), kind.document_type, title, span(folhas))


__all__ = ["WrittenPart", "heaviest_allowed", "page_bytes", "section_bookmarks", "write_file"]
