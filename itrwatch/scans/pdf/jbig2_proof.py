"""Proof that JBIG2 codes were decoded as they were written, by asking pdfium again with other bytes.

    judge_decoded(image, shared, data, pixels) -> None: every code ended where its picture did; or `ScanError`

A damaged arithmetic code decodes to something, mostly noise, and no decoder notices. What gives it away is where the decoder
stops: noise takes more or fewer bytes than there are. pdfium does not say where it stopped, but it shows it:

- with other bytes behind the end of a code the picture stays the same, unless they were read: the code ran out too early;
- with another byte shortly before the end the picture changes, unless the decoder had stopped before.

An encoder ends a code so that any number of ones may follow (T.88, E.2.9), so ones are put between the code and the other bytes,
and sound codes pass exactly. Measured with one byte damaged in 350 codes (jbig2enc: generic regions with and without
typical prediction, symbols, text), of which pdfium drew 248: two were not found, one of them damaged in its last four bytes. Each drawing of an A4 page at
300 dpi takes 20 to 60 ms.
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
"""Ones in every bit that an arithmetic decoder takes of these bytes: after FF it takes seven of eight (T.88, E.3.4)."""
_MORE_ONES = 64 * _ONES
"""An encoder may leave out ones at the end (E.2.9). None of those of scanners was seen to do so: it is told. Chosen: a row of black on
white in a region that began noisy."""
_OTHERS = bytes(range(7, 150, 9)) + b"\xff\xac"
_BACK = 5
"""So many bytes before its end a code counts for certain: the last four may be what the coder's register held (E.2.9)."""
_LEAST = 24
"""Data of fewer bytes, of which a region's own head takes 18 to 26, have nothing that counts for certain. Chosen."""
_MOST = 40
"""Codes of a page that are asked about one by one: about 2 s. Chosen."""
_DAMAGED = (
    "O código JBIG2 da página está danificado: os dados acabam antes da imagem, e o que se vê não é o que foi digitalizado. "
    f"{REDO} {ELSEWHERE}"
)
_DOUBTFUL = (
    "O código JBIG2 da página não acaba onde a imagem acaba: pode estar danificado, e a imagem, diferente do papel. "
    "Compare a página com o papel; se não confere, digitalize a folha de novo."
)


def judge_decoded(image: pikepdf.Object, shared: bytes, data: bytes, pixels: Pixels) -> None:
    """Hold ``pixels``, drawn of ``image``, against what pdfium draws of other codes; ``shared``: the image's globals.

    Raises `ScanError` when a code is damaged, and remarks where one may be.
    """
    segments = [*jbig2.segments(shared), *jbig2.segments(data)]
    for segment in segments:
        _judge_fax(segment)
    asked = [n for n, one in enumerate(segments) if one.arithmetic and len(one.data) >= _LEAST]

    def same(changed: dict[int, bytes]) -> bool:
        codes = [one.bytes_with(changed.get(n, one.data)) for n, one in enumerate(segments)]
        drawn = _drawn(image, b"".join(codes))
        return drawn is not None and np.array_equal(drawn, pixels)

    if asked and not same({n: _longer(segments[n], _ONES) for n in asked}):
        if not same({n: _longer(segments[n], _MORE_ONES) for n in asked}):
            raise ScanError(_DAMAGED, damage=True)
        remark(_DOUBTFUL)
    elif not jbig2.overlapping(segments) and any(same({n: _changed(segments[n])}) for n in asked[:_MOST]):
        remark(_DOUBTFUL)


def _judge_fax(segment: jbig2.Segment) -> None:
    """Raise `ScanError` for a region in the code of G4 that is not whole."""
    coded = segment.fax
    if coded is None:
        return
    width, height, code = coded
    try:
        fax.read(code, fax.FaxCode(-1, width, rows=height))
    except fax.FaxError as wrong:
        raise fax.damaged_line(wrong.line + 1, height) from wrong


def _longer(segment: jbig2.Segment, ones: bytes) -> bytes:
    """The data of ``segment`` with ``ones`` and other bytes where its code ends."""
    end = segment.code_end
    return segment.data[:end] + ones + _OTHERS + segment.data[end:].removeprefix(b"\xff\xac")


def _changed(segment: jbig2.Segment) -> bytes:
    """The data of ``segment`` with one byte shortly before the end of the code changed."""
    data, place = bytearray(segment.data), segment.code_end - _BACK
    # FF would begin a marker, which is another matter than another byte.
    data[place] ^= 0x10 if data[place] != 0xEF else 0x20
    return bytes(data)


def _drawn(image: pikepdf.Object, code: bytes) -> Pixels | None:
    """``image`` with ``code``, its globals included, for its own; None when pdfium cannot decode it."""
    try:
        return draw_image(image, lambda copy: copy.write(code, filter=Name.JBIG2Decode))
    except StreamError:
        return None
