"""Interprets the samples of a TIFF: bytes of a strip or a tile → grey or RGB (TIFF 6.0, sections 3 to 6, 14, 16, 18).

The list of layouts is closed. The tests compare each supported combination of depth, layout, byte order, predictor and photometric
interpretation with known samples; any other is refused by name. libtiff's conversions are not used: without an error, it read
16-bit WhiteIsZero as BlackIsZero, and three planes of 16 bits as one of 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from itrwatch.scans.image.pixels import grey_if_equal
from itrwatch.scans.values import ScanError

if TYPE_CHECKING:
    from itrwatch.imaging.raster import Pixels
    from itrwatch.scans.image.tiff_structure import Directory

Samples = NDArray[np.uint16 | np.uint8]
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK, YCBCR = 0, 1, 2, 3, 5, 6
_COLOURS = {WHITE_IS_ZERO: 1, BLACK_IS_ZERO: 1, RGB: 3, PALETTE: 1, CMYK: 4}
_DEPTHS = range(1, 17)
_UNTYPED = 4
_UNSIGNED, _SAVE_AS_PDF = (
    1,
    "Abra-o no programa do scanner ou num visualizador de imagens, imprima em PDF e ponha o PDF no lugar dele.",
)
_FAMILIES = {
    4: "máscara de transparência",
    6: "cores YCbCr sem JPEG",
    8: "cores CIELab",
    9: "cores ICCLab",
    10: "cores ITULab",
    32803: "dados brutos de câmera",
    34892: "dados brutos de câmera",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of samples: ``bits`` of each, ``samples`` of a pixel (first ``colours`` colours, then perhaps transparency), planar or interleaved."""

    photometric: int
    bits: int
    samples: int
    planar: bool
    big_endian: bool
    differences: bool
    """Whether each sample is coded as its difference from the one before (predictor 2)."""

    @property
    def colours(self) -> int:
        """Samples of a pixel that are colours."""
        return _COLOURS[self.photometric]

    @property
    def mixed(self) -> int:
        """Samples of a pixel that are adjacent in a strip."""
        return 1 if self.planar else self.samples

    def stride(self, width: int) -> int:
        """Bytes in a line of ``width`` px."""
        return (width * self.bits * self.mixed + 7) // 8


def layout_of(directory: Directory) -> Layout:
    """The layout in a directory; raises `ScanError` with the name of an unsupported one."""
    bits = set(directory.tags.get(258, (1,)))
    samples = directory.first(277, 1)
    # Without the tag, readers assume RGB from three samples on, else black is zero.
    photometric = directory.first(262, RGB if samples >= 3 else BLACK_IS_ZERO)
    predictor = directory.first(317, 1)
    formats = set(directory.tags.get(339, (_UNSIGNED,)))
    if len(bits) != 1 or not bits <= set(_DEPTHS) or not formats <= {_UNSIGNED, _UNTYPED}:
        raise _refused(
            f"amostras de {' e '.join(map(str, sorted(bits)))} bits"
            + ("" if formats == {_UNSIGNED} else " que não são números inteiros sem sinal")
        )
    if photometric not in _COLOURS or samples < _COLOURS[photometric]:
        raise _refused(_FAMILIES.get(photometric, f"interpretação de cores {photometric}"))
    depth = int(bits.pop())
    if predictor not in (1, 2) or (predictor == 2 and depth not in (8, 16)):
        raise _refused(f"preditor {predictor} com amostras de {depth} bits")
    return Layout(
        photometric, depth, samples, directory.first(284, 1) == 2 and samples > 1, directory.big_endian, predictor == 2
    )


def _refused(what: str) -> ScanError:
    return ScanError(f"A página do TIFF tem {what}, que o itrwatch não lê com segurança. {_SAVE_AS_PDF}")


def unpack(data: bytes, layout: Layout, width: int, rows: int) -> Samples:
    """The samples of a strip or tile: ``(rows, width, layout.mixed)``, 0 to ``2 ** bits - 1``."""
    stride = layout.stride(width)
    lines = np.frombuffer(data, np.uint8, stride * rows).reshape(rows, stride)
    count = width * layout.mixed
    if layout.bits not in (8, 16):  # packed from the highest bit of each byte, in both byte orders
        bits = np.unpackbits(lines, axis=1, count=count * layout.bits).reshape(-1, layout.bits)
        # Multiply the bits by powers of two, the highest first: any depth from 1 to 16 in one product.
        weights = 1 << np.arange(layout.bits - 1, -1, -1)
        packed: Samples = bits @ weights.astype(np.uint16 if layout.bits > 8 else np.uint8)
        return packed.reshape(rows, width, layout.mixed)
    samples: Samples = lines
    if layout.bits == 16:
        samples = lines.view(">u2" if layout.big_endian else "<u2").astype(np.uint16)
    samples = samples.reshape(rows, width, layout.mixed)
    # The sum overflows like the coder's differences: modulo 256 or 65 536 (TIFF 6.0, section 14).
    return np.cumsum(samples, axis=1, dtype=samples.dtype) if layout.differences else samples


def to_pixels(samples: Samples, layout: Layout, directory: Directory) -> Pixels:
    """Samples of a whole page, ``(height, width, samples)`` → pixels on white."""
    if layout.photometric == PALETTE:
        return _from_palette(samples[..., 0], layout, directory)
    top = (1 << layout.bits) - 1
    colours = samples[..., : layout.colours]
    eight = _eight_bits(colours, layout.bits)
    if layout.photometric == WHITE_IS_ZERO:
        eight = np.uint8(255) - eight
    if layout.photometric == CMYK:
        eight = np.asarray(Image.fromarray(np.ascontiguousarray(eight), "CMYK").convert("RGB"))
    if layout.samples > layout.colours and directory.first(338, 0) in (1, 2):
        share = samples[..., layout.colours].astype(np.float32)[..., None] / top
        over = eight if directory.first(338, 0) == 1 else eight * share  # 1: the colours are premultiplied
        eight = np.clip(over + 255 * (1 - share), 0, 255).round().astype(np.uint8)
    return np.ascontiguousarray(eight[..., 0]) if eight.shape[2] == 1 else grey_if_equal(np.ascontiguousarray(eight))


def _eight_bits(samples: Samples, bits: int) -> Pixels:
    """Samples of ``bits`` bits as 0 to 255; more than eight bits are truncated."""
    if bits >= 8:
        # The upper byte, not rounded: exact if the lower byte repeats it, as after a conversion from 8 to 16 bits.
        return (samples >> (bits - 8)).astype(np.uint8)
    return (samples.astype(np.uint16) * 255 // ((1 << bits) - 1)).astype(np.uint8)


def _from_palette(indices: Samples, layout: Layout, directory: Directory) -> Pixels:
    """Palette indices → grey or RGB. Colours are 0 to 65535; if none is above 255, they are bytes, as in all readers that use libtiff."""
    colours = np.asarray(directory.tags.get(320, ()), np.uint32)
    size = 1 << layout.bits
    if len(colours) != 3 * size:
        raise _refused("uma paleta de cores incompleta")
    eight = (colours if int(colours.max()) < 256 else colours >> 8).astype(np.uint8)
    # The palette has all reds, then all greens, then all blues (TIFF 6.0, section 5).
    pixels: Pixels = eight.reshape(3, size).T[indices]
    return grey_if_equal(np.ascontiguousarray(pixels))
