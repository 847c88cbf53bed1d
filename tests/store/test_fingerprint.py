"""What of a folder the PDFs depend on: notes of ``andamento`` and papers from e-CAC do not make them anew."""

import pytest

from itrwatch.core.receipts import Receipt, find_receipts, receipt_of
from itrwatch.job.worker_failures import failure_sentence
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.sidecar.without_andamento import without_andamento
from itrwatch.sidecar.yaml_tree import read
from itrwatch.store.fingerprint import panel_sidecar, relevant_inputs
from itrwatch.workers.pool import Failed, NoResult

SIDECAR = """\
secoes:
  - notificacao: noti.pdf 1
  - ciencia: noti.pdf 2
contribuinte: Fazenda Boa Vista
"""


@pytest.mark.parametrize(
    ("name", "receipt"),
    [
        ("recibo.pdf", Receipt.RECIBO),
        ("RECIBO de entrega.PDF", Receipt.RECIBO),
        ("termo_de_analise.pdf", Receipt.TERMO_ANALISE),
        ("Termo de Análise.pdf", Receipt.TERMO_ANALISE),
        ("Termo de Ana\u0301lise.pdf", Receipt.TERMO_ANALISE),
        ("termo.pdf", None),
        ("meu recibo.pdf", None),
        ("recibo.jpg", None),
        ("analise.pdf", None),
    ],
)
def test_papers_from_ecac_are_known_by_their_names(name, receipt):
    assert receipt_of(name) is receipt
    assert find_receipts([name], None) == ({name: receipt} if receipt else {})


def test_lines_that_pdfs_depend_on():
    kept = "secoes:\n  - notificacao: n.pdf"
    assert without_andamento(kept) == kept
    assert without_andamento(f"  {kept.replace(chr(10), chr(10) + '  ')}\n  andamento:\n    - aceita: 1\n") == (
        "  secoes:\n    - notificacao: n.pdf"
    )
    assert without_andamento(f"---\n{kept}\nandamento:\nprocesso: 1") == f"---\n{kept}\nprocesso: 1"
    assert without_andamento("{secoes: [], andamento: []}") == "{secoes: [], andamento: []}"
    assert without_andamento("") == ""


def test_of_what_is_no_text_every_byte_counts():
    assert relevant_inputs(b"%PDF-1.4 recibo", ["recibo.pdf"]).text == b"%PDF-1.4 recibo"
    assert relevant_inputs(b"%PDF-1.4 recibo", ["recibo.pdf"]).receipts == {}


def test_without_a_sidecar_a_receipt_is_known_all_the_same():
    assert relevant_inputs(None, ["recibo.pdf", "noti.pdf"]).receipts == {"recibo.pdf": Receipt.RECIBO}


def test_the_panel_shows_a_case_whose_andamento_cannot_be_read():
    sidecar, errors = panel_sidecar((SIDECAR + "andamento: [\n").encode(), "processo.yaml")
    assert sidecar is not None
    assert sidecar.contribuinte is not None
    assert sidecar.contribuinte.text == "Fazenda Boa Vista"
    assert [error.line for error in errors] == [6]  # where the bracket is still open
    sidecar, errors = panel_sidecar(SIDECAR.encode(), "processo.yaml")
    assert (sidecar is not None, errors) == (True, ())


def test_a_paper_that_a_section_may_mean_is_a_page_of_the_case():
    def receipts(source, *names):
        text = f"secoes: [notificacao: n.pdf, impugnacao: {source}]"
        return find_receipts(names, read_sidecar(read(text.encode(), "x").node, "x").sidecar)

    assert receipts("i.pdf", "n.pdf", "recibo.pdf") == {"recibo.pdf": Receipt.RECIBO}
    assert receipts("RECIBO", "n.pdf", "recibo.pdf") == {}
    assert receipts("recibo", "n.pdf", "recibo.pdf", "Recibo.pdf") == {}  # which of the two is not known
    assert receipts("recibo 2.pdf", "n.pdf", "recibo.pdf") == {"recibo.pdf": Receipt.RECIBO}  # no such file
    assert list(receipts("i.pdf", "termo de analise.pdf", "recibo.pdf")) == ["recibo.pdf", "termo de analise.pdf"]
    assert receipts("recibo*.pdf", "n.pdf", "recibo 1.pdf", "recibo 2.pdf") == {}
    assert receipts("recibo 3", "n.pdf", "recibo.pdf") == {}  # page 3 of it
    backs = "{arquivo: i.pdf, versos: recibo.pdf}"
    assert receipts(backs, "n.pdf", "i.pdf", "recibo.pdf") == {}


def test_notes_are_left_out_wherever_they_stand_and_nothing_else_is():
    kept = "secoes:\n- notificacao: n.pdf\nprocesso: 1"
    notes = "andamento:\n- requerimento: 10/02/2024\n# de um mês\n\n- juntada: 16/02/2024"
    for text in (f"{notes}\n{kept}", f"{kept}\n{notes}", f"# caso 7\n{kept}\n\n{notes}\n"):
        assert without_andamento(text) == kept
    braces = "Andamento: {\n  aceita: 1\n}\n'andamento': [\n  aceita: 1\n]"
    assert without_andamento(f"---\n{braces}\n{kept}") == f"---\n{kept}"
    deeper = "  secoes:\n    - notificacao: n.pdf\n    - andamento: a.pdf"
    assert without_andamento(deeper) == deeper
    assert without_andamento("- andamento:\n") == "- andamento:"


@pytest.mark.parametrize(
    ("failed", "begins"),
    [
        (
            Failed(NoResult.KILLED, "SIGKILL"),
            "o sistema encerrou duas vezes o programa que lê esta página; em geral falta memória",
        ),
        (Failed(NoResult.CRASHED, "SIGSEGV"), "o arquivo derrubou duas vezes o programa que o lê (SIGSEGV)"),
        (Failed(NoResult.CPU, "SIGXCPU"), "a página exige cálculo demais do computador e foi interrompida"),
        (Failed(NoResult.CLOCK), "a página demorou demais e foi interrompida: ou ela é pesada demais"),
        (Failed(NoResult.MEMORY), "a página não coube na memória do computador"),
        (Failed(NoResult.BUG, trace="Traceback"), "falha interna do itrwatch ao ler o arquivo; avise o administrador"),
    ],
)
def test_work_that_ended_without_an_answer_is_reported_with_what_to_do(failed, begins):
    assert failure_sentence(failed).startswith(begins)
