"""What makes the file PDF/A-3b (ISO 19005-3) without embedded files: XMP, output intent, document information.

    declare(pdf, DocumentInfo(…)) -> XMP, output intent and document information are in ``pdf``

No date and no random identifier is written: the same case must give the same bytes. PDF/A asks for
neither; where the document information and the XMP both say something, they must say the same.
"""

from __future__ import annotations

from functools import cache
from html import escape

from pikepdf import Array, Dictionary, Name, Object, Pdf, String
from PIL import ImageCms

from itrwatch import __version__
from itrwatch.pdf.content import packed
from itrwatch.pdf.part_info import DocumentInfo

PROGRAM = f"itrwatch {__version__}"

_SRGB = "sRGB IEC61966-2.1"

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"\
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"\
 xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<pdf:Keywords>{keywords}</pdf:Keywords>
<pdf:Producer>{program}</pdf:Producer>
<xmp:CreatorTool>{program}</xmp:CreatorTool>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def declare(pdf: Pdf, info: DocumentInfo) -> None:
    """Say in ``pdf`` what it is (document information, XMP) and which colours it means (output intent)."""
    fields = info.fields()
    for key, text in (
        ("/Title", fields["title"]),
        ("/Subject", fields["subject"]),
        ("/Keywords", fields["keywords"]),
        ("/Creator", PROGRAM),
        ("/Producer", PROGRAM),
    ):
        pdf.docinfo[key] = String(text)
    pdf.Root.Metadata = _metadata(pdf, fields)
    pdf.Root.OutputIntents = Array([_output_intent(pdf)])
    pdf.Root.Lang = String("pt-BR")


def _metadata(pdf: Pdf, fields: dict[str, str]) -> Object:
    packet = _XMP.format(
        program=escape(PROGRAM, quote=False), **{name: escape(text, quote=False) for name, text in fields.items()}
    )
    stream = pdf.make_stream(packet.encode("utf-8"))
    stream.Type = Name.Metadata
    stream.Subtype = Name.XML
    return stream


def _output_intent(pdf: Pdf) -> Object:
    return pdf.make_indirect(
        Dictionary(
            Type=Name.OutputIntent,
            S=Name.GTS_PDFA1,
            OutputConditionIdentifier=String(_SRGB),
            RegistryName=String("http://www.color.org"),
            Info=String(_SRGB),
            DestOutputProfile=packed(pdf, srgb_profile(), N=3),
        )
    )


@cache
def srgb_profile() -> bytes:
    """An ICC profile of sRGB: LittleCMS's own, about 600 bytes.

    Three header fields (ICC.1:2004-10, 7.2) are set here: the version to 4.2, the edition that PDF/A-3
    names and whose tags these are; the date to that of the edition and the platform to none, since
    LittleCMS writes the clock and the machine there.
    """
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # Version 4.2 in binary-coded decimal; then year, month, day, hour, minute, second; then the platform.
    profile[8:12] = bytes((4, 0x20, 0, 0))
    profile[24:36] = b"".join(number.to_bytes(2, "big") for number in (2004, 10, 1, 0, 0, 0))
    profile[40:44] = bytes(4)
    return bytes(profile)
