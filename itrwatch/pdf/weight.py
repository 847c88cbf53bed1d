"""What a sheet will weigh in a file: asked by who codes pages, long before a file is written."""

from __future__ import annotations

from itrwatch.core.sheets import Sheet

_PAGE_BYTES, _LAYER_BYTES = 512, 256
"""Measured at most: 420, 235."""


def page_bytes(sheet: Sheet) -> int:
    """At most what ``sheet`` adds to a file, for dividing."""
    return _PAGE_BYTES + sum(_LAYER_BYTES + len(layer.data) for layer in sheet.layers)
