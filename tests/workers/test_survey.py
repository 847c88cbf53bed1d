"""What a page is, without a title that says it."""

import numpy as np

from itrwatch.core.pages import PageRef
from itrwatch.core.proposal import Heading
from itrwatch.core.sections import Section
from itrwatch.demo.scanner import write_pdf
from itrwatch.demo.sheet import Sheet
from itrwatch.reading.page import PageText
from itrwatch.workers import survey_task
from itrwatch.workers.survey_task import see_page
from itrwatch.workers.tasks import SurveyTask

ASKS = (
    "Para a revisão da DITR de 2019 do imóvel Santa Rita, solicitamos a Vossa Senhoria que apresente, no prazo de vinte dias, o laudo de avaliação "
    "da terra nua e a certidão do registro de imóveis."
)
SENDS = (
    "Encaminha-se à Receita Federal do Brasil o processo do contribuinte acima, com as suas setenta e seis folhas. Não houve impugnação. O processo "
    "em papel será arquivado neste Município."
)


def test_a_text_begins_a_document_only_under_a_heading_and_a_termo_also_without(tmp_path):
    pages = []
    for heading, text in (("OFÍCIO", ASKS), ("", ASKS), ("", SENDS)):
        sheet = Sheet(np.random.default_rng(6), 200)
        sheet.write(80, 40, heading, 13, bold=True)
        sheet.paragraph(25, 60, 160, text, 12)
        pages.append(sheet.image)
    write_pdf(tmp_path / "scan.pdf", pages, 200)
    seen = [see_page(SurveyTask(tmp_path, PageRef("scan.pdf", page), headings=True, body=True)) for page in (1, 2, 3)]
    assert [page.heading for page in seen] == [Heading(Section.TIF, body=True), None, Heading(Section.TERMO, body=True)]


def test_words_that_were_read_with_doubt_count_for_what_a_page_speaks_of(tmp_path, monkeypatch):
    """On a black and white scan “dias” was doubtful, and without it nothing said that the ofício asks for documents within a time."""
    sheet = Sheet(np.random.default_rng(6), 200)
    sheet.write(80, 40, "OFÍCIO", 13, bold=True)
    sheet.paragraph(25, 60, 160, ASKS, 12)
    write_pdf(tmp_path / "scan.pdf", [sheet.image], 200)

    def doubting(upright):
        read = reads(upright)
        doubtful = tuple(word.text for word in read.words if word.text == "prazo" or word.text.startswith("dias"))
        return PageText(tuple(word for word in read.words if word.text not in doubtful), doubtful)

    reads = survey_task.read_text
    monkeypatch.setattr(survey_task, "read_text", doubting)
    seen = see_page(SurveyTask(tmp_path, PageRef("scan.pdf", 1), headings=True, body=True))
    assert seen.heading == Heading(Section.TIF, body=True)
