"""A part of a case as `verify_part` finds it: accepted whole, and refused however it is damaged."""

import re
from dataclasses import replace

import numpy as np
import pikepdf
import pytest

from itrwatch.core.encoded_page import Box, EncodedPage, Layer
from itrwatch.core.pages import Encoding
from itrwatch.imaging.encoding.codecs import encode_ink
from itrwatch.pdf import verifying
from itrwatch.pdf.verifying import VerifyError, decode_layers, measure, verify_part
from itrwatch.pdf.writing import PartPage
from tests.pdf_tools import render_pdfium
from tests.written_part import (
    BITONAL,
    CAPA,
    GREY,
    HEIGHT,
    PATCH,
    PICTURE,
    STAMPED,
    STAMPS,
    WIDTH,
    example,
    flat,
    jpeg,
    sheet,
    sizes,
    stencil,
    verify_example,
    write_pages,
)


def test_a_whole_part_is_accepted(part):
    verify_example(part)
    verify_part(part, sizes(example()))
    size, digest = measure(part)
    assert size == part.stat().st_size
    assert len(digest) == 64


def test_patches_of_a_few_pixels_are_accepted(tmp_path):
    """A patch may be narrower than the eighth at which JPEGs are decoded."""
    layers = [jpeg(flat((9, 9, 9), size), PATCH) for size in ((1, 1), (5, 300), (300, 7))]
    path = write_pages(tmp_path / "page.pdf", [PartPage(sheet(*layers), None, "x")])
    verify_part(path, [(WIDTH, HEIGHT)], [""])


@pytest.mark.parametrize("density", [0, 0.1, 1])
@pytest.mark.parametrize("size", [(1, 1), (3, 1), (1, 17), (9, 64), (700, 501)])
def test_any_bitonal_picture_is_accepted_and_drawn(size, density, tmp_path):
    black = np.random.default_rng(7).random(size) < density
    box = Box(0, 0, size[1], size[0])
    layer = Layer("g4", encode_ink(black), size[1], size[0], box)
    page = EncodedPage(max(3, size[1]), max(3, size[0]), (layer,), Encoding.BITONAL, box)
    path = write_pages(tmp_path / "page.pdf", [PartPage(page, None, "x")])
    verify_part(path, sizes([PartPage(page, None)]))
    picture = render_pdfium(path, 0, 72)[: size[0], : size[1], 0]
    assert ((picture < 128) == black).all()


def test_a_missing_page_is_noticed(damaged):
    def lose_page(pdf):
        del pdf.pages[2]

    with pytest.raises(VerifyError, match="5 pages, 6 expected"):
        verify_example(damaged(lose_page, pdf=True))


def test_a_page_too_many_is_noticed(part):
    with pytest.raises(VerifyError, match="6 pages, 5 expected"):
        verify_part(part, sizes(example())[:-1])


@pytest.mark.parametrize("place", [0.05, 0.25, 0.5, 0.75, 0.95])
def test_a_flipped_bit_in_ink_is_noticed(damaged, place):
    ink_data = stencil().data

    def flip(data):
        at = data.index(ink_data) + int(place * len(ink_data))
        return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]

    with pytest.raises(VerifyError, match="page 1: ValueError: damaged G4 data"):
        verify_example(damaged(flip))


@pytest.mark.parametrize("entry", [b"/Length1", b"/N 3"])
def test_a_flipped_bit_in_the_typeface_or_the_colour_profile_is_noticed(part, damaged, entry):
    """qpdf and pdfium pass over it: the letters come out in another shape."""
    start = re.search(re.escape(entry) + rb"[^>]*>>\nstream\n", part.read_bytes()).end()
    for place in (50, 150, 250):
        with pytest.raises(VerifyError):
            verify_example(damaged(lambda data, at=start + place: data[:at] + bytes([data[at] ^ 8]) + data[at + 1 :]))


def layers_of(pdf, index):
    return pdf.pages[index].resources.XObject


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize(
    ("index", "page"), [(CAPA, CAPA), (STAMPED, STAMPED), (GREY, GREY), (PICTURE, PICTURE), (BITONAL, CAPA)]
)
def test_a_cut_image_is_noticed(damaged, index, page, share):
    """On the first page that shows it: the bitonal page has its ink, written once, in common with the capa."""

    def cut(pdf):
        image = layers_of(pdf, index)["/I0"]
        data, method = image.read_raw_bytes(), image.Filter
        image.write(data[: int(share * len(data))], filter=method, decode_parms=image.get("/DecodeParms"))

    with pytest.raises(VerifyError, match=f"^page {page + 1}: "):
        verify_example(damaged(cut, pdf=True))


def lose_image(pdf):
    del layers_of(pdf, STAMPED)["/I0"]


def lose_images(pdf):
    del pdf.pages[STAMPED].Resources["/XObject"]


def lose_content(pdf):
    pdf.pages[STAMPED].Contents = pdf.make_stream(b"")


def lose_font(pdf):
    del pdf.pages[STAMPED].Resources["/Font"]


def lose_width(pdf):
    del layers_of(pdf, STAMPED)["/I0"]["/Width"]


def change_height(pdf):
    layers_of(pdf, STAMPED)["/I0"].Height = 199


def change_columns(pdf):
    layers_of(pdf, BITONAL)["/I0"].DecodeParms[1].Columns = 1199


