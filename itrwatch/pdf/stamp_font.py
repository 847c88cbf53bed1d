"""Writes the folha number: the font is embedded once per file, the text is right-aligned in its box.

    font = embed(pdf, StampConfig())
    font.stamp("F", 53, box, 842)      # “BT /F 11 Tf … Td <466c732e203533> Tj ET”
    font.finish()                      # the file has a font of “Fls. 35”

A page of a few lines is smaller than the letters of a typeface, so only those are embedded that a number shows, and no table of what the
codes mean: WinAnsiEncoding says it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from pikepdf import Array, Dictionary, Name, Object, Pdf

from itrwatch.core.encoded_page import Box
from itrwatch.core.settings import StampConfig
from itrwatch.pdf.content import operand, packed, show
from itrwatch.pdf.typeface import CODEC, Typeface, letters, typeface

_NONSYMBOLIC = 1 << 5
"""The font descriptor flag Nonsymbolic (ISO 32000-1, 9.8.2)."""
_STEM_V = 80
"""Width of vertical stems of Aileron Regular, 1/1000 of the font size; used only by readers that replace the font. Chosen."""


@dataclass(frozen=True, slots=True)
class StampFont:
    """The embedded font of the stamps. ``font``: the font object of the file, empty until `finish`; ``style``: format and size of the stamps."""

    pdf: Pdf
    font: Object
    face: Typeface
    style: StampConfig
    _shown: set[str] = field(default_factory=set)

    def text(self, folha: int) -> str:
        """The text of the stamp: "Fls. 53"."""
        return self.style.format.format(n=folha)

    def stamp(self, name: str, folha: int, box: Box, page_height: float) -> str:
        """The operators that show the stamp in font resource ``name``, right-aligned in ``box`` (pt, y downwards).

        The baseline has the same height in the box for all folhas: the vertical extent of all letters of the format
        and all digits is centred.
        """
        text, size = self.text(folha), self.style.size
        self._shown.update(text)
        low, high = self.face.reach(letters(self.style.format), size)
        # y is downwards: centre the ink, from `high` above the baseline to `low` (at most 0) below it, in the box.
        baseline = (box.top + box.bottom + low + high) / 2
        left = box.right - self.face.width(text, size)
        return show(name, size, (left, baseline), page_height, text.encode(CODEC))

    def finish(self) -> None:
        """Write the letters that the stamps show into the font; to be called after the last one."""
        if self._shown:
            self.font.update(_entries(self.pdf, self.face, "".join(sorted(self._shown))))


def embed(pdf: Pdf, style: StampConfig) -> StampFont:
    """A font of ``pdf`` for the stamps of ``style``; raises `ValueError` for letters that the typeface lacks."""
    face = typeface()
    face.require(style.format)
    return StampFont(pdf, pdf.make_indirect(Dictionary()), face, style)


def font_of(pdf: Pdf, face: Typeface, characters: str) -> Object:
    """A font object of ``pdf`` with a subset of the typeface: ``characters``, with the codes of `CODEC`."""
    return pdf.make_indirect(_entries(pdf, face, characters))


def _entries(pdf: Pdf, face: Typeface, characters: str) -> Dictionary:
    codes = {character.encode(CODEC)[0]: character for character in characters}
    first, last = min(codes), max(codes)
    # /Widths has an entry for every code from the first to the last, 0 for those without a letter.
    widths = [operand(face.width(codes.get(code, ""), 1000)) for code in range(first, last + 1)]
    tag = _subset_tag(characters)
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.TrueType,
        BaseFont=Name(f"/{tag}+{face.name}"),
        FirstChar=first,
        LastChar=last,
        Widths=Array(widths),
        Encoding=Name.WinAnsiEncoding,
        FontDescriptor=_descriptor(pdf, face, tag, face.subset(characters)),
    )


def _descriptor(pdf: Pdf, face: Typeface, tag: str, program: bytes) -> Object:
    return pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(f"/{tag}+{face.name}"),
            Flags=_NONSYMBOLIC,
            FontBBox=Array(face.box),
            ItalicAngle=0,
            Ascent=face.ascent,
            Descent=face.descent,
            CapHeight=face.cap_height,
            StemV=_STEM_V,
            FontFile2=packed(pdf, program, Length1=len(program)),
        )
    )


def _subset_tag(characters: str) -> str:
    """The tag of a font subset, six capitals (ISO 32000-1, 9.6.4); equal for equal ``characters``."""
    return "".join(chr(ord("A") + byte % 26) for byte in sha256(characters.encode()).digest()[:6])


def to_unicode(codes: dict[int, str]) -> bytes:
    """The CMap from codes to Unicode (ISO 32000-1, 9.10.3), in blocks of at most 100 characters."""
    entries = [f"<{code:02X}> <{meant.encode('utf-16-be').hex().upper()}>" for code, meant in sorted(codes.items())]
    blocks = [entries[start : start + 100] for start in range(0, len(entries), 100)]
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <00> <FF> endcodespacerange",
            *("\n".join((f"{len(block)} beginbfchar", *block, "endbfchar")) for block in blocks),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        )
    ).encode("ascii")
