"""Files that every viewer shows whole, however oddly they are written; and files that look whole and are not."""

import contextlib
import io
import os
import random
import re
import shutil
import struct
import time
import zlib
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from itrwatch.imaging.g4 import encode_g4
from itrwatch.scans.image import ccitt, fax
from itrwatch.scans.image.paper_size import settle, settle_sheet
from itrwatch.scans.image.pixels import black_and_white
from itrwatch.scans.opening import inspect, read_page
from itrwatch.scans.second_opinion import judge_dark
from itrwatch.scans.values import ScanError, ScanKind
from tests.hostile_files import CATALOGUE, PAGES, one_page, raw_pdf, stream, with_image
from tests.office import page
from tests.pdf_tools import render_gs, render_poppler

FIELD = Path(__file__).parents[3] / "shared" / "field"
SIZE = b"/Width 827/Height 1169/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/DCTDecode"


def jpeg(picture=None, **how):
    buffer = io.BytesIO()
    (picture or page()).save(buffer, "JPEG", quality=90, dpi=(100, 100), **how)
    return buffer.getvalue()


@pytest.fixture
def read(tmp_path):
    def do(data, name="a.pdf", number=1):
        path = tmp_path / name
        path.write_bytes(data)
        inspect(path)
        return read_page(path, number)

    return do


def shows_the_page(scanned):
    pixels = scanned.raster.pixels
    grey = pixels if pixels.ndim == 2 else pixels.mean(axis=2)
    return float(np.abs(grey - np.asarray(page(), float)[: grey.shape[0]]).mean()) < 4


# PDF: the table, the lengths, the wrapping


def whole():
    return with_image(SIZE, jpeg())


def renumbered_table(data):
    return re.sub(rb"xref\n0 ", b"xref\n1 ", data)


def longer_size(data):
    return re.sub(rb"/Size (\d+)", lambda found: b"/Size %d" % (int(found[1]) + 2), data)


def short_length(data):
    return re.sub(rb"(/DCTDecode/Length )(\d+)", lambda found: b"%s%d" % (found[1], int(found[2]) - 1), data)


def moved_table(data):
    return re.sub(rb"startxref\n(\d+)", lambda found: b"startxref\n%d" % (int(found[1]) + 1), data)


def row_of_nothing(data):
    """A row in the table for an object that there is not."""
    data = re.sub(rb"xref\n0 (\d+)", lambda found: b"xref\n0 %d" % (int(found[1]) + 1), data)
    return longer_size(data).replace(b"trailer", b"0000000000 00000 n \ntrailer").replace(b"/Size 8", b"/Size 7")


def a_row_too_many():
    """A table in a stream that has a row more than /Size says."""
    objects = with_image(SIZE, jpeg()).split(b"xref\n")[0]
    starts = [0, *(found.start() for found in re.finditer(rb"\d+ 0 obj", objects)), 0]
    starts[-1] = len(objects)
    rows = b"".join(b"%c%c%c%c" % (min(at, 1), at >> 16, at >> 8 & 255, at & 255) for at in [*starts, 0])
    entries = b"/Type/XRef/W[1 3 0]/Size %d/Root 1 0 R" % len(starts)
    own = b"%d 0 obj\n%s\nendobj\n" % (len(starts) - 1, stream(entries, rows))
    return objects + own + b"startxref\n%d\n%%%%EOF\n" % len(objects)


def run_on_number():
    """A length in an object of its own, whose last word follows the number without a blank."""
    length = re.search(rb"/DCTDecode/Length (\d+)", whole())[1]
    own = whole().replace(b"/DCTDecode/Length " + length, b"/DCTDecode/Length 9 0 R", 1)
    return own.replace(b"xref\n0 ", b"9 0 obj\n%sendobj\nxref\n0 " % length, 1)


UNUSUAL = {
    "number that runs on": run_on_number,
    "title about a stream": lambda: moved(whole(), b"/Type/Catalog", b"/Type/Catalog/Title(the stream)"),
    "a row too many": a_row_too_many,
    "no length": lambda: re.sub(rb"(/DCTDecode)/Length \d+", rb"\1             ", whole()),
    "row of nothing": lambda: row_of_nothing(whole()),
    "identifier that is none": lambda: whole().replace(b"/Root", b"/ID[12 34]/Root"),
    "catalogue without a type": lambda: moved(whole(), b"/Type/Catalog", b"/Lang()       "),
    "filter by its short name": lambda: with_image(SIZE.replace(b"DCTDecode", b"DCT"), jpeg()),
    "no object says its end": lambda: whole().replace(b"endobj\n", b""),
    "as it should be": whole,
    "size two too large": lambda: longer_size(whole()),
    "table from one": lambda: renumbered_table(whole()),
    "table a byte off": lambda: moved_table(whole()),
    "image length a byte short": lambda: short_length(whole()),
    "carriage return after stream": lambda: whole().replace(b">>stream\n\xff\xd8", b">>stream\r\xff\xd8"),
    "blank after stream": lambda: moved(whole(), b">>stream\n\xff\xd8", b">>stream \n\xff\xd8"),
    "key twice": lambda: moved(whole(), b"/MediaBox", b"/Rotate 0/Rotate 0/MediaBox"),
    "line end before the picture": lambda: with_image(SIZE, b"\r\n" + jpeg()),
    "bytes behind the picture": lambda: with_image(SIZE, jpeg() + b"\n\n"),
    "no colours named": lambda: with_image(SIZE.replace(b"/ColorSpace/DeviceGray", b"/ColorSpace/DeviceGrey"), jpeg()),
    "header 65500 lines high": lambda: with_image(SIZE, tall(jpeg(), 65_500)),
    "a few lines more": lambda: with_image(SIZE.replace(b"1169", b"1163"), jpeg()),
}


