"""A part of a file written, opened again and measured, inside a worker process."""

from __future__ import annotations

from collections.abc import Iterator

from itrwatch.core.folhas import Folha
from itrwatch.pdf.verifying import measure, verify_part
from itrwatch.pdf.writing import PartPage, write_part
from itrwatch.work.confinement import CPU_SECONDS, allow_cpu
from itrwatch.work.values import PartMade, PartTask, unspooled

PAGE_CPU_SECONDS = 0.1
"""Beside what a page may take: to write and verify one was measured at 0.01 s, a whole-page picture at 0.03."""


def write_checked(task: PartTask) -> PartMade | OSError:
    """The part as it stands on disk; an `OSError` is the disk's, and told so that it can be tried again. `VerifyError`."""
    allow_cpu(CPU_SECONDS + PAGE_CPU_SECONDS * len(task.folhas))
    sizes: list[tuple[float, float]] = []

    def pages() -> Iterator[PartPage]:
        for folha, spool in zip(task.folhas, task.spools, strict=True):
            sheet = unspooled(spool)
            sizes.append((sheet.width, sheet.height))
            yield PartPage(sheet, folha.number, folha.section.heading)

    try:
        write_part(task.path, pages(), task.bookmarks, task.info, task.stamp)
        verify_part(task.path, sizes, [_stamp(task, folha) for folha in task.folhas])
        return PartMade(*measure(task.path))
    except OSError as fault:
        return fault


def _stamp(task: PartTask, folha: Folha) -> str:
    return "" if folha.number is None else task.stamp.format.format(n=folha.number)
