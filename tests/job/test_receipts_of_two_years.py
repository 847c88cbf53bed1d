"""Pages of one form that differ in a figure are not one sheet scanned twice: the advice is to remove a page."""

import numpy as np
import pytest

from itrwatch.core.codes import Code
from itrwatch.core.encoded_page import Box, Word
from itrwatch.demo import texts
from itrwatch.demo.paper import scan
from itrwatch.demo.sheet import Sheet
from itrwatch.reading.other_figures import other_figures
from tests.office import scan_bytes


def receipt(year, *, glass):
    """A receipt of a declaration, as it lies on the ``glass`` of the scanner."""
    sheet, chance = Sheet(np.random.default_rng(1), 200), np.random.default_rng(1)
    sheet.write(sheet.width / 2, 25, "RECIBO DE ENTREGA DA DECLARAÇÃO DO ITR", 13, bold=True, anchor="ms")
    sheet.write(25, 40, f"Exercício {year}", 10)
    y = 50.0
    for text in texts.audit_paragraphs(chance, 6):
        y = sheet.paragraph(25, y, 160, text, 10) + 2.5
    return scan(sheet.image, glass, 200, skew=0.2 * glass - 0.3)


@pytest.mark.parametrize(("year", "twice"), [(2019, True), (2018, False)])
def test_the_receipt_of_another_year_is_another_sheet(office, year, twice):
    office.case(
        "secoes:\n  - notificacao: a.pdf\n  - ditr: b.pdf\n",
        a_pdf=scan_bytes("N1"),
        b_pdf=scan_bytes(receipt(2019, glass=1), receipt(year, glass=2), dpi=200),
    )
    assert [f.page for f in office.do().findings if f.code is Code.SHEET_TWICE] == [2] * twice


def words(*placed, down=0.0):
    return [Word(text, Box(left, top + down, left + 30, top + 10 + down), 0) for text, left, top in placed]


ROW = ("Exercício", 50, 100), ("2019", 100, 100), ("3.412,50", 100, 110)


@pytest.mark.parametrize(
    ("other", "differ"),
    [
        (words(*ROW), False),
        (words(*ROW, down=14), False),  # lies lower on the glass, by more than a row
        (words(ROW[0], ("2018", 100, 100), ROW[2]), True),
        (words(ROW[0], ("2018", 100, 100), ROW[2], down=14), True),
        (words(ROW[0], ROW[1]), False),  # a figure that was read with doubt
        (words(ROW[0], ROW[1], ("12,50", 100, 110)), False),  # in part
        (words(ROW[0], ROW[1], ("3.412.50", 100, 110)), False),  # its digits are the same
        (words(("2018", 100, 100)), False),  # nothing to lay one over the other by
        ((), False),
    ],
)
def test_only_a_certain_figure_at_the_place_of_another_tells_pages_apart(other, differ):
    assert other_figures(words(*ROW), other) is differ
    assert other_figures(other, words(*ROW)) is differ
