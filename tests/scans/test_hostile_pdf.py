"""PDFs that are broken, closed, signed or more than papers: each gets its own sentence, and nothing of them gets through."""

import datetime as dt
import io
import re
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from asn1crypto import algos, cms, keys, x509
from pikepdf import Array, Dictionary, Name, String

from itrwatch.scans.opening import inspect, read_page
from itrwatch.scans.pdf.repair import mended
from itrwatch.scans.values import ScanError
from tests.hostile_files import one_page, raw_pdf, stream
from tests.office import page, scan_bytes

GOOD = "secoes:\n  - notificacao: noti.pdf\n"
MENDED = "O índice interno do PDF estava danificado e foi refeito. Nada falta: todas as páginas que o arquivo declara (3) estão nele, inteiras."


def classic(*texts):
    """A scan with a plain table of contents, as most devices write it."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(scan_bytes(*texts))) as pdf:
        pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def scan():
    return classic("N1", "N2", "N3")


def shifted(data):
    """What a mail program does that adds a line at the top."""
    return data.replace(b"\n1 0 obj", b"\n% received by mail\n1 0 obj", 1)


def without_start(data):
    return re.sub(rb"startxref\s+\d+\s+", b"", data)


DAMAGE = {
    "offsets": shifted,
    "no start": without_start,
    "start beyond": lambda data: re.sub(rb"startxref\s+\d+", b"startxref\n99999999", data),
    "table overwritten": lambda data: re.sub(rb"(\d{10}) 00000 n", b"0000000017 00000 n", data),
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_wrong_table_of_contents_is_mended_when_every_page_is_there_and_said(tmp_path, scan, how):
    broken, good = tmp_path / "noti.pdf", tmp_path / "good.pdf"
    broken.write_bytes(DAMAGE[how](scan))
    good.write_bytes(scan)
    info = inspect(broken)
    assert (info.pages, info.remarks) == (3, (MENDED,))
    for number in (1, 2, 3):
        assert (read_page(broken, number).raster.pixels == read_page(good, number).raster.pixels).all()


def test_a_repaired_pdf_is_reported(office, scan):
    office.case(GOOD, noti_pdf=shifted(scan))
    manifest = office.do()
    assert manifest.files[0].pages == 3
    assert MENDED in [finding.message for finding in manifest.findings]


@pytest.mark.parametrize("junk", [b"<html>sent by a web server</html>\n" * 200, b"-----boundary--\r\n"])
def test_what_was_appended_after_the_end_is_no_part_of_the_file(tmp_path, scan, junk):
    (tmp_path / "a.pdf").write_bytes(scan + junk)
    assert inspect(tmp_path / "a.pdf").pages == 3


@pytest.mark.parametrize("how", DAMAGE)
def test_nothing_is_mended_that_may_have_lost_a_page(tmp_path, scan, how):
    """The table is wrong and something is missing as well: cut anywhere, or an object gone."""
    data = DAMAGE[how](scan)
    objects = [
        (found.start(), data.index(b"endobj", found.start()) + 7) for found in re.finditer(rb"\n\d+ 0 obj", data)
    ]
    assert len(objects) >= 8
    cuts = [data[: int(len(data) * share)] for share in (0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.99)]
    holes = [data[:begin] + data[end:] for begin, end in objects]
    middles = [data[:begin] + data[begin + (end - begin) // 2 :] for begin, end in objects]
    tails = [cut + b"\n%%EOF\n" for cut in cuts]
    for broken in (*cuts, *holes, *middles, *tails):
        (tmp_path / "a.pdf").write_bytes(broken)
        try:
            assert inspect(tmp_path / "a.pdf").pages == 3
            for number in (1, 2, 3):
                assert read_page(tmp_path / "a.pdf", number).raster.pixels.min() < 100
        except ScanError:
            continue


@pytest.mark.parametrize("place", range(18))
def test_an_entry_of_the_table_that_is_wrong_loses_no_page(tmp_path, scan, place):
    """Found by fuzzing: a page of another generation was left out, and the tree counted again without it."""
    for entry in re.finditer(rb"\d{10} 00000 n", scan):
        digit = entry.start() + place
        broken = scan[:digit] + (b"8" if scan[digit : digit + 1].isdigit() else b"f") + scan[digit + 1 :]
        (tmp_path / "a.pdf").write_bytes(broken)
        try:
            assert inspect(tmp_path / "a.pdf").pages == 3
        except ScanError:
            continue


def test_a_page_outside_the_tree_is_not_forgotten_in_the_mending(scan):
    pages = raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", *[b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>"] * 2
    )  # fmt: skip
    assert mended(without_start(pages)) is None
    assert mended(without_start(pages).replace(b"3 0 R]/Count 1", b"3 0 R 4 0 R]/Count 2")) is not None
    lost = (
        without_start(pages)
        .replace(b"3 0 R]/Count 1", b"3 0 R 4 0 R]/Count 2")
        .replace(b"/MediaBox[0 0 9 9]", b"/Rotate (ninety)  ", 1)
    )
    assert mended(lost) is None, "a warning about anything else than the table"
    assert mended(without_start(scan)[:-400] + b"%%EOF") is None
    assert mended(b"%PDF-1.4\n" + b"1 0 obj stream\n" * 50_000 + b"trailer" * 50_000) is None


# Signed


def signer(name, serials=(4711,)):
    """A CMS signature of the certificate 4711, with certificates for ``name``, not valid and not meant to be."""
    key = keys.PublicKeyInfo({"algorithm": {"algorithm": "rsa", "parameters": None}, "public_key": {"modulus": 77, "public_exponent": 3}})  # fmt: skip
    who = x509.Name.build({"common_name": name, "organization_name": "ICP-Brasil"})
    algorithm = algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"})
    now = x509.Time({"utc_time": dt.datetime(2023, 1, 1, tzinfo=dt.UTC)})
    facts = {"version": "v3", "signature": algorithm, "issuer": who, "subject": who,
             "validity": {"not_before": now, "not_after": now}, "subject_public_key_info": key}  # fmt: skip
    certificates = [
        {
            "tbs_certificate": facts | {"serial_number": serial},
            "signature_algorithm": algorithm,
            "signature_value": b"x",
        }
        for serial in serials
    ]
    info = cms.SignerInfo({
        "version": "v1", "sid": {"issuer_and_serial_number": {"issuer": who, "serial_number": 4711}},
        "digest_algorithm": {"algorithm": "sha256"}, "signature_algorithm": {"algorithm": "rsassa_pkcs1v15"}, "signature": b"x",
    })  # fmt: skip
    signed = cms.SignedData({
        "version": "v1", "digest_algorithms": [{"algorithm": "sha256"}], "encap_content_info": {"content_type": "data"},
        "certificates": list(map(x509.Certificate, certificates)), "signer_infos": [info],
    })  # fmt: skip
    return cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()


def signed(**facts):
    with pikepdf.open(io.BytesIO(scan_bytes("N1"))) as pdf:
        value = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), **facts)
        field = pdf.make_indirect(Dictionary(FT=Name.Sig, T=String("a"), V=pdf.make_indirect(value)))
        pdf.Root.AcroForm = Dictionary(SigFlags=3, Fields=Array([field]))
        buffer = io.BytesIO()
        pdf.save(buffer)
    return buffer.getvalue()


KEEP = (
    "Guarde o arquivo original: a assinatura só vale nele. O PDF do processo é refeito página por página e não a leva."
)
SIGNATURES = {
    "stated": (
        {"Name": String("José da Silva"), "M": String("D:20231002140500-03'00'")},
        f"O PDF tem assinatura digital de “José da Silva”, feita em 02/10/2023 às 14:05. {KEEP}",
    ),
    "certificate": (
        {"Contents": String(signer("MARIA DE SOUZA:12345678901")), "M": String("D:20231002")},
        f"O PDF tem assinatura digital de “MARIA DE SOUZA”, feita em 02/10/2023. {KEEP}",
    ),
    "chain": (
        {"Contents": String(signer("MARIA", (1, 4711)))}, f"O PDF tem assinatura digital de “MARIA”, sem data. {KEEP}"
    ),
    "others": (
        {"Contents": String(signer("MARIA", (1, 2)))},
        f"O PDF tem assinatura digital de alguém que o arquivo não nomeia, sem data. {KEEP}",
    ),
    "nobody": ({"Contents": String(b"\x30\x82garbage")}, f"O PDF tem assinatura digital de alguém que o arquivo não nomeia, sem data. {KEEP}"),
    "trick": (
        {"Name": String("A\u202egpj\nB" + "x" * 500)},
        f"O PDF tem assinatura digital de “A\\u202egpj B{'x' * 93}”, sem data. {KEEP}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SIGNATURES)
def test_a_digital_signature_is_reported_with_who_and_when(tmp_path, case):
    facts, remark = SIGNATURES[case]
    (tmp_path / "a.pdf").write_bytes(signed(**facts))
    assert inspect(tmp_path / "a.pdf").remarks == (remark,)


def test_a_tree_of_fields_that_loops_is_no_trap(tmp_path):
    with pikepdf.open(io.BytesIO(signed())) as pdf:
        pdf.Root.AcroForm.Fields[0].Kids = Array([7, pdf.Root.AcroForm.Fields[0]])
        pdf.save(tmp_path / "a.pdf")
    assert len(inspect(tmp_path / "a.pdf").remarks) == 1


# Active


ACTIVE = (
    b"/JavaScript", b"/JS", b"/Launch", b"/URI", b"/SubmitForm", b"/ImportData", b"/GoToR", b"/GoToE", b"/EmbeddedFile", b"/AA",
    b"/OpenAction", b"/AcroForm", b"/XFA", b"/RichMedia", b"/Annots", b"/PieceInfo", b"/Filespec", b"/Collection", b"/Thumb",
    b"segredo",
)  # fmt: skip


def active(content, resources=b""):
    """A page with everything that acts, and with metadata of whoever made it."""
    more = [
        b"<</S/JavaScript/JS(app.alert\\('segredo'\\))>>",
        b"<</Type/Annot/Subtype/Link/Rect[0 0 100 100]/A<</S/URI/URI(http://segredo.example)>>>>",
        b"<</Type/Annot/Subtype/Link/Rect[0 0 100 100]/A<</S/Launch/F(segredo.exe)>>>>",
        b"<</Type/Annot/Subtype/FileAttachment/Rect[0 0 0 0]/FS 9 0 R>>",
        b"<</Type/Filespec/F(segredo.exe)/EF<</F 10 0 R>>>>",
        stream(b"/Type/EmbeddedFile", b"MZ segredo"),
        b"<</Author(segredo)/Creator(segredo)/Producer(scanner segredo)/Title(segredo)>>",
        stream(b"/Type/Metadata/Subtype/XML", b"<x:xmpmeta>segredo</x:xmpmeta>"),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(campo preenchido)/Rect[100 300 400 330]/F 4/AP<</N 15 0 R>>/AA<</K 5 0 R>>>>",
        stream(b"/Type/XObject/Subtype/Form/BBox[0 0 300 30]/Resources<<>>", b"0 0 300 30 re f"),
    ]
    names = b"/Names<</JavaScript<</Names[(a) 5 0 R]>>/EmbeddedFiles<</Names[(a) 9 0 R]>>>>"
    catalogue = (
        names + b"/OpenAction 5 0 R/AA<</WC 5 0 R>>/Metadata 12 0 R/AcroForm<</Fields[14 0 R]/NeedAppearances false>>"
    )
    sheet = (
        b"/AA<</O 5 0 R>>/Annots[6 0 R 7 0 R 8 0 R 14 0 R]/Metadata 12 0 R/PieceInfo<</segredo<</Private(segredo)>>>>"
    )
    data = one_page(
        stream(b"", content), *more, resources=resources or b"/Font<</F 13 0 R>>", page=sheet, catalogue=catalogue
    )
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Info 11 0 R")


TEXT = b"BT /F 24 Tf 60 700 Td (Notificacao de lancamento) Tj 0 -40 Td (area de 12,5 hectares) Tj ET"


def uncompressed(path):
    with pikepdf.open(path) as pdf:
        buffer = io.BytesIO()
        pdf.save(buffer, stream_decode_level=pikepdf.StreamDecodeLevel.generalized, compress_streams=False, qdf=True)
    return buffer.getvalue()


def test_nothing_active_gets_through_and_what_a_form_shows_stays(office):
    office.case(GOOD, noti_pdf=active(TEXT))
    manifest = office.do()
    assert manifest.published
    attached = (
        "O PDF traz arquivos anexados, que não vão para o e-CAC. Se algum faz parte do processo, abra-o, imprima em PDF"
    )
    assert any(finding.message.startswith(attached) for finding in manifest.findings)
    published = uncompressed(office.out() / "NOTI.pdf")
    assert [mark for mark in ACTIVE if mark in published] == []
    drawn = page_pixels(office.out() / "NOTI.pdf")
    high, wide = drawn.shape
    assert drawn[int(high * (842 - 315) / 842), int(wide * 250 / 595)] < 80, "the field's appearance is not drawn"


def test_nothing_active_gets_through_with_the_text_of_a_born_digital_page(office, tmp_path):
    """The page keeps its text, so its own objects are taken over: only those that it shows."""
    office.case(GOOD, noti_pdf=scan_bytes("N1"))
    office.do()
    with pikepdf.open(office.out() / "NOTI.pdf") as pdf:  # a page with an embedded typeface: our own folha number
        sheet = pdf.pages[0].obj
        font = next(iter(sheet.Resources.Font.values()))
        with pikepdf.new() as fresh:
            fresh.add_blank_page(page_size=(595, 842))
            sheet = fresh.pages[0].obj
            font = fresh.copy_foreign(font)
            font.PieceInfo = Dictionary(segredo=Dictionary(Private=String("segredo")))
            font.FontDescriptor.segredo = String("segredo")
            sheet.Resources = Dictionary(
                Font=Dictionary(F=font), Properties=Dictionary(P=Dictionary(segredo=String("segredo")))
            )
            text = b"/Artifact <</segredo (segredo)>> BDC BT /F 40 Tf 60 600 Td (Fls. 1) Tj 0 -90 Td (Fls. 1) Tj ET EMC"
            sheet.Contents = fresh.make_stream(text)
            sheet.Annots = Array(
                [
                    Dictionary(
                        Type=Name.Annot,
                        Subtype=Name.Link,
                        Rect=Array([0, 0, 9, 9]),
                        A=Dictionary(S=Name.URI, URI=String("http://segredo")),
                    )
                ]
            )
            sheet.PieceInfo = Dictionary(segredo=String("segredo"))
            sheet.Thumb = fresh.make_stream(b"\0", Width=1, Height=1, BitsPerComponent=8, ColorSpace=Name.DeviceGray)
            fresh.save(tmp_path / "digital.pdf")
    other = "10265.226695-2023-03"
    office.case(GOOD, other, noti_pdf=(tmp_path / "digital.pdf").read_bytes())
    manifest = office.do(other)
    assert manifest.pages[0].encoding == "vector"
    published = uncompressed(office.out(other) / "NOTI.pdf")
    assert [mark for mark in ACTIVE if mark in published] == []


def test_a_stream_in_another_file_is_not_fetched(tmp_path):
    secret = tmp_path / "secret.bin"
    secret.write_bytes(bytes(100))
    outside = b"<</Type/XObject/Subtype/Image/Width 10/Height 10/BitsPerComponent 8/ColorSpace/DeviceGray/F(secret.bin)/Length 0>>stream\n\nendstream"
    data = one_page(stream(b"", b"q 99 0 0 99 0 0 cm /I Do Q"), outside, resources=b"/XObject<</I 5 0 R>>")
    (tmp_path / "a.pdf").write_bytes(data)
    with pytest.raises(ScanError, match="danificado"):
        read_page(tmp_path / "a.pdf", 1)


def page_pixels(path):
    with pdfium.PdfDocument(path) as document:
        return document[0].render(scale=1, grayscale=True).to_numpy().squeeze().copy()


# Not scans at all


def picture(form):
    buffer = io.BytesIO()
    page("F").save(buffer, form)
    return buffer.getvalue()


OTHERS = {
    "foto.avif": (b"\0\0\0\x18ftypavif" + bytes(40), "uma imagem AVIF"),
    "foto.gif": (lambda: picture("GIF"), "uma imagem GIF"),
    "foto.bmp": (lambda: picture("BMP"), "uma imagem BMP"),
    "oficio.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "um documento antigo do Office (DOC ou XLS)"),
    "oficio.docx": (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml", "um documento do Word ou parecido (DOCX)"),
    "tudo.zip": (b"PK\x03\x04" + bytes(26) + b"a.pdf", "um pacote ZIP"),
    "tudo.rar": (b"Rar!\x1a\x07\0" + bytes(50), "um pacote RAR"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_in_a_format_that_is_not_read_is_never_passed_over(office, name):
    data, what = OTHERS[name]
    folder = office.case(GOOD, noti_pdf=scan_bytes("N1"))
    (folder / name).write_bytes(data() if callable(data) else data)
    manifest = office.do()
    assert manifest.published
    (finding,) = [finding for finding in manifest.findings if finding.file == name]
    assert f"O arquivo é {what}, que o itrwatch não lê." in finding.message
    office.case(GOOD + f"  - termo: {name} 1-2\n")
    assert not office.do().published
    assert f"“{name}” não serve: O arquivo é {what}, que o itrwatch não lê." in office.pending()


def test_a_scan_that_lost_its_ending_is_reported_and_a_note_is_not(office):
    folder = office.case(GOOD, noti_pdf=scan_bytes("N1"))
    (folder / "digitalizado").write_bytes(scan_bytes("N2"))
    (folder / "leia-me.txt").write_text("isto não é uma página")
    (finding,) = [
        finding for finding in office.do().findings if finding.file not in (None, "noti.pdf", "processo.yaml")
    ]
    assert finding.file == "digitalizado"
    assert "renomeie-o para que termine em “.pdf”" in finding.message


def test_a_missing_image_gets_its_own_sentence(tmp_path):
    (tmp_path / "a.pdf").write_bytes(one_page(stream(b"", b"q 99 0 0 99 0 0 cm /I Do Q")))
    with pytest.raises(ScanError, match="A página usa uma imagem que não está no PDF"):
        read_page(tmp_path / "a.pdf", 1)


DEEP = Path(__file__).parents[3] / "shared" / "corpus" / "hostile" / "qpdf_deep-pages.pdf"


@pytest.mark.skipif(not DEEP.exists(), reason="the corpus is not here")
def test_a_deep_tree_with_a_node_that_is_not_there_is_refused(tmp_path):
    """qpdf, asked for its pages, ends with the process (SIGSEGV)."""
    (tmp_path / "a.pdf").write_bytes(DEEP.read_bytes().replace(b"\n56 0 obj", b"\n50 0 obj"))
    with pytest.raises(ScanError, match="danificado ou incompleto"):
        inspect(tmp_path / "a.pdf")