def moved(data, old, new):
    """``data`` with ``new`` for ``old``, and its table left where it was: qpdf has to look for it."""
    assert old in data
    return data.replace(old, new, 1)


def tall(data, height):
    place = data.index(b"\xff\xc0") + 5
    return data[:place] + struct.pack(">H", height) + data[place + 2 :]


@pytest.mark.parametrize("case", UNUSUAL)
def test_an_unusual_pdf_that_is_whole_is_read_whole(read, case):
    scanned = read(UNUSUAL[case]())
    assert scanned.raster.pixels.shape[0] in (1169, 1163)
    assert shows_the_page(scanned)


@pytest.mark.parametrize("case", ["header 65500 lines high", "line end before the picture", "no colours named"])
def test_it_is_drawn_whole_too(read, case):
    """pdfium alone would draw half of it black, or none of it."""
    entries = {
        "header 65500 lines high": (SIZE, tall(jpeg(), 65_500)),
        "line end before the picture": (SIZE, b"\r\n" + jpeg()),
        "no colours named": (SIZE.replace(b"/ColorSpace/DeviceGray", b"/ColorSpace/DeviceGrey"), jpeg()),
    }[case]
    image = stream(b"/Type/XObject/Subtype/Image" + entries[0], entries[1])
    drawn = b"q 595 0 0 842 0 0 cm /I Do Q 0 0 1 1 re f"
    scanned = read(one_page(stream(b"", drawn), image, resources=b"/XObject<</I 5 0 R>>"))
    grey = np.asarray(Image.fromarray(scanned.raster.pixels).convert("L").resize(page().size), float)
    assert scanned.drawn
    assert np.abs(grey - np.asarray(page(), float)).mean() < 15


def test_a_checksum_that_is_wrong_is_reported_and_a_stream_that_is_cut_is_refused(read):
    content = zlib.compress(b"q 595 0 0 842 0 0 cm /I Do Q" + b" " * 300)
    image = stream(b"/Type/XObject/Subtype/Image" + SIZE, jpeg())

    def made(data):
        return one_page(stream(b"/Filter/FlateDecode", data), image, resources=b"/XObject<</I 5 0 R>>")

    for odd in (content[:-4] + bytes(4), content[:-4]):
        scanned = read(made(odd))
        assert shows_the_page(scanned)
        assert "soma de verificação" in scanned.remarks[-1]
        assert scanned.never_blank, "what is doubtful is not blank"
    assert not read(made(content)).remarks
    flushed = zlib.compressobj()
    written = flushed.compress(b"q 595 0 0 842 0 0 cm /I Do Q") + flushed.flush(zlib.Z_SYNC_FLUSH)
    scanned = read(made(written))
    assert shows_the_page(scanned)
    assert "não tem a marca de fim" in scanned.remarks[-1]
    for cut in (content[:-6], written[:-1]):
        with pytest.raises(ScanError):
            read(made(cut))


def test_samples_without_the_end_of_their_code_are_whole_if_none_is_missing(read):
    entries = SIZE.replace(b"DCTDecode", b"FlateDecode")
    code = zlib.compress(np.asarray(page().convert("L")).tobytes(), 1)
    scanned = read(with_image(entries, code[:-5]))
    assert shows_the_page(scanned)
    assert "não tem a marca de fim" in scanned.remarks[-1]
    with pytest.raises(ScanError):
        read(with_image(entries, code[:-9]))


@pytest.mark.parametrize("begin", [b"/Contents", b"stream\nq"])
def test_an_object_that_is_cut_is_not_taken_for_one_without_its_last_word(tmp_path, begin):
    """The rest of a page; the stream of a content, whose dictionary is whole."""
    data = whole()
    cut = data[: data.index(begin)] + b"\n" + data[data.index(b"4 0 obj" if begin == b"/Contents" else b"5 0 obj") :]
    (tmp_path / "a.pdf").write_bytes(cut)
    with pytest.raises(ScanError):
        inspect(tmp_path / "a.pdf")


