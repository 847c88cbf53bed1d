"""Why a page became what it is: the true cause, and every figure that decided."""

from dataclasses import replace

import numpy as np

from itrwatch.core.codes import Code
from itrwatch.core.pages import PageOverride, kept_for
from itrwatch.imaging.analysis.analyse import analyse
from itrwatch.imaging.analysis.blank import Content, Doubt, DoubtCause, Evidence
from itrwatch.imaging.raster import Raster
from itrwatch.workers.page_reasons import kept_because, removed_because

BLANK = analyse(Raster(np.full((1169, 827), 250, np.uint8), 100.0))


def kept(override, verdict):
    return kept_because(override, replace(BLANK, blank=verdict), 0).partition(";")[0]


def test_a_white_page_has_no_marks():
    assert removed_because(PageOverride(), BLANK) == "blank 1.00: no marks"


def test_a_page_full_of_marks_says_so():
    assert kept(PageOverride(), Content()) == "content: more marks than are measured one by one"


def test_what_raised_the_doubt_is_among_the_figures():
    for evidence, figure in (
        (Evidence(specks=4, row=True), "4 specks, some of them together"),
        (Evidence(pale=2, palest_mm=3.4), "2 pale, largest pale 3.4 mm"),
        (Evidence(rhythm=0.62), "rhythm of rows 0.62"),
    ):
        assert kept(PageOverride(), Doubt(DoubtCause.FAINT, Code.PAGE_FAINT, evidence)) == f"doubt (faint): {figure}"


def test_who_asked_for_a_page_to_be_kept():
    note = kept_for("a note on it", PageOverride())
    assert kept(note, BLANK.blank) == "kept, a note on it: no marks"
    assert kept(kept_for("a note on it", PageOverride(keep=True)), BLANK.blank) == "kept, asked for: no marks"