def change_filter(pdf):
    layers_of(pdf, GREY)["/I0"].Filter = pikepdf.Name.LZWDecode


def change_colours(pdf):
    layers_of(pdf, STAMPED)["/I0"].ColorSpace = pikepdf.Name.DeviceGray


def change_bits(pdf):
    layers_of(pdf, GREY)["/I0"].BitsPerComponent = 4


def change_kind(pdf):
    layers_of(pdf, GREY)["/I0"].Subtype = pikepdf.Name.Form


DAMAGE = [
    lose_image,
    lose_images,
    lose_content,
    lose_font,
    lose_width,
    change_height,
    change_columns,
    change_filter,
    change_colours,
    change_bits,
    change_kind,
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_page_that_would_show_less_is_noticed(damaged, damage):
    with pytest.raises(VerifyError, match=r"^page [134]: "):
        verify_example(damaged(damage, pdf=True))


def test_a_page_of_another_size_is_noticed(part):
    with pytest.raises(VerifyError, match=r"page 3 measures .* expected"):
        verify_part(part, [(WIDTH, HEIGHT + (index == 2)) for index in range(5)] + sizes(example())[5:])


@pytest.mark.parametrize("wrong", ["Fls. 4", "Fls. 33", ""])
def test_another_number_is_noticed(part, wrong):
    with pytest.raises(VerifyError, match=f"page 4 says 'Fls. 3', '{wrong}' expected"):
        verify_example(part, [*STAMPS[:3], wrong, *STAMPS[4:]])


def test_a_number_on_the_capa_is_noticed(part):
    with pytest.raises(VerifyError, match=r"page 1 says '', 'Fls\. 1' expected"):
        verify_example(part, ["Fls. 1", *STAMPS[1:]])


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.999])
def test_a_file_that_was_cut_short_is_noticed(damaged, share):
    with pytest.raises(VerifyError, match="does not open"):
        verify_example(damaged(lambda data: data[: int(share * len(data))]))


def test_a_file_that_is_not_there_is_an_error_of_the_disk(tmp_path):
    with pytest.raises(FileNotFoundError):
        verify_part(tmp_path / "NOTI.pdf", [])


def test_no_damage_makes_the_verifier_fail_in_another_way(tmp_path):
    """A wrong bit anywhere between the images is noticed or harms nothing; never another exception."""
    path = tmp_path / "NOTI.pdf"
    layers = [jpeg(flat((9, 9, 9), (4, 4)), PATCH), Layer("g4", encode_ink(np.eye(9, dtype=bool)), 9, 9, PATCH)]
    page = PartPage(sheet(*layers), 3)
    good = write_pages(path, [page]).read_bytes()
    noticed = 0
    for at in range(0, len(good), 11):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1 << at % 7]) + good[at + 1 :])
        try:
            verify_part(path, sizes([page]), ["Fls. 3"])
        except VerifyError:
            noticed += 1
    assert noticed > len(good) / 11 / 3


def decoded():
    return [decode_layers(page.sheet) for page in example()]


def test_images_that_were_decoded_before_are_recognised_in_the_file_and_not_decoded_again(part, monkeypatch):
    before, again = decoded(), []
    monkeypatch.setattr(verifying, "_decode", again.append)
    verify_part(part, sizes(example()), STAMPS, before)
    assert not again
    verify_part(part, sizes(example()), STAMPS)
    assert again


@pytest.mark.parametrize("index", [STAMPED, GREY, PICTURE])
def test_an_image_that_decodes_but_is_not_the_one_that_was_decoded_is_noticed(damaged, index):
    """A wrong bit in a JPEG: libjpeg bridges most of them, and the page shows another shade or digit."""

    def change(pdf):
        image = layers_of(pdf, index)[f"/I{len(layers_of(pdf, index)) - 1}"]
        data, method = image.read_raw_bytes(), image.Filter
        changed = data[:-3] + bytes([data[-3] ^ 1]) + data[-2:]
        image.write(changed, filter=method, decode_parms=image.get("/DecodeParms"))

    path = damaged(change, pdf=True)
    with pytest.raises(VerifyError, match="its images are not those that were decoded"):
        verify_part(path, sizes(example()), (), decoded())


def test_a_missing_image_and_one_too_many_are_noticed(part):
    for page in (STAMPED, PICTURE):
        for wrong in (frozenset(), decoded()[page] | {b"another"}):
            images = decoded()
            images[page] = wrong
            with pytest.raises(VerifyError, match=f"^page {page + 1}: .*not those that were decoded"):
                verify_part(part, sizes(example()), (), images)


@pytest.mark.parametrize("fact", ["Width", "BitsPerComponent", "ColorSpace"])
def test_an_image_that_is_described_otherwise_is_noticed(damaged, fact):
    def change(pdf):
        image = layers_of(pdf, PICTURE)["/I0"]
        image[f"/{fact}"] = pikepdf.Name.DeviceGray if fact == "ColorSpace" else int(image[f"/{fact}"]) // 2

    with pytest.raises(VerifyError, match=f"^page {PICTURE + 1}: "):
        verify_part(damaged(change, pdf=True), sizes(example()), (), decoded())


def test_a_damaged_layer_is_noticed_when_it_is_coded():
    page = example()[PICTURE].sheet
    cut = replace(page.layers[0], data=page.layers[0].data[:-200])
    with pytest.raises(VerifyError):
        decode_layers(replace(page, layers=(cut, *page.layers[1:])))
