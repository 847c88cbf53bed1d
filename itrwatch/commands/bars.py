"""Progress bars on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from itrwatch.core.filenames import printable
from itrwatch.daemon.loop import Progress, Watch


@contextmanager
def bars() -> Iterator[Watch]:
    """One progress bar per case, on stderr."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True)) as drawn:

        def watch(name: str) -> Progress:
            task = drawn.add_task(printable(name), total=None)
            return lambda done, total: drawn.update(task, completed=done, total=total)

        yield watch
