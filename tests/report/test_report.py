"""relatorio.html: one file that says everything, and that nothing written by others can break."""

from dataclasses import replace

import pytest

from itrwatch.core.calendar import Calendar
from itrwatch.core.codes import Code
from itrwatch.core.deadline import find_deadline
from itrwatch.core.findings import error, reminder, warning
from itrwatch.core.manifest import FileEntry, PageEntry, from_json
from itrwatch.core.pages import Encoding, PageRef
from itrwatch.core.receipts import Receipt
from itrwatch.report.rendering import size
from itrwatch.report.report import report_html
from itrwatch.report.result import ScanFile
from tests.reports import EVIL, FILES, manifest, pages, report, result, sidecar


def test_the_head_says_which_case_it_is_and_how_it_stands():
    written = sidecar(
        "secoes:\n  - notificacao: a.pdf\ncontribuinte: Boa Vista Ltda\nexercicio: 2019\nnirf: 1.234.567-8\n"
    )
    text = report(result(sidecar=written)).text
    assert "13153.720210/2019-34" in text
    assert "13153.720210-2019-34 Fazenda Boa Vista · Boa Vista Ltda · exercício 2019 · NIRF 1.234.567-8" in text
    assert "PDFs prontos." in text
    assert "Feito pelo itrwatch 0.1.0." in text


def test_the_files_have_type_title_folhas_pages_and_size():
    text = report().text
    assert "Arquivos para o e-CAC Arquivo Tipo do Documento Título Folhas Páginas Tamanho" in text
    assert "NOTI.pdf NOTIFICAÇÃO DE LANÇAMENTO deixe em branco folhas 1 a 2 2 605 KB" in text
    assert "As digitalizações ocupam 15,7 MB; os PDFs, 605 KB." in text
    assert "Digitalizações na entrada Arquivo Páginas Tamanho scan 001.pdf 4 15,7 MB Total 15,7 MB" in text


def test_the_index_names_every_part_that_a_section_is_in():
    files = tuple(replace(FILES[0], name=name) for name in ("NOTI.pdf", "NOTI2.pdf"))
    first, last = (page for page in pages() if page.outcome == "published")
    written = manifest(files=files, pages=(first, replace(last, output="NOTI2.pdf", output_page=1)))
    assert (
        "NOTIFICAÇÃO DE LANÇAMENTO (folhas 1 a 2) NOTI.pdf, página 1, NOTI2.pdf, página 1"
        in report(result(written)).text
    )


def test_no_folha_is_shown_in_two_files():
    """The manual's example in small: the impugnação has the folhas between the last of the case and the termo."""
    outputs = {1: "NOTI.pdf", 2: "NOTI.pdf", 3: "IMPUGNA.pdf", 4: "IMPUGNA.pdf", 5: "NOTI.pdf"}
    written = tuple(
        PageEntry("a.pdf", folha, None, "published", None, folha, output, 1, 0, Encoding.BITONAL)
        for folha, output in outputs.items()
    )
    impugna = FileEntry("IMPUGNA.pdf", 1, "0" * 64, 2, "IMPUGNAÇÃO", "", (3, 4))
    text = report(result(manifest(files=(*FILES, impugna), pages=written))).text
    assert "NOTIFICAÇÃO DE LANÇAMENTO deixe em branco folhas 1, 2 e 5 2" in text
    assert "IMPUGNAÇÃO deixe em branco folhas 3 a 4 2" in text


@pytest.mark.parametrize(
    ("number", "shown"), [(1, "1 byte"), (900, "900 bytes"), (620_000, "605 KB"), (15_728_640, "15,0 MB")]
)
def test_sizes_read_as_in_windows(number, shown):
    assert size(number).replace("\N{NO-BREAK SPACE}", " ") == shown


def test_the_index_stands_as_in_the_manual_and_leads_to_the_file():
    page = report()
    assert (
        "Índice do processo Documento Arquivo NOTIFICAÇÃO DE LANÇAMENTO (folhas 1 a 2) NOTI.pdf, página 1" in page.text
    )
    assert "NOTI.pdf#page=1" in page.links


def test_a_divided_file_shows_its_title_in_the_steps():
    files = tuple(
        FileEntry(name, 1, "0" * 64, 1, "IMPUGNAÇÃO", title, None)
        for name, title in (("IMPUGNA1.pdf", "Parte 1 de 2"), ("IMPUGNA2.pdf", "Parte 2 de 2"))
    )
    text = report(result(manifest(files=(*FILES, *files)))).text
    steps = text[
        text.index("Junte os documentos ao processo digital no e-CAC") : text.index("Índice do processo Documento")
    ]
    assert "Tipo do Documento Digite devagar IMPU e escolha IMPUGNAÇÃO;" in steps
    assert "Título Parte 2 de 2 Copiar Data Documento deixe em branco (opcional)" in steps
    assert steps.index("NOTI.pdf") < steps.index("IMPUGNA1.pdf") < steps.index("IMPUGNA2.pdf")


