"""Scans that are no PDF, as odd scanners and programs write them: whole, or refused in words."""

import errno
import io
import zlib

import numpy as np
import pytest
from PIL import Image

from itrwatch.scans.image import jpeg
from itrwatch.scans.image.fax import reverse_bits
from itrwatch.scans.image.jbig2 import judge_sizes
from itrwatch.scans.image.jpeg_segments import with_height
from itrwatch.scans.image.pixels import strict
from itrwatch.scans.opening import read_page
from itrwatch.scans.pdf.streams import decoded_size
from itrwatch.scans.values import ScanError
from tests.hostile_files import jbig2_segment, tiff, tiff_of

WIDTH, HEIGHT = 827, 1170
ROWS = 278  # of a strip


@pytest.fixture
def read(tmp_path):
    def do(name, data, page=1):
        (tmp_path / name).write_bytes(data)
        return read_page(tmp_path / name, page).raster

    return do


def picture():
    pixels = np.full((HEIGHT, WIDTH), 255, np.uint8)
    pixels[100:500, 100:400] = np.tile([0, 255], (400, 150))
    return pixels


def saved(pixels, form, **how):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, form, **how)
    return buffer.getvalue()


def strip(data):
    """The code of a TIFF of one strip."""
    with Image.open(io.BytesIO(data)) as written:
        (start,), (size,) = written.tag_v2[273], written.tag_v2[279]
    return data[start : start + size]


# TIFF


def test_a_page_that_the_tiff_does_not_have(read):
    with pytest.raises(ScanError, match=r"1 página; a página 7 não existe"):
        read("a.tif", saved(picture(), "TIFF"), page=7)


@pytest.mark.parametrize("lost", [0, 3])
def test_a_deflated_strip_that_lost_its_end(read, lost):
    """All lines are there, as libtiff sees it; what proves them is not."""
    coded = zlib.compress(picture().tobytes())
    data = tiff_of(WIDTH, HEIGHT, 8, coded[: len(coded) - lost])
    if lost:
        with pytest.raises(ScanError):
            read("a.tif", data)
    else:
        assert (read("a.tif", data).pixels == picture()).all()


def test_fax_lines_sent_from_the_other_end_of_every_byte(read):
    coded = strip(saved(picture() > 0, "TIFF", compression="group4", tiffinfo={ROWS: HEIGHT}))
    data = tiff_of(WIDTH, HEIGHT, 4, reverse_bits(coded), t258=(3, 1, 1), t266=(3, 1, 2))
    assert ((read("a.tif", data).pixels > 0) == (picture() > 0)).all()


def test_fax_lines_that_are_missing(read):
    """libtiff paints them white and says nothing."""
    coded = strip(saved(picture() > 0, "TIFF", compression="group4", tiffinfo={ROWS: HEIGHT}))
    whole = tiff_of(WIDTH, HEIGHT, 4, coded, t258=(3, 1, 1))
    assert ((read("a.tif", whole).pixels > 0) == (picture() > 0)).all()
    with pytest.raises(ScanError):
        read("b.tif", tiff_of(WIDTH, HEIGHT, 4, coded[: len(coded) // 2], t258=(3, 1, 1)))


def test_the_old_way_of_jpeg_in_tiff(read):
    """Read where it is one whole JPEG; else refused with the way out."""
    whole = saved(picture(), "JPEG")
    assert near(read("a.tif", tiff_of(WIDTH, HEIGHT, 6, whole)).pixels, picture())
    with pytest.raises(ScanError, match="TIFF sem JPEG antigo"):
        read("b.tif", tiff_of(WIDTH, HEIGHT, 6, b"x" * 100))
    with pytest.raises(ScanError, match="TIFF sem JPEG antigo"):
        read("c.tif", tiff_of(WIDTH, HEIGHT, 6, whole[: len(whole) // 2]))


def near(pixels, expected):
    return pixels.shape == expected.shape and np.abs(pixels.astype(int) - expected).mean() < 5


def test_tiles(read):
    """Plans come in tiles; all must be listed."""
    pixels = np.resize(picture(), (256, 256))
    pieces = [pixels[down : down + 128, across : across + 128].tobytes() for down in (0, 128) for across in (0, 128)]
    lists = 8 + 2 + 12 * 10 + 4
    data = b"".join((lists + 32 + n * 128 * 128).to_bytes(4, "little") for n in range(4))
    data += (128 * 128).to_bytes(4, "little") * 4 + b"".join(pieces)
    tags = {
        256: (4, 1, 256), 257: (4, 1, 256), 258: (3, 1, 8), 259: (3, 1, 1), 262: (3, 1, 1), 277: (3, 1, 1),
        322: (4, 1, 128), 323: (4, 1, 128), 324: (4, 4, lists), 325: (4, 4, lists + 16),
    }  # fmt: skip
    assert (read("a.tif", tiff(tags, data)).pixels == pixels).all()
    with pytest.raises(ScanError):
        read("b.tif", tiff(tags | {324: (4, 3, lists), 325: (4, 3, lists + 16)}, data))


def test_samples_that_are_no_greys(read):
    """Heights of a terrain, temperatures: numbers that no scanner gives."""
    with pytest.raises(ScanError):
        read("a.tif", saved(picture().astype(np.float32), "TIFF"))


# JPEG and PNG


def test_a_resolution_that_only_the_camera_states(read):
    exif = Image.Exif()
    exif[282], exif[283], exif[296] = 150.0, 150.0, 2
    assert read("a.jpg", saved(picture(), "JPEG", exif=exif)).dpi == 150
    exif[283] = 0.0  # one way only: not believed
    assert read("b.jpg", saved(picture(), "JPEG", exif=exif)).dpi == 100


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_a_jpeg_that_has_not_as_many_lines_as_it_says(channels):
    pixels = np.zeros((40, 50, channels), np.uint8)
    image = Image.fromarray(pixels.squeeze(), {1: "L", 3: "RGB", 4: "CMYK"}[channels])
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    whole = jpeg.picture_of(buffer.getvalue())
    assert jpeg.decode(whole).shape[:2] == (40, 50)
    with pytest.raises(jpeg.JpegError):
        jpeg.decode(with_height(whole, 57))


def test_a_slip_of_paper_is_accepted_as_a_page(read):
    """6 mm wide at the resolution that the file states: the statement is not believed."""
    assert read("a.png", saved(picture(), "PNG", dpi=(3400, 3400))).dpi < 3400


# Codes


def test_a_disk_that_fails_is_not_the_scans_fault():
    with pytest.raises(OSError, match="share") as failed, strict("O arquivo"):
        raise OSError(errno.EIO, "share")
    assert failed.value.errno == errno.EIO
    with pytest.raises(ScanError) as cut, strict("O arquivo"):
        raise OSError("image file is truncated")
    assert cut.value.incomplete


def test_pictures_of_one_code_that_are_too_large_together():
    region = (10_000).to_bytes(4, "big") * 2
    judge_sizes(jbig2_segment(0, 38, region) * 4)
    with pytest.raises(ScanError):
        judge_sizes(jbig2_segment(0, 38, region) * 6)


def test_lzw_without_its_end_is_measured_as_far_as_it_goes():
    clear_then_zeros = bytes([0x80, 0, 0, 0])
    assert decoded_size(clear_then_zeros, 1, 100) == 2
