"""`python -m bench pages`: any files become one PDF of pages, and the judge's word about them becomes a table."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from bench import fidelity, judging, plain_jpeg
from bench.measure import Run
from bench.page_set import PageSet, gather

DPI = 150
NO_JUDGE = pytest.mark.skipif(not judging.available(), reason="needs ../shared/papers/judge.py")


def _page(text: str) -> Image.Image:
    page = Image.new("RGB", (620, 877), "white")
    pen = ImageDraw.Draw(page)
    for line in range(12):
        pen.text((60, 60 + 40 * line), f"{text} {line} 13153.720210/2019-34", fill="black", font_size=20)
    return page


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    _page("jpeg").save(tmp_path / "a.jpg", dpi=(DPI, DPI))
    _page("png").save(tmp_path / "b.png", dpi=(DPI, DPI))
    frames = [_page(f"tiff {number}").convert("1") for number in range(3)]
    frames[0].save(tmp_path / "c.tif", save_all=True, append_images=frames[1:], dpi=(DPI, DPI))
    (tmp_path / "d.jpg").write_bytes((tmp_path / "a.jpg").read_bytes()[:5000])
    (tmp_path / "e.txt").write_text("no page at all", "utf-8")
    return sorted(tmp_path.iterdir())


def test_all_pages_go_into_one_pdf_without_loss_and_what_is_refused_is_named(files: list[Path], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    pages = gather("mine", files, tmp_path / "out")
    assert pages.labels == ["a.jpg", "b.png", "c.tif", "c.tif p. 2", "c.tif p. 3"]
    assert [line.partition(":")[0] for line in pages.refused] == ["d.jpg", "e.txt"]
    with pikepdf.open(pages.pdf) as pdf:
        images = [page.Resources.XObject.Im0 for page in pdf.pages]
        assert images[0].read_raw_bytes() == files[0].read_bytes()
        decoded = pikepdf.PdfImage(images[1]).as_pil_image()
        assert np.array_equal(np.asarray(decoded), np.asarray(Image.open(files[1])))
        assert [int(image.BitsPerComponent) for image in images] == [8, 8, 1, 1, 1]
        assert float(pdf.pages[0].mediabox[2]) == pytest.approx(620 / DPI * 72, abs=0.1)


def test_a_sample_is_taken_at_even_distances(files: list[Path], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert gather("mine", files[:3], tmp_path / "out", sample=3).labels == ["a.jpg", "c.tif", "c.tif p. 3"]


@NO_JUDGE
def test_the_judge_finds_the_word_that_was_taken_out_and_nothing_on_a_plain_page(
    files: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    pages = gather("mine", files[:1], tmp_path / "out")
    whole = tmp_path / "out" / "plain.pdf"
    plain_jpeg.main(str(pages.pdf), str(whole))
    (kept,) = judging.judge(pages.pdf, whole, [(1, 1)], 1, None)
    damaged = _page("jpeg")
    ImageDraw.Draw(damaged).rectangle((60, 180, 320, 210), fill="white")
    damaged.save(tmp_path / "out" / "hole.pdf", resolution=DPI)
    (lost,) = judging.judge(pages.pdf, tmp_path / "out" / "hole.pdf", [(1, 1)], 1, None)
    assert kept.faults == Counter()
    assert not kept.trouble
    assert lost.faults["LOST"] > 0


def test_the_table_counts_pages_and_faults_by_kind_and_names_the_worst_page_first() -> None:
    took = Run(2.0, 3.0, 50, 60, 40)
    judged = [
        judging.Judged(1, Counter(LOST=2, BROKEN=1)),
        judging.Judged(2, Counter()),
        judging.Judged(3, Counter(LOST=9)),
    ]
    ours = fidelity.Made("itrwatch", took, 90 * 1024, judged, [4], dict.fromkeys((1, 2, 3), "mixed") | {4: "blank"})
    peer = fidelity.Made(fidelity.GHOSTSCRIPT, Run(1.0, 1.5, 50, 0, 0), 30 * 1024, [])
    pages = PageSet("field", Path("x.pdf"), ["a", "b", "c", "d"])
    title, table, worst = fidelity.described_set(pages, [ours, peer])
    assert title == "### field: 4 pages"
    head, _, first, _ = table.splitlines()
    row = dict(zip(head.split("|"), first.split("|"), strict=True))
    assert (row[" KB a page "], row[" CPU of gs "], row[" pages with faults "]) == (" 22 ", " 2.00 ", " 2 ")
    assert (row[" lost "], row[" broken "], row[" removed "]) == (" 11 ", " 1 ", " 1 ")
    assert worst.splitlines() == [
        "- c (mixed): lost 9",
        "- a (mixed): lost 2, broken 1",
        "- d: removed (blank)",
    ]


def test_without_the_judge_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(fidelity, "available", lambda: False)
    assert fidelity.main([]) == 1
    assert "judge" in capsys.readouterr().out


def test_the_plain_peer_keeps_the_pages_and_their_size(files: list[Path], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    pages = gather("mine", files[:3], tmp_path / "out")
    plain_jpeg.main(str(pages.pdf), str(tmp_path / "out" / "plain.pdf"))
    with pdfium.PdfDocument(pages.pdf) as before, pdfium.PdfDocument(tmp_path / "out" / "plain.pdf") as after:
        sizes = [[page.get_size() for page in pdf] for pdf in (before, after)]
    assert np.allclose(*sizes, atol=0.01)