def test_the_deadline_is_reported_with_its_reasons_or_what_is_missing_for_it():
    written = sidecar("secoes:\n  - notificacao: a.pdf\nciencia: {modo: pessoal, data: 02/10/2023}\n")
    known = report(deadline=find_deadline(written.ciencia, None, Calendar())).text
    assert "Prazo da impugnação 01/11/2023 a conferir Ciência pessoal em 02/10/2023, dia da assinatura." in known
    assert "O prazo da impugnação não foi calculado: escreva no processo.yaml" in report().text


def test_the_text_for_the_termo_can_be_copied():
    page = report(result(sidecar=sidecar("secoes:\n  - notificacao: a.pdf\n")))
    assert "Uma minuta do Termo de Encaminhamento. Leia, ajuste e assine: quem responde pelo termo é você." in page.text
    assert "texto-termo" in page.ids
    assert "13153.720210/2019-34" in page.text[page.text.index("Leia, ajuste") :]


def test_findings_stand_by_weight_with_place_rule_and_the_way_to_the_picture():
    findings = (
        warning(Code.OTHER, text="a imagem está fora de foco", rule="Manual, 3", file="scan 001.pdf", page=3),
        warning(Code.OTHER, text="data do futuro", rule="Manual, 2.1", file="processo.yaml", line=4),
        reminder(Code.OTHER, text="confira se há carimbo", rule="Manual, 2"),
    )
    page = report(result(manifest(findings=findings)))
    assert "PDFs prontos, com ressalvas: confira 2 pontos abaixo antes da juntada no e-CAC." in page.text
    assert "O itrwatch encontrou scan 001.pdf, página 3 A imagem está fora de foco (Manual, 3)" in page.text
    assert "processo.yaml, linha 4 Data do futuro (Manual, 2.1)" in page.text
    assert "O que só você pode conferir Confira se há carimbo (Manual, 2)" in page.text
    assert "#p3" in page.links


def test_what_ecac_gave_back_is_named():
    text = report(result(receipts={"Recibo 1.pdf": Receipt.RECIBO})).text
    assert (
        "O que o e-CAC devolveu recibo da solicitação de juntada: Recibo 1.pdf, na pasta do processo na entrada" in text
    )


def test_older_sets_are_linked_only_if_there_are_any():
    assert "anteriores/" not in report().links
    assert "anteriores/" in report(result(before=True)).links


def test_names_and_texts_are_escaped_and_nothing_is_loaded_from_elsewhere():
    manifold = replace(
        result(
            manifest(
                pages=pages(EVIL),
                findings=(warning(Code.OTHER, text=EVIL, file=EVIL, page=1), reminder(Code.OTHER, text=EVIL)),
                folder=EVIL,
            )
        ),
        sidecar=sidecar(f"secoes:\n  - notificacao: a.pdf\ncontribuinte: '{EVIL}'\n"),
        scans=(ScanFile(EVIL, 1, 3),),
        thumbnails={PageRef(EVIL, number): b"jpeg" for number in range(1, 5)},
        receipts={EVIL: Receipt.RECIBO},
    )
    page = report(manifold)
    assert page.tags.count("img") == 5  # four pages, and the removed one large
    assert page.tags.count("script") == page.tags.count("style") == 1
    assert all(source.startswith("data:image/jpeg;base64,") for source in page.sources)
    outside = [link for link in page.links if not link.startswith("#")]
    assert set(outside) == {"../index.html", "NOTI.pdf", "NOTI.pdf#page=1", "NOTI.pdf#page=2", "processo.log"}


def test_every_jump_inside_the_report_arrives():
    page = report(
        result(
            manifest(
                findings=(warning(Code.OTHER, text="x", file="scan 001.pdf", page=2), reminder(Code.OTHER, text="y"))
            )
        )
    )
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_a_name_that_is_no_utf8_makes_a_report_all_the_same():
    odd = "Peti\udce7\udce3o.pdf"
    page = report(
        result(manifest(pages=pages(odd)), thumbnails={PageRef(odd, 1): b"jpeg"}, scans=(ScanFile(odd, 1, 4),))
    )
    assert "Peti\\xe7\\xe3o.pdf, página 1" in page.text


def test_a_manifest_reads_back_as_it_was_written():
    written = manifest(
        findings=(
            warning(Code.OTHER, text="mensagem", rule="Manual, 2", file="a.pdf", line=3),
            error(Code.OTHER, text="outra"),
        )
    )
    assert from_json(written.to_json()) == written


def test_the_page_of_a_finding_is_said_in_the_manifest():
    written = manifest(findings=(warning(Code.OTHER, text="muito clara", file="a.pdf", page=7),)).to_json()
    assert "página 7: muito clara" in written
    read = from_json(written)
    assert (read.findings[0].message, read.findings[0].page) == ("muito clara", 7)


def test_the_policy_allows_the_one_style_and_the_one_script_by_their_digests():
    raw = report_html(result()).decode()
    assert "default-src &#39;none&#39;; img-src data:; style-src &#39;sha256-" in raw
    assert "unsafe" not in raw
