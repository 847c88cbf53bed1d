"""What looks as if more of it were still on its way, in a folder that has come to rest.

A scanner may pause for longer than the quiet time (a lid, a jam, a second stack), and a copy may
reserve the whole size first and fill it in later. Quiet time cannot tell that from an end; these
signs can, without ever holding back a case for good: whoever is patient asks again later, and
then takes the folder as it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from itrwatch.core.filenames import shown
from itrwatch.core.sidecar import Sidecar
from itrwatch.core.words import counted
from itrwatch.scans.plain_file import open_plain

TAIL_BYTES = 4096
"""A block of a file system: space that was reserved and not yet written reads as zeros, in blocks."""


def ends_in_zeros(path: Path) -> bool:
    """Whether the last block of a scan is empty: no writer ends a file so (F4, preallocated copies); `OSError`."""
    with open_plain(path) as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
        tail = file.read()
    return len(tail) == TAIL_BYTES and not tail.strip(b"\0")


def short_scans(sidecar: Sidecar, pages: Mapping[str, int], find: Callable[[str], object]) -> Iterator[str]:
    """A sentence for each scan with fewer pages than the sidecar counts on: the second proof (F2).

    ``pages``: real name → pages; ``find``: from a name in the sidecar to a real name, or anything
    else where there is none.
    """
    wanted: dict[str, int] = {}
    for source in (source for entry in sidecar.sections for source in entry.sources):
        name = find(source.file)
        if isinstance(name, str) and name in pages:
            last = max((span.last or span.first for span in source.spans), default=0)
            wanted[name] = max(wanted.get(name, 0), last)
    for name, last in wanted.items():
        if last > pages[name]:
            yield f"«{shown(name)}» tem {counted(pages[name], 'página', 'páginas')}, e o processo.yaml pede até a {last}"
