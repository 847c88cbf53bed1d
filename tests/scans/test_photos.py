"""What telephones make: photographs in HEIC, JPEG and WebP, read whole and reported as photographs."""

import io

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from itrwatch.core.filenames import has_scan_suffix
from itrwatch.core.pages import Encoding, PageOverride, PageRef
from itrwatch.core.settings import ImageConfig, StampConfig
from itrwatch.scans.opening import inspect, read_page
from itrwatch.scans.values import ScanError, ScanKind
from itrwatch.workers.page_task import work_page
from itrwatch.workers.tasks import PageTask
from tests.office import page


def heic(*pictures):
    container = pillow_heif.HeifFile()
    for picture in pictures:
        container.add_from_pillow(picture.convert("RGB"))
    buffer = io.BytesIO()
    container.save(buffer, quality=90)
    return buffer.getvalue()


def saved(picture, form, **how):
    buffer = io.BytesIO()
    picture.save(buffer, form, **how)
    return buffer.getvalue()


def near(pixels, picture):
    grey = pixels if pixels.ndim == 2 else pixels.mean(axis=2)
    return float(np.abs(grey - np.asarray(picture.convert("L"), float)).mean()) < 6


@pytest.mark.parametrize(
    ("name", "kind", "data"),
    [
        ("a.heic", ScanKind.HEIC, lambda: heic(page())),
        ("a.webp", ScanKind.WEBP, lambda: saved(page().convert("RGB"), "WEBP", quality=90)),
        ("b.webp", ScanKind.WEBP, lambda: saved(page().convert("RGB"), "WEBP", lossless=True)),
    ],
)
def test_a_picture_of_a_telephone_is_read_whole_or_waited_for(tmp_path, name, kind, data):
    path, whole = tmp_path / name, data()
    path.write_bytes(whole)
    assert has_scan_suffix(name)
    assert (inspect(path).kind, inspect(path).pages) == (kind, 1)
    assert near(read_page(path, 1).raster.pixels, page())
    path.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(ScanError) as cut:
        inspect(path)
    assert cut.value.incomplete


def test_each_photograph_of_a_heic_file_is_a_page(tmp_path):
    path = tmp_path / "a.heic"
    path.write_bytes(heic(page("A"), page("B")))
    assert inspect(path).pages == 2
    assert near(read_page(path, 2).raster.pixels, page("B"))
    with pytest.raises(ScanError, match="2 fotos; a página 3 não existe"):
        read_page(path, 3)


def test_a_webp_lies_as_its_exif_says(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    (tmp_path / "a.webp").write_bytes(
        saved(page().convert("RGB").rotate(90, expand=True), "WEBP", exif=exif, lossless=True)
    )
    assert near(read_page(tmp_path / "a.webp", 1).raster.pixels, page())


def test_a_picture_that_moves_is_no_paper(tmp_path):
    frames = [page("A").resize((80, 110)), page("B").resize((80, 110))]
    (tmp_path / "a.webp").write_bytes(saved(frames[0], "WEBP", save_all=True, append_images=frames[1:]))
    with pytest.raises(ScanError, match="animada"):
        inspect(tmp_path / "a.webp")


@pytest.mark.parametrize("camera", [True, False])
def test_what_a_camera_took_stays_a_picture_and_is_reported(tmp_path, camera):
    exif = Image.Exif()
    exif[0x010F] = "Canon"  # who made the device: scanners say so too
    if camera:
        exif.get_ifd(0x8769)[0x829D] = 1.8
    picture = page(dpi=200)
    (tmp_path / "a.jpg").write_bytes(saved(picture, "JPEG", quality=90, dpi=(200, 200), exif=exif))
    spool = tmp_path / "spool"
    task = PageTask(tmp_path, PageRef("a.jpg", 1), PageOverride(turn=0), StampConfig(), 9, ImageConfig(), spool)
    done = work_page(task)
    assert (done.encoding is Encoding.PICTURE) == camera
    assert any("é uma foto" in finding.message for finding in done.findings) == camera


def test_a_photograph_is_as_long_as_a4_and_no_sentence_guesses_at_its_paper(tmp_path):
    """3308 × 2339 px would be A3 at 200 dpi, and 72 dpi, which telephones write, a sheet of more than a metre."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x829D] = 1.8
    (tmp_path / "a.jpg").write_bytes(saved(Image.new("L", (3308, 2339), 200), "JPEG", dpi=(72, 72), exif=exif))
    photograph = read_page(tmp_path / "a.jpg", 1)
    assert (round(photograph.raster.width_mm), round(photograph.raster.height_mm)) == (297, 210)
    (remark,) = photograph.remarks
    assert "é uma foto" in remark