@pytest.mark.parametrize("named", [True, False])
def test_objects_that_the_table_has_lost_are_found_again_if_anything_names_them(read, tmp_path, named):
    """The same warning, a wrong /Size; but here an object is in the file that the table does not know."""
    data = longer_size(whole())
    if named:
        data = data.replace(b"/MediaBox[0 0 595 842]", b"/MediaBox[0 0 595 842]/Annots[9 0 R]")
    square = b"9 0 obj\n<</Type/Annot/Subtype/Square/Rect[0 0 595 842]/IC[0 0 0]>>\nendobj\n"
    data = data.replace(b"xref\n0", square + b"xref\n0", 1)
    data = re.sub(rb"startxref\n\d+", b"startxref\n%d" % data.index(b"xref\n0"), data)
    scanned = read(data)
    assert scanned.never_blank is named
    assert bool(scanned.raster.pixels.mean() < 20) is named, "black lies over all of it"
    assert any("índice interno" in remark for remark in inspect(tmp_path / "a.pdf").remarks) is named


def with_annotation():
    """A page whose one mark is a note of its own object, 5."""
    note = b"<</Type/Annot/Subtype/Square/Rect[100 100 400 400]/C[1 0 0]>>"
    return one_page(stream(b"", b""), note, page=b"/Annots[5 0 R]")


@pytest.mark.parametrize("bit", ["n to f", "generation"])
def test_one_bit_of_the_table_does_not_take_a_note_away(read, tmp_path, bit):
    """Readers take what the table does not know for null, and show a white page."""
    assert read(with_annotation()).raster.pixels.min() < 100
    data = bytearray(with_annotation())
    row = data.index(b"trailer") - 20
    data[row + 17] ^= {"n to f": 8, "generation": 0}[bit]
    data[row + 13] ^= {"n to f": 0, "generation": 1}[bit]
    assert read(bytes(data)).raster.pixels.min() < 100
    assert "índice interno" in inspect(tmp_path / "a.pdf").remarks[0]


def test_one_bit_of_a_packed_table_does_not_take_the_contents_away(read, tmp_path):
    """By one bit within the code of the table the last number of every row is another, and every object that is named is null."""
    with pikepdf.open(io.BytesIO(whole())) as pdf:
        how = {"object_stream_mode": pikepdf.ObjectStreamMode.generate, "compress_streams": False}
        pdf.save(tmp_path / "b.pdf", **how)
    data = bytearray((tmp_path / "b.pdf").read_bytes())
    assert shows_the_page(read(bytes(data)))
    table = re.compile(rb"/W \[ 1 (\d) 1 \].*?stream\n", re.DOTALL).search(
        data, int(data.split(b"startxref")[1].split()[0])
    )
    row = 2 + int(table[1])
    rows = range(table.end(), data.index(b"endstream", table.end()) - 1, row)
    assert {data[start] for start in rows} == {0, 1, 2}
    for start in rows:
        data[start + row - 1] = 0 if data[start] == 2 else 252
    assert shows_the_page(read(bytes(data)))
    assert "índice interno" in inspect(tmp_path / "a.pdf").remarks[0]


def locked(path, *, owner, revision=6):
    with pikepdf.open(io.BytesIO(whole())) as pdf:
        how = pikepdf.Encryption(user="senha", owner=owner, R=revision, aes=revision > 3, metadata=revision > 3)
        pdf.save(path, encryption=how)
    return path


@pytest.mark.parametrize(("owner", "revision"), [("senha", 6), ("outra", 4), ("", 3), ("", 4)])
def test_a_password_is_named(tmp_path, owner, revision):
    """Before revision 6 an empty password of the author means the reader's."""
    with pytest.raises(ScanError, match="protegido por senha"):
        inspect(locked(tmp_path / "b.pdf", owner=owner, revision=revision))


def test_a_file_that_opens_without_asking_is_read_whatever_the_password(tmp_path):
    """The author's password is empty: poppler and Ghostscript show the page, and so does the case; pdfium asks for the reader's."""
    path = locked(tmp_path / "b.pdf", owner="")
    (tmp_path / "a.pdf").write_bytes(whole())
    plain = read_page(tmp_path / "a.pdf", 1).raster.pixels
    inspect(path)
    assert np.array_equal(read_page(path, 1).raster.pixels, plain)
    for render in (render_poppler, render_gs):
        assert np.array_equal(render(path, 0, 75), render(tmp_path / "a.pdf", 0, 75))


def shifted(path):
    """The file at ``path`` with a comment before its first object: every place in its table is 9 bytes too low."""
    return re.sub(rb"\n1 0 obj", b"\n%longer\n1 0 obj", path.read_bytes(), count=1)


