"""The pages of the sample case, drawn by program on white: what stands on them is known, which is what they are for.

The same kind, seed and dpi give the same pixels, every time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PIL import Image

from itrwatch.demo import figures, layouts


class Kind(StrEnum):
    """What a drawn page is."""

    CAPA = "capa"
    LETTER = "letter"
    NOTIFICATION = "notification"
    FORM = "form"
    STAMPED = "stamped"
    SIGNED = "signed"
    PHOTO = "photo"
    AR_CARD = "ar_card"
    LONE_SIGNATURE = "lone_signature"
    LONE_STAMP = "lone_stamp"
    FAINT_PENCIL = "faint_pencil"
    SHORT_LINE = "short_line"
    SHEET_NUMBER = "sheet_number"
    PETITION = "petition"
    TERMO = "termo"
    BLANK = "blank"
    BLANK_STAMP = "blank_stamp"


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

_LAYOUTS: dict[Kind, Callable[[np.random.Generator, int], Image.Image]] = {
    Kind.CAPA: layouts.capa,
    Kind.LETTER: layouts.letter,
    Kind.NOTIFICATION: layouts.notification,
    Kind.FORM: figures.form,
    Kind.STAMPED: layouts.stamped,
    Kind.SIGNED: layouts.signed,
    Kind.PHOTO: figures.photo,
    Kind.AR_CARD: figures.ar_card,
    Kind.LONE_SIGNATURE: figures.lone_signature,
    Kind.LONE_STAMP: figures.lone_stamp,
    Kind.FAINT_PENCIL: figures.faint_pencil,
    Kind.SHORT_LINE: figures.short_line,
    Kind.SHEET_NUMBER: figures.sheet_number,
    Kind.PETITION: layouts.petition,
    Kind.TERMO: layouts.termo,
    Kind.BLANK: figures.blank,
    Kind.BLANK_STAMP: figures.blank_stamp,
}


def draw(kind: Kind, seed: int, dpi: int = 300) -> Image.Image:
    """A page as RGB, upright, at ``dpi`` pixels per inch: A4, but for the postal receipt, which is a smaller card."""
    return _LAYOUTS[kind](np.random.default_rng([seed, list(Kind).index(kind)]), dpi)
