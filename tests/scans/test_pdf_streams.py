"""Streams of a PDF are read completely or not at all, and never beyond what the caller can use."""

import base64
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from itrwatch.scans.pdf import streams
from itrwatch.scans.pdf.streams import StreamError, read
from tests.hostile_files import lzw_zeros

LINES = b"abc\n" * 100


@pytest.fixture
def pdf():
    with pikepdf.new() as pdf:
        yield pdf


@pytest.mark.parametrize(
    ("data", "entries", "whole"),
    [
        (LINES, {}, LINES),
        (zlib.compress(LINES), {"Filter": Name.FlateDecode}, LINES),
        (base64.a85encode(LINES) + b"~>", {"Filter": Name.ASCII85Decode}, LINES),
        (
            base64.a85encode(zlib.compress(LINES)) + b"~>",
            {"Filter": Array([Name.ASCII85Decode, Name.FlateDecode])},
            LINES,
        ),
        (b"6162>", {"Filter": Name.ASCIIHexDecode, "DecodeParms": Dictionary(X=1)}, b"ab"),
        (LINES.hex().encode() + b">", {"Filter": Name.ASCIIHexDecode}, LINES),
        (bytes([254]) + b"a" + bytes([1]) + b"bc" + b"\x80", {"Filter": Name.RunLengthDecode}, b"aaabc"),
        (zlib.compress(LINES).hex().encode() + b">", {"Filter": Array([Name.ASCIIHexDecode, Name.FlateDecode])}, LINES),
        (
            zlib.compress(b"\2" + b"\1\1\1\1" + b"\2" + b"\1\1\1\1"),
            {"Filter": Name.FlateDecode, "DecodeParms": Dictionary(Predictor=12, Columns=4)},
            b"\1\1\1\1\2\2\2\2",
        ),
    ],
)
def test_filters_are_undone_one_after_the_other(pdf, data, entries, whole):
    coded = read(pikepdf.Stream(pdf, data, **entries))
    assert (coded.data, coded.codec) == (whole, "")


def test_the_code_of_a_picture_stays(pdf):
    coded = read(pikepdf.Stream(pdf, b"jpeg", Filter=Name.DCTDecode))
    assert (coded.data, coded.codec) == (b"jpeg", "/DCTDecode")


FLATE = zlib.compress(LINES)


@pytest.mark.parametrize(
    ("data", "entries", "why"),
    [
        (b"", {"Filter": Name.Crypt}, "unknown filter"),
        (b"", {"F": pikepdf.String("x.bin")}, "external file"),
        (b"", {"Filter": Array([Name.DCTDecode, Name.FlateDecode])}, "unknown filter"),
        (b"", {"Filter": Array([Name.ASCIIHexDecode] * 5)}, "filters on filters"),
        (FLATE[:-20], {"Filter": Name.FlateDecode}, ""),
        (b"", {"Filter": Name.FlateDecode}, ""),
        (zlib.compress(b"a" * 5000), {"Filter": Name.FlateDecode}, ""),
        ((b"\x81a" * 30) + b"\x80", {"Filter": Name.RunLengthDecode}, "too large"),
        (FLATE, {"Filter": Name.FlateDecode, "DecodeParms": Dictionary(Predictor=12, Columns=0)}, "impossible lines"),
        (
            FLATE,
            {"Filter": Name.FlateDecode, "DecodeParms": Dictionary(Predictor=2, Columns=1 << 30)},
            "impossible lines",
        ),
    ],
)
def test_what_is_cut_unknown_or_larger_than_asked_for_is_refused(pdf, data, entries, why):
    with pytest.raises(StreamError, match=why or None):
        read(pikepdf.Stream(pdf, data, **entries), most=1000)


@pytest.mark.parametrize(
    ("data", "entries"),
    [((b"\x81a" * 30) + b"\x80", {"Filter": Name.RunLengthDecode}), (lzw_zeros(), {"Filter": Name.LZWDecode})],
    ids=["run lengths", "LZW"],
)
def test_what_would_be_too_large_is_not_decoded_at_all(pdf, monkeypatch, data, entries):
    """qpdf has no limit of its own for LZW, and one for all run lengths together; its memory is taken before a length can be looked at."""
    monkeypatch.setattr(streams, "_room", lambda _: pytest.fail("it is decoded"))
    with pytest.raises(StreamError, match="too large"):
        read(pikepdf.Stream(pdf, data, **entries), most=1000)


def test_a_page_as_reportlab_writes_it_is_published(office):
    with pikepdf.new() as book:
        page = book.add_blank_page(page_size=(595, 842))
        drawn = b"".join(b"2 w 60 %d m 500 %d l S " % (height, height) for height in range(100, 800, 20))
        coded = base64.a85encode(zlib.compress(drawn)) + b"~>"
        page.Contents = book.make_stream(coded, Filter=Array([Name.ASCII85Decode, Name.FlateDecode]))
        folder = office.case("secoes:\n  - notificacao: noti.pdf\n")
        book.save(folder / "noti.pdf", stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    assert b"ASCII85Decode" in (folder / "noti.pdf").read_bytes()
    assert office.do().published
