"""What is true of the drawn pages of `itrwatch.demo`, for those who measure what is made of them."""

from __future__ import annotations

from dataclasses import dataclass

from itrwatch.demo.drawing import Kind


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


TRUTH: dict[Kind, Truth] = {
    Kind.CAPA: _truth(printed=True),
    Kind.LETTER: _truth(printed=True),
    Kind.NOTIFICATION: _truth(printed=True, coloured=True),
    Kind.FORM: _truth(printed=True),
    Kind.STAMPED: _truth(printed=True, coloured=True),
    Kind.SIGNED: _truth(printed=True, coloured=True),
    Kind.PHOTO: _truth(printed=True, coloured=True),
    Kind.AR_CARD: _truth(printed=True, coloured=True),
    Kind.LONE_SIGNATURE: _truth(coloured=True),
    Kind.LONE_STAMP: _truth(coloured=True),
    Kind.FAINT_PENCIL: _truth(),
    Kind.SHORT_LINE: _truth(printed=True),
    Kind.SHEET_NUMBER: _truth(),
    Kind.PETITION: _truth(printed=True),
    Kind.TERMO: _truth(printed=True),
    Kind.BLANK: _truth(blank=True),
    Kind.BLANK_STAMP: _truth(stamp=True, coloured=True),
}
