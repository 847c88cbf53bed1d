"""What looks as if more of it were still on its way, in a folder that has come to rest.

A scanner may pause for longer than the quiet time (a lid, a jam, a second stack). Quiet time cannot tell that from
an end; the sidecar can, without ever holding back a case for good: whoever is patient asks again later, and then
takes the folder as it is. The other such sign, a file that ends in zeros, is seen where scans are opened (`work.scan`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from itrwatch.core.filenames import printable
from itrwatch.core.sidecar import Sidecar
from itrwatch.core.words import counted


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
            yield f"«{printable(name)}» tem {counted(pages[name], 'página', 'páginas')}, e o processo.yaml pede até a {last}"
