"""Verifies that JBIG2 codes are undamaged, by decoding modified copies with pdfium.

    judge_decoded(image, shared, data, pixels) -> None: every code ends where its image ends; or `ScanError`

A damaged arithmetic code decodes to other pixels, mostly noise, without an error. It is detected by the place where the decoder
stops: noise uses more or fewer bytes than there are. pdfium does not report this place, but it can be determined:

- if bytes are added after the end of the code, the image changes only if the decoder reads them: the code ended too early;
- if a byte shortly before the end is changed, the image stays the same only if the decoder stopped before it.

A code may be followed by any number of ones (T.88, E.2.9); therefore ones are inserted between the code and the added bytes, and
undamaged codes pass exactly. Measured with one damaged byte in each of 350 codes (jbig2enc: generic regions with and without
typical prediction, symbols, text), of which pdfium drew 248: two were not detected, one of them damaged in its last four bytes.
One drawing of an A4 page at 300 dpi takes 20 to 60 ms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pikepdf import Name

from itrwatch.scans.image import fax, jbig2
from itrwatch.scans.pdf.drawing import draw_image
from itrwatch.scans.pdf.streams import StreamError
from itrwatch.scans.remarks import remark
from itrwatch.scans.values import ELSEWHERE, REDO, ScanError

if TYPE_CHECKING:
    import pikepdf

    from itrwatch.imaging.raster import Pixels

_ONES = b"\xff\x7f\xff\x7f"
"""Bytes of which an arithmetic decoder reads only ones: after FF it reads seven of eight bits (T.88, E.3.4)."""
_MORE_ONES = 64 * _ONES
"""Ones for an encoder that omits them at the end of a code (E.2.9). No scanner was observed to do so; such a page gets a remark.
Chosen: enough for a row of black on white in a region that began noisy."""
_OTHERS = bytes(range(7, 150, 9)) + b"\xff\xac"
"""The bytes that are added after a code, ended by the marker. Chosen."""
_BACK = 5
"""Distance of the changed byte from the end of a code, bytes: the last four may be the remaining bits of the coder's register (E.2.9). Physical."""
_LEAST = 24
"""Least data of a segment that is verified, bytes: the header of a region takes 18 to 26, and the last four are uncertain. Chosen."""
_MOST = 40
"""Most codes of a page that are verified one by one: about 2 s. Chosen."""
_DAMAGED = (
    "O código JBIG2 da página está danificado: os dados acabam antes da imagem, e o que se vê não é o que foi digitalizado. "
    f"{REDO} {ELSEWHERE}"
)
_DOUBTFUL = (
    "O código JBIG2 da página não acaba onde a imagem acaba: pode estar danificado, e a imagem, diferente do papel. "
    "Compare a página com o papel; se não confere, digitalize a folha de novo."
)


def judge_decoded(image: pikepdf.Object, shared: bytes, data: bytes, pixels: Pixels) -> None:
    """Compare ``pixels``, drawn from ``image``, with drawings of modified codes; ``shared``: the globals, ``data``: the code of the image.

    Raises `ScanError` if a code is damaged; adds a remark if one may be.
    """
    segments = [*jbig2.segments(shared), *jbig2.segments(data)]
    for segment in segments:
        _judge_fax(segment)
    asked = [n for n, one in enumerate(segments) if one.arithmetic and len(one.data) >= _LEAST]

    def same(changed: dict[int, bytes]) -> bool:
        codes = [one.bytes_with(changed.get(n, one.data)) for n, one in enumerate(segments)]
        drawn = _drawn(image, b"".join(codes))
        return drawn is not None and np.array_equal(drawn, pixels)

    # All codes are lengthened in one drawing, which suffices for an undamaged page. Bytes are changed one at a time: together, a
    # code that is read to its end would hide one that is not.
    if asked and not same({n: _longer(segments[n], _ONES) for n in asked}):
        if not same({n: _longer(segments[n], _MORE_ONES) for n in asked}):
            raise ScanError(_DAMAGED, damage=True)
        remark(_DOUBTFUL)
    elif not jbig2.overlapping(segments) and any(same({n: _changed(segments[n])}) for n in asked[:_MOST]):
        remark(_DOUBTFUL)


def _judge_fax(segment: jbig2.Segment) -> None:
    """Raise `ScanError` for a region with a damaged G4 code."""
    coded = segment.fax
    if coded is None:
        return
    width, height, code = coded
    try:
        fax.read(code, fax.FaxCode(-1, width, rows=height))
    except fax.FaxError as wrong:
        raise fax.damaged_line(wrong.line + 1, height) from wrong


def _longer(segment: jbig2.Segment, ones: bytes) -> bytes:
    """The data of ``segment`` with ``ones`` and `_OTHERS` inserted at the end of its code."""
    end = segment.code_end
    return segment.data[:end] + ones + _OTHERS + segment.data[end:].removeprefix(b"\xff\xac")


def _changed(segment: jbig2.Segment) -> bytes:
    """The data of ``segment`` with one byte changed `_BACK` bytes before the end of its code."""
    data, place = bytearray(segment.data), segment.code_end - _BACK
    # The changed byte must not become FF, which begins a marker.
    data[place] ^= 0x10 if data[place] != 0xEF else 0x20
    return bytes(data)


def _drawn(image: pikepdf.Object, code: bytes) -> Pixels | None:
    """The pixels of ``image`` with its code replaced by ``code`` (globals included); None if pdfium cannot decode it."""
    try:
        return draw_image(image, lambda copy: copy.write(code, filter=Name.JBIG2Decode))
    except StreamError:
        return None
