"""Which JBIG2 is published as the scanner coded it: what all readers decode alike."""

import base64

import numpy as np
import pikepdf
import pytest
from pikepdf import Name

from itrwatch.scans.image import jbig2
from itrwatch.scans.pdf.images import decode
from itrwatch.scans.pdf.streams import StreamError
from itrwatch.scans.remarks import collected
from itrwatch.scans.values import ScanError

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
    "text in Huffman code": (symbols(), PAGE, text(0b01)),
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


@pytest.mark.parametrize(
    ("part", "arithmetic"), [(symbols(), 1), (symbols(1), 0), (text(), 1), (text(1), 0), (GENERIC, 1)]
)
def test_only_an_arithmetic_code_may_be_followed_by_ones(part, arithmetic):
    """In Huffman codes the ones that prove an undamaged code would be read as codes, and a whole page called damaged."""
    (segment,) = jbig2.segments(segments(part))
    assert segment.arithmetic == bool(arithmetic)


def test_ends_of_pages_and_what_stands_behind_do_not_come_along():
    data = segments(PAGE, GENERIC)
    assert jbig2.embedded(data + b"\r\n") == data
    assert jbig2.embedded(segments(PAGE, GENERIC, (49, b""), (51, b""))) == data
    assert jbig2.embedded(data[:-1]) == data[:-1]


# Four lines of text, 160 × 120 px, as jbig2enc codes them: one generic region; and symbols with a text region.
DRAWN_GENERIC = base64.b85decode(
    "00000FaQAn000vJ005u>004LZ00000000010000000AZd0RR92Hvj+tpa1{>cmMzZ0000000003|NZ|0{{H@}YT)S!ZQhMypClDl-G?1<o026%OVt-=rD1p*AH5ih0eKGbA71-~D7II;=~n{4KOX;dY4!kG3+Xwc{1{<;xl5hmYaQr>D#)CP2FG7{ssU*Pn87Qq{+{-8{}akEi*HtcB*7K&+%0+_KHj?MsSJAk$dJHf2l7?UNCWYjC?J{jeSyHr>b?Yx-D&()h9vZpvFrac9{Ra6?BZ)|b*8O?jN<~O3$Q7Bf?6UPm;Xmn&5Av@C6jgLqI;ZO{~-*c1bQ?=4OX^l+89Bvtz7+m;lCVr`HrM}Ygl*=090Y#N@>2Y1-}j^UWQra3TRTXfa9~SXMMFbv&q;&=Z&c3Yk9HE^UN__s?wj934%rD{}%Ux3s3*7"
)
DRAWN_SYMBOLS = base64.b85decode(
    "0000000961004#n00aO1{{sI0{r~^~3;+NC3_rL2b{%*PEg4JivLkn;&q19wsMq~C<PI#D6C?BZv+{+$m!GyM(uivY=*YD0vz$8iUrE-KPrDjaFd{w#k?|*<i=O{5k1x46eGrDt<X>6Xuyd1%gqmpU{P39^=o-evzq?J+W$Qx;F-!@Mzh!^_tN"
) + base64.b85decode(
    "00001FaQAn000vJ005u>004LZ00000000000000000IUg00961073u&0H6Q>0C)fZ000000000000000B%VvK>O<R1muIfew*FTQp-p@$0&eLsHHaBIJLz~_<y;`{UtP4WlYjrL"
)


def read(data):
    """Pixels of a picture with this code, and what is said of it."""
    with pikepdf.new() as pdf, collected() as remarks:
        entries = {"Width": 160, "Height": 120, "ColorSpace": Name.DeviceGray, "BitsPerComponent": 1}
        image = pikepdf.Stream(pdf, data, Subtype=Name.Image, Filter=Name.JBIG2Decode, **entries)
        return decode(pdf.make_indirect(image))[0], remarks


def wounded(data, first, last):
    """A bit flipped, and a byte left out, at every seventh place of a code."""
    for place in range(first, last, 7):
        yield place, data[:place] + bytes([data[place] ^ 0x08]) + data[place + 1 :]
        yield place, data[:place] + bytes([data[place - 1]]) + data[place + 1 :]


@pytest.mark.parametrize("data", [DRAWN_GENERIC, DRAWN_SYMBOLS], ids=["generic", "symbols"])
def test_a_damaged_code_is_never_taken_for_the_picture_in_silence(data):
    """pdfium draws noise and says nothing; what it does not use, or has not, of the code tells."""
    sound, said = read(data)
    assert not said
    assert 0.05 < (sound == 0).mean() < 0.4
    noise = 0
    for place, other in wounded(data, 40, len(data) - 20):
        try:
            pixels, said = read(other)
        except (ScanError, StreamError):
            noise += 1
            continue
        assert said or np.array_equal(pixels, sound), place
    assert noise > 20


def test_a_code_whose_length_was_not_known_when_it_began_is_whole():
    page, region, *_ = jbig2.segments(DRAWN_GENERIC)
    unknown = (
        region.head
        + b"\xff" * 4
        + region.data[:4]
        + (130).to_bytes(4, "big")
        + region.data[8:]
        + (120).to_bytes(4, "big")
    )
    data = page.bytes_with(page.data) + unknown
    assert list(jbig2.segments(data))[1] == region
    pixels, said = read(data)
    assert np.array_equal(pixels, read(DRAWN_GENERIC)[0])
    assert not said
