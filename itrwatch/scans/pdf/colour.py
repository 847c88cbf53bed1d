"""Interprets the colour space and the /Decode array of a PDF image (ISO 32000-1, 8.6 and 8.9.5.2).

space_of(Name.DeviceRGB) -> ColourSpace(channels=3, plain=True, …)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pikepdf
from pikepdf import Array, Name

from itrwatch.scans.image.pixels import grey_if_equal
from itrwatch.scans.pdf.streams import StreamError, read

if TYPE_CHECKING:
    from itrwatch.imaging.raster import Pixels

_PLAIN = {"/DeviceGray": 1, "/CalGray": 1, "/DeviceRGB": 3, "/CalRGB": 3}
_CHANNELS = {"/DeviceCMYK": 4, "/Lab": 3, "/Separation": 1, "/Indexed": 1}


@dataclass(frozen=True, slots=True, eq=False)
class ColourSpace:
    """A colour space: ``channels`` samples per pixel; ``plain``: grey or RGB; ``palette``: ``(256,)`` or ``(256, 3)`` uint8.

    ``known``: whether the image names a colour space that exists.
    """

    channels: int
    plain: bool = True
    palette: Pixels | None = None
    known: bool = True


def space_of(value: pikepdf.Object | None) -> ColourSpace:
    """The value of /ColorSpace → `ColourSpace`; grey if there is none (JPX, fax)."""
    if value is None:
        return ColourSpace(1, known=False)
    family = str(value[0]) if isinstance(value, Array) else str(value)
    if family in _PLAIN:
        return ColourSpace(_PLAIN[family])
    if family == "/ICCBased":
        channels = int(value[1].get(Name.N, 0))
        lab = str(value[1].get(Name.Alternate, "")).startswith("/Lab")
        return ColourSpace(channels, plain=channels in (1, 3) and not lab)
    if family == "/Indexed":
        base = space_of(value[1])
        return ColourSpace(1, plain=False, palette=_palette(value, base) if base.plain else None)
    if family == "/DeviceN":
        return ColourSpace(len(value[1]), plain=False)
    return ColourSpace(_CHANNELS.get(family, 1), plain=False, known=family in _CHANNELS)


def decode_range(value: pikepdf.Object | None, space: ColourSpace, bits: int) -> bool | None:
    """Whether /Decode reverses the samples; None if it is neither the identity nor the reversal."""
    if value is None:
        return False
    numbers = [float(number) for number in value]
    top = (1 << bits) - 1 if space.palette is not None else 1
    if numbers == [0, top] * space.channels:
        return False
    # Reversed palette indices of more than one bit would require a reversed palette.
    if numbers == [top, 0] * space.channels and (space.palette is None or bits == 1):
        return True
    return None


def _palette(value: pikepdf.Object, base: ColourSpace) -> Pixels:
    table = value[3]
    data = read(table).data if isinstance(table, pikepdf.Stream) else bytes(table)
    count = int(value[2]) + 1
    if not 1 <= count <= 256 or len(data) < count * base.channels:
        raise StreamError("palette cut short")
    colours = np.frombuffer(data, np.uint8, count * base.channels).reshape(count, base.channels)
    palette = np.zeros((256, 3), np.uint8)
    palette[:count] = colours  # grey is broadcast to the three channels
    found: Pixels = grey_if_equal(palette[None])[0]
    return found
