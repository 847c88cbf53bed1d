"""`itrwatch page`: why a page became what it is, for who looks after the program."""

from __future__ import annotations

import pikepdf
import pytest
from pikepdf import Name
from PIL import Image

from itrwatch.commands.cli import main
from itrwatch.demo.drawing import PageKind, draw
from itrwatch.demo.scanner import write_jpeg, write_pdf
from itrwatch.errors import Exit


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")


def test_a_stamped_page_says_what_it_is_how_it_is_coded_and_why(tmp_path, capsys):
    write_jpeg(tmp_path / "a.jpg", draw(PageKind.STAMPED, 1, dpi=200), 200)
    assert main(["page", str(tmp_path / "a.jpg"), "--pictures", str(tmp_path / "p")]) == Exit.OK
    said = capsys.readouterr().out
    assert "200 dpi, cores" in said
    assert "fica: content" in said
    assert "turn 0 (sure" in said
    assert "jpeg-rgb" in said
    for picture in ("1 digitalizada", "2 contraste", "3 tintas", "4 publicada"):
        with Image.open(tmp_path / "p" / f"{picture}.png") as shown:
            assert shown.convert("L").getextrema()[0] < 128, picture  # something dark is on each


def test_a_blank_page_says_why_it_is_taken_out(tmp_path, capsys):
    write_pdf(tmp_path / "b.pdf", [draw(PageKind.LETTER, 1, dpi=100), draw(PageKind.BLANK, 1, dpi=100)], 100)
    assert main(["page", str(tmp_path / "b.pdf"), "2"]) == Exit.OK
    assert "retirada: blank" in capsys.readouterr().out


def test_the_verdict_is_that_of_a_worker_for_notes_separators_and_a_configuration(tmp_path, capsys):
    """A pale note keeps a page that would be blank; a separator sheet goes; `remove_blanks: não` keeps what is blank."""
    noted = pikepdf.new()
    noted.add_blank_page(page_size=(595, 842))
    note = pikepdf.Dictionary(
        Type=Name.Annot, Subtype=Name.FreeText, Rect=[50, 700, 300, 760], Contents="visto", DA="/Helv 9 Tf 0.99 g"
    )
    noted.pages[0].Annots = noted.make_indirect(pikepdf.Array([note]))
    noted.save(tmp_path / "a.pdf")
    assert main(["page", str(tmp_path / "a.pdf")]) == Exit.OK
    assert "fica: kept, a note" in capsys.readouterr().out
    assert main(["separators", str(tmp_path / "s.pdf")]) == Exit.OK
    assert main(["page", str(tmp_path / "s.pdf")]) == Exit.OK
    assert "retirada: folha separadora" in capsys.readouterr().out
    write_pdf(tmp_path / "b.pdf", [draw(PageKind.BLANK, 1, dpi=100)], 100)
    (tmp_path / "c.yaml").write_text(f"inbox: {tmp_path}/i\noutbox: {tmp_path}/o\nimage:\n  remove_blanks: não\n")
    assert main(["page", str(tmp_path / "b.pdf"), "--config", str(tmp_path / "c.yaml")]) == Exit.OK
    assert "fica: blank, kept by the settings" in capsys.readouterr().out


def test_what_cannot_be_read_is_said_as_the_fiscal_reads_it(tmp_path, capsys):
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.4\n")
    assert main(["page", str(tmp_path / "c.pdf")]) == Exit.PENDING
    assert "c.pdf, página 1: " in capsys.readouterr().err
    assert main(["page", str(tmp_path / "d.pdf")]) == Exit.USAGE
    assert "não existe" in capsys.readouterr().err
