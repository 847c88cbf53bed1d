"""Navigation in a part: page labels with the folha numbers, and one bookmark per section.

label_pages(pdf, [PageLabel(None, "Capa"), PageLabel(1), PageLabel(2)]) -> the reader shows “Capa”, 1, 2
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, Object, OutlineItem, Pdf, String

from itrwatch.pdf.part_info import Bookmark


@dataclass(frozen=True, slots=True)
class PageLabel:
    """The label of a page in a PDF reader: its ``folha``, or ``text`` without one."""

    folha: int | None
    text: str = ""

    def follows(self, before: PageLabel) -> bool:
        """Whether one entry of the number tree covers both pages."""
        if self.folha is None or before.folha is None:
            return self == before
        return self.folha == before.folha + 1

    def entry(self) -> Object:
        """The value of the number tree for a run that begins here."""
        if self.folha is None:
            return Dictionary(P=String(self.text))
        return Dictionary(S=Name.D, St=self.folha)


def label_pages(pdf: Pdf, labels: Sequence[PageLabel]) -> None:
    """Set the folhas as page labels; a gap (49 → 76) begins a new run."""
    runs: list[Object | int] = []
    for index, label in enumerate(labels):
        # A number tree has a pair of key and value for each run (ISO 32000-1, 12.4.2).
        if index == 0 or not label.follows(labels[index - 1]):
            runs += [index, label.entry()]
    pdf.Root.PageLabels = Dictionary(Nums=Array(runs))


def add_bookmarks(pdf: Pdf, bookmarks: Sequence[Bookmark]) -> None:
    """Add a flat outline whose entries show the whole page; it is open when the file is opened. Raises `IndexError` for a missing page."""
    if any(not 0 <= bookmark.page_index < len(pdf.pages) for bookmark in bookmarks):
        raise IndexError("a bookmark points outside the part")
    with pdf.open_outline() as outline:
        outline.root.extend(OutlineItem(bookmark.title, bookmark.page_index, "Fit") for bookmark in bookmarks)
    pdf.Root.PageMode = Name.UseOutlines if bookmarks else Name.UseNone
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