def opens_without_asking(tmp_path, revision):
    with pikepdf.open(io.BytesIO(whole())) as pdf:
        how = pikepdf.Encryption(user="", owner="autor", R=revision, aes=revision > 3, metadata=revision > 3)
        pdf.save(tmp_path / "b.pdf", encryption=how)
    return tmp_path / "b.pdf"


@pytest.mark.parametrize("revision", [3, 4, 6])
def test_a_wrong_table_of_an_encrypted_file_is_made_anew(read, tmp_path, revision):
    path = opens_without_asking(tmp_path, revision)
    assert shows_the_page(read(shifted(path)))
    assert "índice interno" in inspect(tmp_path / "a.pdf").remarks[0]


@pytest.mark.parametrize("revision", [3, 6])
def test_an_encrypted_file_that_lacks_an_object_or_a_part_of_its_picture_is_refused(read, tmp_path, revision):
    data = shifted(opens_without_asking(tmp_path, revision))
    picture = re.search(rb"\d+ 0 obj\s*<<[^>]*/DCTDecode.*?endobj", data, re.DOTALL)
    middle = (picture.start() + picture.end()) // 2
    for lacking in (data[: picture.start()] + data[picture.end() :], data[:middle] + data[middle + 300 :]):
        with pytest.raises(ScanError):
            read(lacking)


def test_a_password_is_named_though_the_table_is_wrong(read, tmp_path):
    with pytest.raises(ScanError, match="protegido por senha"):
        read(shifted(locked(tmp_path / "b.pdf", owner="outra")))


def test_a_protection_by_certificate_is_named(read):
    protected = b"/Encrypt<</Filter/Adobe.PubSec/V 4>>/ID[<00><00>]/Root"
    with pytest.raises(ScanError, match="protegido por certificado digital"):
        read(whole().replace(b"/Root", protected))


def test_the_texts_of_a_png_do_not_stand_in_the_way_of_its_page(read):
    picture = io.BytesIO()
    page().save(picture, "PNG")
    data = picture.getvalue()
    body = b"zTXt" + b"Comment\0\0" + zlib.compress(bytes(4 << 20))
    text = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    scanned = read(data[:33] + text + data[33:], "a.png")
    assert np.array_equal(scanned.raster.pixels, np.asarray(page()))


def test_a_row_too_many_is_no_damage(read, tmp_path):
    read(a_row_too_many())
    assert not inspect(tmp_path / "a.pdf").remarks


def test_one_page_object_twice_is_two_pages(read, tmp_path):
    pages = PAGES.replace(b"[3 0 R]", b"[3 0 R 3 0 R]").replace(b"/Count 1", b"/Count 2")
    sheet = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>"
    image = stream(b"/Type/XObject/Subtype/Image" + SIZE, jpeg())
    data = raw_pdf(CATALOGUE, pages, sheet, stream(b"", b"q 595 0 0 842 0 0 cm /I Do Q"), image)
    assert shows_the_page(read(data, number=2))
    info = inspect(tmp_path / "a.pdf")
    assert info.pages == 2
    assert "mais de uma vez" in info.remarks[0]


def test_a_packed_pdf_whose_table_is_a_byte_off_is_read(read):
    """Objects in object streams: what they hold is unpacked to prove that all is there."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(whole())) as pdf:
        pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    data = buffer.getvalue()
    assert shows_the_page(read(data))
    assert shows_the_page(read(moved_table(data)))
    packed = re.search(rb"/ObjStm.*?stream\n", data, re.DOTALL).end()
    with pytest.raises(ScanError):
        read(moved_table(data[: packed + 20] + b"xxxx" + data[packed + 24 :]))
    with pytest.raises(ScanError):
        read(moved_table(data.replace(b"/First", b"/Fjrst")))


def in_tiff():
    buffer = io.BytesIO()
    page().save(buffer, "TIFF", dpi=(100, 100))
    return buffer.getvalue()


@pytest.mark.parametrize(("name", "made"), [("a.pdf", whole), ("a.tif", in_tiff)])
def test_space_behind_the_end_is_waited_for_and_then_read(read, tmp_path, name, made):
    with pytest.raises(ScanError, match="imprima em PDF") as waiting:
        read(made() + bytes(512), name)
    assert waiting.value.incomplete
    an_hour_ago = time.time() - 3600
    os.utime(tmp_path / name, (an_hour_ago, an_hour_ago))
    assert shows_the_page(read_page(tmp_path / name, 1))


@pytest.mark.parametrize("how", [bytes, moved_table])
def test_objects_with_a_wrong_checksum_are_reported_and_their_pages_are_not_blank(read, tmp_path, how):
    """One bit in the code of packed objects may turn a digit of a field; qpdf and viewers do not look at the checksum."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(whole())) as pdf:
        pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    data = bytearray(buffer.getvalue())
    assert not read(how(bytes(data))).never_blank
    end = data.index(b"\nendstream", data.index(b"/ObjStm"))
    data[end - 1] ^= 1
    assert read(how(bytes(data))).never_blank
    assert any("soma de verificação" in remark for remark in inspect(tmp_path / "a.pdf").remarks)


