"""Streams of a PDF, read completely or not at all.

qpdf and pdfium both take what is left of a cut Flate stream and go on; zlib knows better.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, StreamDecodeLevel

from itrwatch.scans.values import MAX_DECODED_BYTES

SIMPLE = frozenset({"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"})
CODECS = frozenset({"/DCTDecode", "/CCITTFaxDecode", "/JPXDecode", "/JBIG2Decode"})


class StreamError(ValueError):
    """A stream does not decode completely."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A stream's bytes after its simple filters; ``codec`` is the image filter still to undo, or empty."""

    data: bytes
    codec: str
    parms: Dictionary


def read(stream: pikepdf.Object) -> Coded:
    """``stream`` through all its filters but an image codec at the end; raises `StreamError`."""
    chain = _filters(stream)
    codec, parms = chain.pop() if chain and chain[-1][0] in CODECS else ("", Dictionary())
    if Name.F in stream or any(name not in SIMPLE for name, _ in chain):
        raise StreamError("external file or unknown filter")
    try:
        return Coded(_simple(stream.read_raw_bytes(), chain), codec, parms)
    except (pikepdf.PikepdfError, RuntimeError, zlib.error, MemoryError) as wrong:
        raise StreamError(str(wrong)) from wrong


def _simple(raw: bytes, chain: list[tuple[str, Dictionary]]) -> bytes:
    if not chain:
        return raw
    if chain[0][0] == "/FlateDecode":
        inflated = _inflate(raw)
        if len(chain) == 1 and int(chain[0][1].get("/Predictor", 1)) == 1:
            return inflated
    names, parms = zip(*chain, strict=True)
    scratch = pikepdf.new()
    stream = pikepdf.Stream(scratch, raw, Filter=Array([Name(name) for name in names]), DecodeParms=Array(parms))
    data = stream.read_bytes(StreamDecodeLevel.specialized)
    if scratch.get_warnings():
        raise StreamError("decoded with warnings")
    return data


def _inflate(raw: bytes) -> bytes:
    """All of a zlib stream, with its checksum proven."""
    engine = zlib.decompressobj()
    data = engine.decompress(raw, MAX_DECODED_BYTES + 1)
    if len(data) > MAX_DECODED_BYTES:
        raise StreamError("too large")
    if not engine.eof:
        raise StreamError("cut short")
    return data


def _filters(stream: pikepdf.Object) -> list[tuple[str, Dictionary]]:
    names = _listed(stream.get(Name.Filter))
    parms = _listed(stream.get(Name.DecodeParms))
    parms += [None] * (len(names) - len(parms))
    return [
        (str(name), parm if isinstance(parm, Dictionary) else Dictionary())
        for name, parm in zip(names, parms, strict=False)
    ]


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]
