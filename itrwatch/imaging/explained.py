"""What of a page's contrast is neither ink nor dirt: a fold, print of the sheet's other side that shows through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from itrwatch.imaging.paper import Contrast, Paper


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """``likely``: the contrast that is accounted for, of the shape of the page's; ``most``: what it may be at most.

    ``what``: it is, in Portuguese.
    """

    likely: Contrast
    most: Contrast
    what: tuple[str, ...]

    def taken_from(self, paper: Paper) -> Paper:
        """The page with as much contrast taken away as can be accounted for."""
        return replace(paper, contrast=np.maximum(paper.contrast - self.most, 0))


def together(parts: Iterable[Explained | None]) -> Explained | None:
    """Several that lie on one page, each darkening the other; None if there are none."""
    found = [part for part in parts if part is not None]
    if not found:
        return None
    return Explained(
        1 - np.multiply.reduce([1 - part.likely for part in found]),
        1 - np.multiply.reduce([1 - part.most for part in found]),
        tuple(dict.fromkeys(word for part in found for word in part.what)),
    )