def test_a_page_that_is_another_kind_of_object_is_no_empty_page(read):
    """By one bit the tree of pages named the catalogue, which viewers show as a white page."""
    tree = PAGES.replace(b"3 0 R", b"1 0 R")
    assert tree != PAGES
    with pytest.raises(ScanError, match="danificado"):
        read(whole().replace(PAGES, tree))


@pytest.mark.parametrize("kids", [b"3 0 R 6 0 R 6 0 R", b"3 0 R 2 0 R", b"7 0 R 7 0 R"])
def test_branches_without_pages_are_no_cycle_and_pages_are_counted(read, tmp_path, kids):
    """Programs that delete pages leave the empty branch behind, once for each page; qpdf takes the second for a cycle."""
    empty, full = b"<</Type/Pages/Parent 2 0 R/Kids[]/Count 0>>", b"<</Type/Pages/Parent 2 0 R/Kids[3 0 R]/Count 1>>"
    image = stream(b"/Type/XObject/Subtype/Image" + SIZE, jpeg())
    sheet = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>"
    contents = stream(b"", b"q 595 0 0 842 0 0 cm /I Do Q")
    data = raw_pdf(CATALOGUE, PAGES.replace(b"3 0 R", kids), sheet, contents, image, empty, full)
    if kids.startswith(b"7"):  # the same pages in two places
        with pytest.raises(ScanError, match="danificado"):
            read(data)
    else:
        assert shows_the_page(read(data))
        told = any("remete a si mesma" in remark for remark in inspect(tmp_path / "a.pdf").remarks)
        assert told is kids.endswith(b"2 0 R")
    with pytest.raises(ScanError, match="danificado"):
        read(data.replace(b"/Count 1", b"/Count 2"))


def test_a_page_without_an_area_has_the_size_that_viewers_give_it(read):
    scanned = read(whole().replace(b"/MediaBox[0 0 595 842]", b"/MediaBox[0 0   0   0]"))
    assert (scanned.raster.width_mm, scanned.raster.height_mm) == pytest.approx((215.9, 279.4), abs=1)
    assert scanned.raster.pixels.min() < 50


@pytest.mark.parametrize("needed", [False, True])
def test_a_shifted_word_file_misses_only_its_tags(read, needed):
    """Word puts the tree of tags, and nothing else, into object streams, which are not found without the table."""
    inner = b"<</Type/StructTreeRoot/K 9 0 R>>", b"<</Type/StructElem/P 8 0 R>>"
    header = b"8 0 9 %d " % len(inner[0])
    packed = stream(b"/Type/ObjStm/N 2/First %d" % len(header), header + b"".join(inner))
    image = stream(b"/Type/XObject/Subtype/Image" + SIZE, jpeg())
    sheet = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>"
    catalogue = CATALOGUE[:-2] + (b"/AcroForm 9 0 R" if needed else b"") + b"/StructTreeRoot 8 0 R>>"
    data = raw_pdf(catalogue, PAGES, sheet, stream(b"", b"q 595 0 0 842 0 0 cm /I Do Q"), image, packed)
    if needed:
        with pytest.raises(ScanError, match="danificado"):
            read(moved_table(data))
    else:
        assert shows_the_page(read(moved_table(data)))


@pytest.mark.parametrize(("corner", "seen"), [(0, False), (90, True)])
def test_a_signature_without_appearance_is_no_damage_unless_it_has_a_place(read, tmp_path, corner, seen):
    """Signing services write “0 0 R” for the drawing of an invisible one; of a visible one it is a number that was turned."""
    (tmp_path / "b.pdf").write_bytes(whole())
    with pikepdf.open(tmp_path / "b.pdf") as pdf:
        field = {"Type": Name.Annot, "Subtype": Name.Widget, "FT": Name.Sig, "Rect": [0, 0, corner, corner]}
        nothing = pdf.make_indirect(Dictionary(AP=Dictionary(N=Name.ZZZZ), **field))
        pdf.pages[0].Annots = Array([nothing])
        pdf.Root.AcroForm = Dictionary(Fields=Array([nothing]))
        pdf.save(tmp_path / "c.pdf")
    data = (tmp_path / "c.pdf").read_bytes().replace(b"/ZZZZ", b"0 0 R")
    if seen:
        with pytest.raises(ScanError, match="danificado"):
            read(data)
    else:
        assert shows_the_page(read(data))


