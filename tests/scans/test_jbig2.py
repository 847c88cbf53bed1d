"""Which JBIG2 is published as the scanner coded it: what all readers decode alike."""

import pytest

from itrwatch.scans.image import jbig2

SIZE = (620).to_bytes(4, "big") + (876).to_bytes(4, "big")
REGION = SIZE + bytes(9)
PAGE = (48, SIZE + bytes(11))


def segments(*parts):
    """``parts`` are kind and data of each."""
    return b"".join(
        number.to_bytes(4, "big") + bytes([kind, 0, 1]) + len(data).to_bytes(4, "big") + data
        for number, (kind, data) in enumerate(parts)
    )


def symbols(flags=0):
    return 0, flags.to_bytes(2, "big") + bytes(20)


def text(flags=0):
    return 6, REGION + flags.to_bytes(2, "big") + bytes(20)


GENERIC = 38, REGION + bytes(20)
PLAIN = {
    "one generic region": (PAGE, GENERIC),
    "symbols and the text of them": (symbols(), PAGE, text()),
    "symbols, text and what is no letter": (symbols(), PAGE, text(), GENERIC, (49, b"")),
}
OTHERS = {
    "nothing but a page": (PAGE,),
    "symbols alone": (symbols(), PAGE),
    "symbols refined": (symbols(0b10), PAGE, text()),
    "symbols in Huffman code": (symbols(0b01), PAGE, text()),
    "contexts of another dictionary": (symbols(), symbols(0b1_0000_0000), PAGE, text()),
    "text refined": (symbols(), PAGE, text(0b10)),
    "a halftone": (PAGE, (16, bytes(30)), (22, REGION + bytes(20))),
    "a refinement": (PAGE, GENERIC, (42, REGION + bytes(20))),
}


@pytest.mark.parametrize("case", PLAIN)
def test_what_scanners_write_is_plain(case):
    assert jbig2.plain(segments(*PLAIN[case]))


@pytest.mark.parametrize("case", OTHERS)
def test_what_readers_were_seen_to_show_differently_is_not(case):
    assert not jbig2.plain(segments(*OTHERS[case]))


def test_ends_of_pages_and_what_stands_behind_do_not_come_along():
    data = segments(PAGE, GENERIC)
    assert jbig2.embedded(data + b"\r\n") == data
    assert jbig2.embedded(segments(PAGE, GENERIC, (49, b""), (51, b""))) == data
    assert jbig2.embedded(data[:-1]) == data[:-1]
