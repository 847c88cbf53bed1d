"""Decodes the filters of PDF streams completely, or raises.

    read(stream) -> Coded(data, codec="/DCTDecode", parms), or `StreamError`

qpdf and pdfium accept a truncated Flate stream and continue; zlib reports the truncation. Nothing is decoded beyond
the limit given by the caller: a kilobyte can contain a gigabyte.

The decoded size of LZW streams (ISO 32000-1, 7.4.4) is computed before they are decoded, because qpdf has no limit for
this filter and 1.5 bytes can become 3 840. Only lengths are followed, without data: 0.4 s for a megabyte of code,
which is rare in scans.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, StreamDecodeLevel

from itrwatch.scans.remarks import remark
from itrwatch.scans.values import MAX_OTHER_BYTES

_CLEAR, _END = 256, 257
"""The control codes of LZW."""
_FIRST_FREE = 258
_TABLE = 4096
_MOST_PER_BYTE = 2560
"""Most bytes decoded from one byte: the longest entry, 4 096 - 256 bytes, has a code of 12 bits."""


def decoded_size(data: bytes, early: int, enough: int) -> int:
    """The decoded size of LZW ``data``, bytes, as exact as its comparison with ``enough`` requires.

    ``early``: /EarlyChange, 0 or 1. Returns 0 if ``enough`` cannot be exceeded, and any number above ``enough`` if it
    is. An invalid code ends the count; the decoder reports it.
    """
    if len(data) * _MOST_PER_BYTE <= enough:
        return 0
    # Only the length of each table entry is kept; 256 and 257 are the two control codes.
    lengths = [1] * 256 + [0, 0]
    size = held = bits = 0
    width, before = 9, 0
    for byte in data:
        # At most 12 + 7 bits are held at once; 24 are enough.
        bits, held = (bits << 8 | byte) & 0xFFFFFF, held + 8
        if held < width:
            continue
        held -= width
        code = bits >> held & ((1 << width) - 1)
        if code == _CLEAR:
            del lengths[_FIRST_FREE:]
            width, before = 9, 0
            continue
        if code == _END or code > len(lengths) or size > enough:
            break
        # A code not yet in the table is the previous entry plus its own first byte (the KwKwK case).
        length = lengths[code] if code < len(lengths) else before + 1
        size += length
        if before and len(lengths) < _TABLE:
            lengths.append(before + 1)
        before = length
        # The width grows one entry early if /EarlyChange is 1 (ISO 32000-1, table 8).
        width = max(9, min(12, (len(lengths) + early).bit_length()))
    return size


SIMPLE = frozenset({"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"})
_MAX_FILTERS = 4
"""Most filters of a stream. Chosen."""
_ZLIB_HEADER = 2
"""Bytes of the header of a zlib stream (RFC 1950)."""
_WRONG_CHECKSUM = "A soma de verificação de uma parte da página não confere, embora a parte esteja completa. Compare a página com o papel; se não confere, digitalize a folha de novo."
_NO_END = "O código de uma parte da página não tem a marca de fim, embora a parte esteja completa. Compare a página com o papel; se não confere, digitalize a folha de novo."
_FLUSHED = b"\0\0\xff\xff"
"""The empty block that zlib writes at a flush (Z_SYNC_FLUSH)."""
_RUN_LENGTH = 64
"""Most bytes decoded from one byte of a run-length code: two bytes become at most 128."""
_ABBREVIATED = {
    "/A85": "/ASCII85Decode", "/AHx": "/ASCIIHexDecode", "/LZW": "/LZWDecode", "/Fl": "/FlateDecode", "/RL": "/RunLengthDecode",
    "/CCF": "/CCITTFaxDecode", "/DCT": "/DCTDecode",
}  # fmt: skip
"""Abbreviated filter names of inline images (ISO 32000-1, 8.9.7), which readers accept everywhere."""
CODECS = frozenset({"/DCTDecode", "/CCITTFaxDecode", "/JPXDecode", "/JBIG2Decode"})


class StreamError(ValueError):
    """A stream does not decode completely."""


@dataclass(frozen=True, slots=True)
class Coded:
    """The bytes of a stream after its simple filters; ``codec``: the remaining image filter, or ""; ``parms``: its parameters."""

    data: bytes
    codec: str
    parms: Dictionary


def codec_of(stream: pikepdf.Object) -> str:
    """The image codec at the end of the filters of ``stream``, or ""; nothing is decoded."""
    chain = _filters(stream)
    return chain[-1][0] if chain and chain[-1][0] in CODECS else ""


def read(stream: pikepdf.Object, most: int = MAX_OTHER_BYTES, whole: frozenset[int] = frozenset()) -> Coded:
    """Decode all filters of ``stream`` except an image codec at the end; raises `StreamError`, also beyond ``most`` bytes.

    A zlib stream without its end is accepted if its decoded length is in ``whole``: then nothing is missing.
    """
    chain = _filters(stream)
    codec, parms = chain.pop() if chain and chain[-1][0] in CODECS else ("", Dictionary())
    if Name.F in stream or any(name not in SIMPLE for name, _ in chain):
        raise StreamError("external file or unknown filter")
    try:
        return Coded(_simple(stream.read_raw_bytes(), chain, most, whole), codec, parms)
    except (pikepdf.PikepdfError, RuntimeError, zlib.error, MemoryError) as wrong:
        raise StreamError(str(wrong)) from wrong


def _simple(raw: bytes, chain: list[tuple[str, Dictionary]], most: int, whole: frozenset[int]) -> bytes:
    """Decode the filters one by one, so that each is limited to ``most`` bytes."""
    if len(chain) > _MAX_FILTERS:
        raise StreamError("filters on filters")
    data = raw
    for name, parms in chain:
        data = _undone(name, parms, data, most, whole)
        if len(data) > most:
            raise StreamError("too large")
    return data


def _undone(name: str, parms: Dictionary, raw: bytes, most: int, whole: frozenset[int]) -> bytes:
    predictor = int(parms.get("/Predictor", 1)) if name in ("/FlateDecode", "/LZWDecode") else 1
    if name == "/FlateDecode":
        inflated, sound = _inflate(raw, most, whole)
        if predictor == 1:
            return inflated
        # qpdf checks the checksum too: repack without compression and with a correct checksum.
        raw = raw if sound else zlib.compress(inflated, 0)
    if name == "/LZWDecode" and decoded_size(raw, int(parms.get("/EarlyChange", 1)), most) > most:
        raise StreamError("too large")
    if predictor != 1:
        _judge_rows(parms, most)
    if name == "/RunLengthDecode" and len(raw) * _RUN_LENGTH > most and _run_length(raw) > most:
        raise StreamError("too large")
    scratch = pikepdf.new()
    # qpdf does not decode a filter with parameters it does not know, not even an empty dictionary.
    entries = {"DecodeParms": parms} if name in ("/FlateDecode", "/LZWDecode") else {}
    stream = pikepdf.Stream(scratch, raw, Filter=Name(name), **entries)
    with _room(most):
        data = stream.read_bytes(StreamDecodeLevel.specialized)
    if scratch.get_warnings():
        raise StreamError("decoded with warnings")
    return data


@contextmanager
def _room(most: int) -> Iterator[None]:
    """Raise qpdf's Flate limit to ``most`` bytes; the limit is process-wide and otherwise `MAX_OTHER_BYTES`."""
    pikepdf.settings.set_qpdf_limits(flate_max_memory=most + 1)
    try:
        yield
    finally:
        pikepdf.settings.set_qpdf_limits(flate_max_memory=MAX_OTHER_BYTES)