def test_the_objects_of_an_attached_pdf_are_none_of_the_files_own(read, tmp_path):
    """It is not compressed, and so its objects stand in the file like those of the file itself."""
    (tmp_path / "b.pdf").write_bytes(whole())
    with pikepdf.new() as attached, pikepdf.open(tmp_path / "b.pdf") as pdf:
        attached.Root.A = attached.make_stream(b"the first endstream")
        for _ in range(12):
            attached.add_blank_page()
        buffer = io.BytesIO()
        attached.save(buffer, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        pdf.attachments["anexo.pdf"] = buffer.getvalue().split(b"startxref")[0]
        pdf.save(tmp_path / "c.pdf", compress_streams=False)
    assert shows_the_page(read((tmp_path / "c.pdf").read_bytes()))


@pytest.mark.parametrize(
    ("drawn", "resources", "entries"),
    [
        (
            b"/I Do",
            b"/XObject<</I 5 0 R>>",
            b"/Subtype/Image/Width 300/Height 300/BitsPerComponent 8/ColorSpace/DeviceGray",
        ),
        (
            b"BT /F 9 Tf ET",
            b"/Font<</F<</Subtype/Type0/DescendantFonts[<</FontDescriptor<</FontFile2 5 0 R>>>>]>>>>",
            b"",
        ),
    ],
    ids=["image", "font"],
)
def test_what_a_very_long_content_names_is_proven_too(read, drawn, resources, entries):
    """Of more than 2 MB only the operators that name something are followed; pdfium would leave out what is cut, in silence."""
    long = stream(b"/Filter/FlateDecode", zlib.compress(b"9 9 m 9 80 l S" + b" " * 2_100_000 + drawn))
    noise = random.Random(1).randbytes(90_000)
    for data, cut in ((zlib.compress(noise), False), (zlib.compress(noise)[:-9000], True)):
        with pytest.raises(ScanError, match="danificado") if cut else contextlib.nullcontext():
            read(one_page(long, stream(b"/Filter/FlateDecode" + entries, data), resources=resources))


@pytest.mark.parametrize("parent", [b"1 0 R", b"2", b"/Root"])
def test_a_page_that_names_another_parent_is_drawn(read, parent):
    """pdfium shows it white, and what is shown white is removed."""
    drawn = one_page(stream(b"", b"100 100 400 600 re f"))
    black = read(drawn).raster.pixels.mean()
    assert black < 180
    assert read(drawn.replace(b"/Parent 2 0 R", b"/Parent %s" % parent)).raster.pixels.mean() == black


@pytest.mark.parametrize(("content", "doubt"), [(b"BT 50 50 Td (Folha) tj ET", True), (b"BX 5 tj EX", False)])
def test_an_operator_that_does_not_exist_may_be_a_letter_that_was_turned(read, content, doubt):
    scanned = read(one_page(stream(b"", content)))
    assert scanned.never_blank is doubt
    assert any("(tj)" in remark for remark in scanned.remarks) is doubt


def test_an_operator_whose_name_is_no_text_does_not_exist_either(read):
    """Viewers pass over it; the file was refused as damaged."""
    scanned = read(one_page(stream(b"", b"5 \xe9\xff 100 100 400 600 re f")))
    assert scanned.raster.pixels.mean() < 180
    assert any("(éÿ)" in remark for remark in scanned.remarks)


def test_a_byte_that_a_turned_bit_leaves_at_the_end_of_a_jpeg_is_told(tmp_path):
    """A third of the bits of a page with white at its foot leave one, for a block that is missing before it."""
    data, dice, told = jpeg(), random.Random(3), 0
    for _ in range(24):
        wrong = bytearray(data)
        wrong[dice.randrange(data.index(b"\xff\xda") + 14, len(data) - 2)] ^= 1 << dice.randrange(8)
        (tmp_path / "a.jpg").write_bytes(wrong)
        with contextlib.suppress(ScanError):
            page = read_page(tmp_path / "a.jpg", 1)
            told += page.never_blank and any("bytes a mais no fim" in remark for remark in page.remarks)
    assert told > 3


def test_a_jpeg_with_a_line_less_than_said_is_whole_and_one_with_fifty_less_is_not(read):
    scanned = read(with_image(SIZE.replace(b"1169", b"1170"), jpeg()))
    assert scanned.raster.pixels.shape == (1170, 827)
    assert np.abs(scanned.raster.pixels[:1169].astype(int) - np.asarray(page(), int)).mean() < 4
    assert "declara 1170 linhas" in scanned.remarks[0]
    with pytest.raises(ScanError):
        read(with_image(SIZE.replace(b"1169", b"1219"), jpeg()))


def test_a_picture_that_does_not_say_its_colours_is_reported(read):
    """By one bit of /ImageMask a stencil became a black picture, which half of the readers do not show."""
    entries = b"/Width 827/Height 1169/BitsPerComponent 1/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 827>>"
    code = encode_g4(np.asarray(page()) < 128)
    scanned = read(with_image(entries, code))
    assert scanned.never_blank
    assert "não diz que cores tem" in scanned.remarks[0]
    assert not read(with_image(entries + b"/ColorSpace/DeviceGray", code)).remarks


# JPEG: what stands around the picture


def with_segment(data, segment):
    return data[:2] + segment + data[2:]


AROUND = {
    "as it is": jpeg,
    "stray bytes between segments": lambda: jpeg().replace(b"\xff\xdb", b"\0\0\x07\0\xff\xdb", 1),
    "an empty JFIF segment": lambda: with_segment(jpeg(), b"\xff\xe0\0\x02"),
    "a film behind": lambda: jpeg() + b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 200 + b"\xff\xda\xff\xda" * 100,
    "a large profile": lambda: with_segment(jpeg(), (b"\xff\xe2\xff\xff" + b"\xff\xda" * 32766 + b"\0") * 3),
    "a height given behind": lambda: height_behind(jpeg()),
}


def height_behind(data):
    """A frame of height 0, and the number of lines after the first scan (T.81, B.2.5)."""
    return tall(data, 0)[:-2] + b"\xff\xdc\0\x04" + struct.pack(">H", 1169) + b"\xff\xd9"


@pytest.mark.parametrize("case", AROUND)
def test_a_jpeg_is_taken_out_of_what_stands_around_it(read, case):
    assert shows_the_page(read(AROUND[case](), "a.jpg"))


@pytest.mark.parametrize("height", [0, 65_500, 65_535])
def test_a_page_feeder_that_writes_no_length_is_named(read, height):
    with pytest.raises(ScanError, match="Digitalize em PDF, ou pelo vidro"):
        read(tall(jpeg(), height), "a.jpg")


def test_a_hole_in_the_picture_is_no_wrapping(read):
    data = jpeg()
    with pytest.raises(ScanError):
        read(data[: len(data) // 2] + data[len(data) // 2 + 500 :], "a.jpg")


# Fax


def bits():
    return np.asarray(page(dpi=200).convert("L")) > 128


def flipped(data, bit):
    return data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :]


def test_a_bit_that_is_turned_in_g4_is_an_error_or_changes_nothing_but_a_stroke():
    """libtiff painted the rest of the page black or in streaks, and 158 of 160 such pages were published."""
    white = bits()
    data, code = encode_g4(~white), fax.FaxCode(-1, white.shape[1], rows=white.shape[0])
    assert np.array_equal(fax.read(data, code)[0], white)
    assert np.array_equal(ccitt.decode(data, code).white, white)
    dice = np.random.default_rng(3)
    for bit in dice.integers(0, len(data) * 8 - 40, 25):
        with contextlib.suppress(fax.FaxError):
            lines, missing = fax.read(flipped(data, int(bit)), code)
            assert (missing, int((lines != white).sum()) < 2000) == (0, True)


@pytest.mark.parametrize("k", [0, 1])
def test_g3_with_a_bit_turned_names_the_line(k):
    white = bits()[:400]
    buffer = io.BytesIO()
    Image.fromarray(~white).save(buffer, "TIFF", compression="group3", tiffinfo={278: 400, 292: k})
    with Image.open(buffer) as written:
        (start,), (size,) = written.tag_v2[273], written.tag_v2[279]
    data = buffer.getvalue()[start : start + size]
    code = fax.FaxCode(k, white.shape[1], rows=400)
    assert np.array_equal(fax.read(data, code)[0], white)
    with pytest.raises(fax.FaxError, match="line"):
        fax.read(flipped(data, len(data) * 4 + 3), code)


@pytest.mark.parametrize("width", [1653, 1656])
def test_a_fax_on_byte_boundaries_is_read(read, width):
    """Encoders of some multifunction devices: no ends of line, every line begins on a byte."""
    white = np.ones((300, width), np.bool_)
    white[40:260, 300:1200] = bits()[300:520, 200:1100]
    buffer = io.BytesIO()
    Image.fromarray(~white).save(buffer, "TIFF", compression="tiff_ccitt", tiffinfo={278: 300})
    with Image.open(buffer) as written:
        (start,), (size,) = written.tag_v2[273], written.tag_v2[279]
    entries = b"/Width %d/Height 300/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode" % width
    parms = b"/DecodeParms<</K 0/Columns %d/Rows 300/EncodedByteAlign true>>" % width
    scanned = read(with_image(entries + parms, buffer.getvalue()[start : start + size]))
    assert black_and_white(scanned.raster.pixels)


def test_a_change_that_is_where_the_last_one_was_is_no_code_of_a_line():
    """Runs of no pixels stand at the beginning of a line only (T.6, 2.2); libtiff takes them anywhere, others lose the page."""
    two_white_three_black = "001" + "0111" + "10"
    black_from_there_and_white_again_at_once = "1" + "0000010"
    codes = [two_white_three_black, black_from_there_and_white_again_at_once]
    data = int("".join(codes).ljust(64, "0"), 2).to_bytes(8, "big")
    assert ccitt.decode(data, ccitt.FaxCode(k=-1, columns=5, rows=1)).white.tolist() == [[True] * 2 + [False] * 3]
    with pytest.raises(fax.FaxError):
        ccitt.decode(data, ccitt.FaxCode(k=-1, columns=5, rows=2))


def test_a_fax_in_a_pdf_with_a_bit_turned_is_refused(read):
    white = bits()
    entries = b"/Width %d/Height %d/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode" % white.shape[::-1]
    parms = b"/DecodeParms<</K -1/Columns %d>>" % white.shape[1]
    data = encode_g4(~white)
    read(with_image(entries + parms, data))
    with pytest.raises(ScanError, match=r"código de fax .* danificado na linha \d+ de 2338"):
        read(with_image(entries + parms, flipped(data, len(data) * 3)))


# Sizes


@pytest.mark.parametrize(
    ("size", "dpi", "kept"),
    [
        ((342, 6750), (150, 150), True),  # a till receipt of 58 × 1143 mm
        ((315, 4000), (100, 100), True),
        ((4967, 7022), (150, 150), True),  # A0
        ((2480, 3508), (72, 72), False),  # A4 at 300 dpi, from a program that knows no better
        ((1240, 70_000), (150, 150), False),  # 12 m: longer than a page of PDF/A
    ],
)
def test_a_size_that_is_reported_is_kept_unless_it_is_absurd(size, dpi, kept):
    x, y, remarks = settle(*size, dpi)
    assert ((x, y) == dpi, not remarks) == (kept, kept)
    assert size[1] / y * 25.4 <= 5000.5


def test_a_strip_of_unknown_resolution_is_not_made_narrow():
    for width, height in ((342, 6750), (1080, 9000), (3000, 9000)):
        dpi, _, remarks = settle(width, height, None)
        assert 79 < width / dpi * 25.4 < 211
        assert "tira" in remarks[0]


def test_a_label_of_a_pdf_keeps_its_size():
    assert settle_sheet(400, 47, 200) == (200, ())
    assert settle_sheet(47, 400, 200)[0] != 200  # too narrow for the folha number


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (2, 400), (16, 16)])
def test_a_page_of_a_few_pixels_has_an_answer(read, size):
    buffer = io.BytesIO()
    Image.new("L", size, 0).save(buffer, "PNG")
    with pytest.raises(ScanError, match="pequena demais"):
        read(buffer.getvalue(), "a.png")


