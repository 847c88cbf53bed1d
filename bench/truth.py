"""What is true of the drawn pages of `itrwatch.demo`, for those who measure what is made of them."""

from __future__ import annotations

from dataclasses import dataclass

from itrwatch.demo.drawing import PageKind


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of every page of a kind, whatever the seed."""

    has_print: bool
    """Machine-printed text, enough to tell which way is up."""
    blank: bool
    """Nothing at all was put on the paper."""
    blank_stamp: bool
    """Nothing but the stamp that says that the page is blank."""
    coloured: bool
    """Ink in colour, or a continuous-tone picture (a blank stamp is black with some seeds)."""


def _truth(*, printed: bool = False, blank: bool = False, stamp: bool = False, coloured: bool = False) -> Truth:
    return Truth(has_print=printed, blank=blank, blank_stamp=stamp, coloured=coloured)


TRUTH: dict[PageKind, Truth] = {
    PageKind.CAPA: _truth(printed=True),
    PageKind.LETTER: _truth(printed=True),
    PageKind.NOTIFICATION: _truth(printed=True, coloured=True),
    PageKind.FORM: _truth(printed=True),
    PageKind.STAMPED: _truth(printed=True, coloured=True),
    PageKind.SIGNED: _truth(printed=True, coloured=True),
    PageKind.PHOTO: _truth(printed=True, coloured=True),
    PageKind.AR_CARD: _truth(printed=True, coloured=True),
    PageKind.LONE_SIGNATURE: _truth(coloured=True),
    PageKind.LONE_STAMP: _truth(coloured=True),
    PageKind.FAINT_PENCIL: _truth(),
    PageKind.SHORT_LINE: _truth(printed=True),
    PageKind.SHEET_NUMBER: _truth(),
    PageKind.PETITION: _truth(printed=True),
    PageKind.TERMO: _truth(printed=True),
    PageKind.BLANK: _truth(blank=True),
    PageKind.BLANK_STAMP: _truth(stamp=True, coloured=True),
}