def _judge_rows(parms: Dictionary, most: int) -> None:
    """Raise `StreamError` for impossible line sizes: the predictor allocates memory for a line before it reads one."""
    columns, colours = int(parms.get("/Columns", 1)), int(parms.get("/Colors", 1))
    bits = int(parms.get("/BitsPerComponent", 8))
    if not (columns > 0 and colours > 0 and 0 < bits <= 16 and columns * colours * bits // 8 <= most):
        raise StreamError("impossible lines")


def _run_length(raw: bytes) -> int:
    """The decoded size of a run-length code, bytes (ISO 32000-1, 7.4.5)."""
    place = size = 0
    while place < len(raw) and raw[place] != 128:
        run = raw[place]
        # 0 to 127: run + 1 literal bytes follow; 129 to 255: one byte, repeated 257 - run times; 128: end of data.
        size += run + 1 if run < 128 else 257 - run
        place += run + 2 if run < 128 else 2
    return size


def _inflate(raw: bytes, most: int, whole: frozenset[int]) -> tuple[bytes, bool]:
    """The decoded zlib stream, and whether its end and checksum are correct; adds a remark if not.

    Some programs write a wrong checksum or none; the data is complete if its last block ends. Some do not end the
    last block; then the decoded length must be in ``whole``, or the data must end with a flush. Otherwise raises
    `StreamError`.
    """
    try:
        data, ended = _blocks(zlib.decompressobj(), raw, most)
        if ended:
            return data, True
    except zlib.error as wrong:
        if "incorrect data check" not in str(wrong):
            raise
    # Negative window bits: raw deflate without header and checksum.
    data, ended = _blocks(zlib.decompressobj(-zlib.MAX_WBITS), raw[_ZLIB_HEADER:], most)
    if not ended and len(data) not in whole and not raw.rstrip(b"\r\n").endswith(_FLUSHED):
        raise StreamError("cut short")
    remark(_WRONG_CHECKSUM if ended else _NO_END)
    return data, False


def _blocks(engine: zlib._Decompress, raw: bytes, most: int) -> tuple[bytes, bool]:
    data = engine.decompress(raw, most + 1)
    if len(data) > most:
        raise StreamError("too large")
    return data, engine.eof


def _filters(stream: pikepdf.Object) -> list[tuple[str, Dictionary]]:
    names = _listed(stream.get(Name.Filter))
    parms = _listed(stream.get(Name.DecodeParms))
    # DecodeParms may be shorter than Filter, or missing.
    parms += [None] * (len(names) - len(parms))
    return [
        (_ABBREVIATED.get(str(name), str(name)), parm if isinstance(parm, Dictionary) else Dictionary())
        for name, parm in zip(names, parms, strict=False)
    ]


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]