# A dark page


@pytest.mark.parametrize(
    ("name", "kind", "form"),
    [
        ("a.tif", ScanKind.TIFF, "TIFF"),
        ("a.png", ScanKind.PNG, "PNG"),
        ("a.jpg", ScanKind.JPEG, "JPEG"),
        ("a.pdf", ScanKind.PDF, "PDF"),
    ],
)
def test_a_dark_page_is_accepted_only_if_another_decoder_reads_it_dark(tmp_path, name, kind, form):
    dark = 255 - np.asarray(page())
    Image.fromarray(dark).save(tmp_path / name, form)
    judge_dark(tmp_path / name, kind, 1, dark)
    page().save(tmp_path / name, form)
    with pytest.raises(ScanError, match="escura num leitor de imagens e clara em outro"):
        judge_dark(tmp_path / name, kind, 1, dark)


# The reported files


REFUSED = {"jpeg_height_65535.jpg", "tiff_bad_rows_per_strip.tif"}


@pytest.mark.skipif(not FIELD.is_dir(), reason="needs ../shared/field")
@pytest.mark.parametrize(
    "path", sorted(FIELD.glob("called_damaged/*")) + sorted(FIELD.glob("samples_misread/*")), ids=lambda path: path.name
)
def test_a_reported_file_is_read(path, tmp_path):
    # A file that came ten minutes ago: space behind its end is no unfinished copy.
    path = Path(shutil.copy(path, tmp_path))
    os.utime(path, (time.time() - 3600,) * 2)
    if path.name in REFUSED:
        with pytest.raises(ScanError):
            inspect(path)
        return
    for number in range(1, inspect(path).pages + 1):
        assert float(read_page(path, number).raster.pixels.mean()) > (100 if "flower" not in path.name else 20)


@pytest.mark.skipif(not FIELD.is_dir(), reason="needs ../shared/field")
@pytest.mark.parametrize("path", sorted(FIELD.glob("damaged_fax/*")), ids=lambda path: path.name)
def test_a_reported_fax_is_refused(path):
    with pytest.raises(ScanError, match="danificado na linha"):
        read_page(path, 1)
