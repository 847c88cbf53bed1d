"""Numbered pages → the files of the set: divided if necessary, written, opened again and verified.

write_files(staged, [(FileKind.NOTI, folhas), …], done, …) -> (WrittenPart("NOTI.pdf"), …)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from itrwatch.core.ecac import file_name, folhas_phrase, part_title
from itrwatch.core.folhas import Folha, span
from itrwatch.core.manifest import FileEntry
from itrwatch.core.pages import PageRef
from itrwatch.core.parts import Weight, divide
from itrwatch.core.sections import FileKind
from itrwatch.core.settings import Config
from itrwatch.pdf.part_info import Bookmark, DocumentInfo, fixed_bytes
from itrwatch.workers.pool import Failed, InWorker, Workers
from itrwatch.workers.tasks import PageDone, PartMade, PartTask

WRITE_PART: InWorker[PartTask, PartMade | OSError] = InWorker("itrwatch.workers.page_task", "write_checked")


class WritingError(Exception):
    """A part was not written correctly: an internal error, with an English message for the log."""


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """A file of the set on disk, with its folhas."""

    entry: FileEntry
    folhas: tuple[Folha, ...]


def write_files(
    folder: Path,
    files: Sequence[tuple[FileKind, Sequence[Folha]]],
    done: Mapping[PageRef, PageDone],
    processo: str,
    config: Config,
    pool: Workers,
    stop: Event,
) -> tuple[WrittenPart, ...]:
    """Write the files of a case into ``folder``, each in the fewest parts that the limit allows; the workers write all parts in parallel.

    The size of a page beyond its layers is only estimated before writing. The lowest estimate is tried first and the
    parts are measured; if one is too large, its file is written again with a higher estimate, at last with the
    maximum, with which every part fits.
    `WritingError`, `OSError`, `Stopped`.
    """
    made: dict[FileKind, list[tuple[PartTask, PartMade]]] = {}
    for overhead in (0.0, 0.5, 1.0):
        tasks = {
            kind: _tasks(folder, kind, folhas, done, processo, config, overhead)
            for kind, folhas in files
            if kind not in made
        }
        answers = pool.map(WRITE_PART, [task for own in tasks.values() for task in own], stop, seconds=math.inf)
        for kind, own in tasks.items():
            parts = [_made(next(answers)) for _ in own]
            if all(part.bytes <= config.max_file_bytes for part in parts) or overhead == 1.0:
                made[kind] = list(zip(own, parts, strict=True))
            else:
                for task in own:
                    task.path.unlink()
    return tuple(
        WrittenPart(_entry(task, part, kind, part_title(number, len(made[kind]))), task.folhas)
        for kind, _ in files
        for number, (task, part) in enumerate(made[kind], start=1)
    )


def _tasks(
    folder: Path,
    kind: FileKind,
    folhas: Sequence[Folha],
    done: Mapping[PageRef, PageDone],
    processo: str,
    config: Config,
    overhead: float,
) -> list[PartTask]:
    """The parts of a file, if each page takes the share ``overhead`` of its maximal overhead."""
    weights = _weights(folhas, done, overhead)
    fixed = round(overhead * fixed_bytes(len(folhas), _info(kind, folhas, processo, "")))
    ranges = divide(weights, fixed, config.max_file_bytes)
    tasks = []
    for number, indices in enumerate(ranges, start=1):
        part = tuple(folhas[index] for index in indices)
        pages = [done[folha.ref] for folha in part]
        tasks.append(
            PartTask(
                path=folder / file_name(kind, number, len(ranges)),
                folhas=part,
                spools=tuple(map(_spool, pages)),
                images=tuple(page.images for page in pages),
                bookmarks=section_bookmarks(part),
                info=_info(kind, part, processo, part_title(number, len(ranges))),
                stamp=config.stamp,
            )
        )
    return tasks


def heaviest_allowed(config: Config) -> int:
    """The largest page (bytes) that fits into a part of its own."""
    return config.max_file_bytes - fixed_bytes(1, DocumentInfo("x" * 200, "x" * 40, ("x" * 80,)))


def section_bookmarks(folhas: Sequence[Folha]) -> tuple[Bookmark, ...]:
    """One per section: “Notificação de Lançamento (folhas 1 a 5)”."""
    bookmarks = []
    for section in dict.fromkeys(folha.section for folha in folhas):
        own = [(index, folha) for index, folha in enumerate(folhas) if folha.section is section]
        numbers = span(folha for _, folha in own)
        title = f"{section.heading} ({folhas_phrase(*numbers)})" if numbers else section.heading
        bookmarks.append(Bookmark(title, own[0][0]))
    return tuple(bookmarks)


def _weights(folhas: Sequence[Folha], done: Mapping[PageRef, PageDone], overhead: float) -> list[Weight]:
    weights = []
    before = None
    for folha in folhas:
        page = done[folha.ref]
        weights.append(Weight(page.layer_bytes + round(overhead * page.overhead), folha.section is not before))
        before = folha.section
    return weights


def _spool(page: PageDone) -> Path:
    assert page.spool is not None
    return page.spool


def _made(answer: PartMade | OSError | Failed) -> PartMade:
    match answer:
        case OSError():
            raise answer
        case Failed():
            raise WritingError(answer.trace or repr(answer))
    return answer


def _info(kind: FileKind, folhas: Sequence[Folha], processo: str, title: str) -> DocumentInfo:
    name = kind.document_type.capitalize() if kind is FileKind.IMPUGNA else "Notificação de Lançamento"
    sections = tuple(bookmark.title for bookmark in section_bookmarks(folhas))
    return DocumentInfo(f"{name} – {processo}" + (f" – {title}" if title else ""), processo, sections)


def _entry(task: PartTask, part: PartMade, kind: FileKind, title: str) -> FileEntry:
    return FileEntry(
        task.path.name, part.bytes, part.sha256, len(task.folhas), kind.document_type, title, span(task.folhas)
    )
