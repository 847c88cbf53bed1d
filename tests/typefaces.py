"""Small typefaces of the kinds that offices' programs put into PDFs: the letters A and B, 600 and 700 wide."""

from __future__ import annotations

import io

from fontTools.cffLib import FDArrayIndex, FDSelect, FontDict
from fontTools.fontBuilder import FontBuilder
from fontTools.misc.eexec import encrypt
from fontTools.misc.psCharStrings import T1CharString
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

WIDTHS = {".notdef": 500, "A": 600, "B": 700}
CODES = {65: "A", 66: "B"}


def square(pen):
    pen.moveTo((0, 0))
    pen.lineTo((0, 500))
    pen.lineTo((400, 500))
    pen.closePath()
    return pen


def truetype(*, outlines=True, **tables):
    """A TrueType program; ``tables`` of letters by platform and encoding, as ``_3_1={65: "A"}``; without ``outlines`` its letters are empty."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(WIDTHS))
    builder.setupCharacterMap(CODES)
    builder.setupHorizontalMetrics({name: (width, 0) for name, width in WIDTHS.items()})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupPost()
    pens = {name: TTGlyphPen(None) for name in WIDTHS}
    builder.setupGlyf({name: (square(pen) if outlines else pen).glyph() for name, pen in pens.items()})
    if tables:
        builder.font["cmap"].tables = [_table(*map(int, key.split("_")[1:]), codes) for key, codes in tables.items()]
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def _table(platform, encoding, codes):
    made = CmapSubtable.newSubtable(4 if platform == 3 else 0)
    made.platformID, made.platEncID, made.language = platform, encoding, 0
    made.cmap = codes if platform == 3 else {code: codes.get(code, ".notdef") for code in range(256)}
    return made


def compact(*, cids=False, em=1000):
    """A compact program (CFF): the letters by their names, or by numbers (``cids``) as of a Japanese typeface."""
    builder = FontBuilder(em, isTTF=False)
    builder.setupGlyphOrder(list(WIDTHS))
    strings = {name: square(T2CharStringPen(width, None)).getCharString() for name, width in WIDTHS.items()}
    matrix = {} if em == 1000 else {"FontMatrix": [1 / em, 0, 0, 1 / em, 0, 0]}
    builder.setupCFF("Casa", matrix, strings, {})
    if cids:
        _number(builder.font["CFF "].cff[0])
    out = io.BytesIO()
    builder.font["CFF "].cff.compile(out, builder.font)
    return out.getvalue()


def _number(top):
    """Letters by number: A is 1, B is 2."""
    names = {name: f"cid{number:05d}" if number else name for number, name in enumerate(WIDTHS)}
    top.ROS, top.CIDCount = ("Adobe", "Identity", 0), len(names)
    part = FontDict()
    part.Private = top.Private
    part.setCFF2(False)
    top.FDArray, top.FDSelect = FDArrayIndex(), FDSelect(format=0)
    top.FDArray.append(part)
    top.FDSelect.gidArray = [0] * len(names)
    top.charset = [names[name] for name in top.charset]
    top.CharStrings.charStrings = {names[name]: at for name, at in top.CharStrings.charStrings.items()}
    top.CharStrings.fdArray, top.CharStrings.fdSelect = top.FDArray, top.FDSelect
    del top.Private


def type1(encoding="StandardEncoding", matrix="0.001 0 0 0.001 0 0", subroutines=True):
    """A Type 1 program, as LaTeX embeds it, and the lengths of its three pieces."""
    clear = (
        "%!PS-AdobeFont-1.0: Casa\n11 dict begin\n/FontName /Casa def\n/PaintType 0 def\n/FontType 1 def\n"
        f"/FontMatrix [{matrix}] readonly def\n/Encoding {encoding} def\n"
        "/FontBBox {0 0 700 500} readonly def\ncurrentdict end\ncurrentfile eexec\n"
    ).encode()
    letters = b"".join(
        b"/%s %d RD %s ND\n" % (name.encode(), len(code), code) for name, code in map(_letter, WIDTHS.items())
    )
    private = (
        b"\0\0\0\0dup /Private 5 dict dup begin\n/RD {string currentfile exch readstring pop} executeonly def\n"
        b"/ND {noaccess def} executeonly def\n/lenIV 4 def\n"
        + (b"/Subrs 0 array def\n" if subroutines else b"")
        + b"2 index /CharStrings 3 dict dup begin\n"
        + letters
        + b"end\nend\nreadonly put\nnoaccess put\n"
        b"dup /FontName get exch definefont pop\nmark currentfile closefile\n"
    )
    secret = encrypt(private, 55665)[0]
    end = (b"0" * 64 + b"\n") * 8 + b"cleartomark\n"
    return clear + secret + end, (len(clear), len(secret), len(end))


def _letter(item):
    name, width = item
    string = T1CharString(program=[0, width, "hsbw", 400, 0, "rlineto", 0, 500, "rlineto", "closepath", "endchar"])
    string.compile()
    return name, encrypt(b"\0\0\0\0" + string.bytecode, 4330)[0]
