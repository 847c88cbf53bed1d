"""Draws the pages of the sample case on white; their content is known (`bench.truth`).

    draw(PageKind.LETTER, seed=7) -> RGB image, A4 at 300 dpi

Equal kind, seed and dpi give equal pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from PIL import Image

from itrwatch.demo import figures, layouts


class PageKind(StrEnum):
    """The kinds of drawn pages."""

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


_LAYOUTS: dict[PageKind, Callable[[np.random.Generator, int], Image.Image]] = {
    PageKind.CAPA: layouts.capa,
    PageKind.LETTER: layouts.letter,
    PageKind.NOTIFICATION: layouts.notification,
    PageKind.FORM: figures.form,
    PageKind.STAMPED: layouts.stamped,
    PageKind.SIGNED: layouts.signed,
    PageKind.PHOTO: figures.photo,
    PageKind.AR_CARD: figures.ar_card,
    PageKind.LONE_SIGNATURE: figures.lone_signature,
    PageKind.LONE_STAMP: figures.lone_stamp,
    PageKind.FAINT_PENCIL: figures.faint_pencil,
    PageKind.SHORT_LINE: figures.short_line,
    PageKind.SHEET_NUMBER: figures.sheet_number,
    PageKind.PETITION: layouts.petition,
    PageKind.TERMO: layouts.termo,
    PageKind.BLANK: figures.blank,
    PageKind.BLANK_STAMP: figures.blank_stamp,
}


def draw(kind: PageKind, seed: int, dpi: int = 300) -> Image.Image:
    """An upright page as RGB at ``dpi`` pixels per inch: A4, except the postal receipt, which is a smaller card."""
    return _LAYOUTS[kind](np.random.default_rng([seed, list(PageKind).index(kind)]), dpi)
