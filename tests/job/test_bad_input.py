"""Bad input: PENDENTE.txt says where, what and what to do; nothing is published; other cases go on."""

import os

import pytest
from PIL import Image

from itrwatch.core.findings import Severity
from tests.office import CASE, page, scan_bytes

GOOD = "secoes:\n  - notificacao: noti.pdf\n"
SCAN = {"noti_pdf": scan_bytes(page("N1", lines=6), page("N2", lines=6))}


@pytest.mark.parametrize(
    ("sidecar", "sentence"),
    [
        (
            "secoes:\n  - notificacao: notii.pdf\n",
            "processo.yaml:2:18: o arquivo “notii.pdf” não está na pasta; você quis dizer “noti.pdf”?",
        ),
        (
            "secoes:\n  - notificacao: capa da pasta.pdf\n",
            "processo.yaml:2:18: o arquivo “capa da pasta.pdf” não está na pasta; confira o nome ou copie o arquivo para a pasta",
        ),
        (
            "secoes:\n  - notificacao: noti.pdf\n  - ditr: Processo.yaml\n",
            "processo.yaml:3:11: “Processo.yaml” é o arquivo em que você escreve isto, não uma digitalização: ponha aqui o nome de um arquivo escaneado",
        ),
        (
            "secoes:\n  - notificacao: noti.pdf 1-3\n",
            "processo.yaml:2:27: “noti.pdf”: a página 3 não existe: o arquivo só tem 2 páginas; confira o número da página, e se a digitalização está completa",
        ),
        (
            "secoes:\n  - notificacao: noti.pdf 1-2\n  - termo: noti.pdf 2\n",
            (
                "processo.yaml:3:12: a página 2 de “noti.pdf” já foi usada na linha 2; "
                "cada página entra uma vez só: corrija um dos dois intervalos"
            ),
        ),
        ("secoes:\n  - notificassao: noti.pdf\n", "“notificacao”"),
        ("", "vazio"),
        ("secoes: [\n", "processo.yaml:"),
        (
            GOOD + "processo: 13153.720210/2019-35\n",
            (
                "processo.yaml:3:11: o número do processo “13153.720210/2019-35” não é o da pasta (13153.720210/2019-34); "
                "corrija um dos dois"
            ),
        ),
        (
            "secoes:\n  - tipo: notificacao\n    arquivo: noti.pdf\n    paginas: 1\n    girar: {2: 90}\n",
            "não está entre as páginas deste item (1); confira o número",
        ),
        ("secoes:\n  - notificacao: ../outro/noti.pdf\n", "processo.yaml:2:18"),
        ("secoes:\n  - notificacao: /etc/passwd\n", "processo.yaml:2:18"),
    ],
)
def test_a_fault_of_the_sidecar_is_reported_with_its_line(office, sidecar, sentence):
    office.case(sidecar, **SCAN)
    manifest = office.do()
    assert not manifest.published
    assert manifest.files == ()
    assert any(f.severity is Severity.ERROR for f in manifest.findings)
    assert sentence in office.pending()
    assert not list(office.out().glob("*.pdf"))


def test_a_scan_with_a_wrong_page_number_is_not_called_unused(office):
    office.case("secoes:\n  - notificacao: noti.pdf 1-9\n", **SCAN)
    office.do()
    assert "a página 9 não existe" in office.pending()
    assert "fora de todas as seções" not in office.pending()


def test_all_faults_are_reported_at_once(office):
    office.case("secoes:\n  - notificacao: a.pdf\n  - termo: noti.pdf 9\n  - ditr: b.pdf\n", **SCAN)
    office.do()
    assert office.pending().count("processo.yaml:") == 3


def test_faults_of_the_writing_and_of_what_is_written_are_reported_together(office):
    office.case("secoes:\n  - notificacao: a.pdf\n  - termo: noti.pdf 2,2\n  - tifo: noti.pdf\n", **SCAN)
    office.do()
    text = office.pending()
    assert "“a.pdf” não está na pasta" in text
    assert "a página 2 aparece duas vezes" in text
    assert "você quis dizer “tif”?" in text


def test_a_folder_without_a_sidecar_says_what_to_write(office):
    office.case(None, **SCAN)
    office.do()
    assert "baixa o processo.yaml pronto" in " ".join(office.pending().split())


def test_two_sidecars_are_one_too_many(office):
    folder = office.case(GOOD, **SCAN)
    (folder / "Processo.YML").write_text(GOOD)
    office.do()
    assert (
        "há dois arquivos de descrição, “Processo.YML” e “processo.yaml”; deixe só um deles na pasta"
        in office.pending()
    )


def test_a_folder_without_a_process_number(office):
    office.case(GOOD, name="Fazenda Boa Vista", **SCAN)
    office.do("Fazenda Boa Vista")
    assert "o nome da pasta “Fazenda Boa Vista” não traz o número do processo" in office.pending("Fazenda Boa Vista")


def test_a_wrong_check_digit_is_only_a_warning(office):
    office.case(GOOD, name="11183721321212132", **SCAN)
    manifest = office.do("11183721321212132")
    assert manifest.published
    assert any("dígitos verificadores" in f.message and "62" in f.message for f in manifest.findings)


def test_a_truncated_scan_is_never_published_short(office):
    data = scan_bytes("N1", "N2", "N3")
    for share in (0.3, 0.6, 0.9, 0.99):
        office.case(GOOD, noti_pdf=data[: int(len(data) * share)])
        assert not office.do().published
        assert "noti.pdf" in office.pending()


def test_a_file_that_is_not_what_its_name_says(office):
    office.case(GOOD, noti_pdf=b"MZ\x90\0 this is a program")
    assert not office.do().published
    assert "noti.pdf: " in office.pending()


@pytest.mark.parametrize(
    ("name", "word"),
    [("qpdf_enc-R3,V2,U=view,O=view.pdf", "senha"), ("qpdf_empty.pdf", "página")],
)
def test_corpus_files_that_cannot_be_used_get_their_sentence(office, corpus, name, word):
    office.case(GOOD, noti_pdf=(corpus / "hostile" / name).read_bytes())
    assert not office.do().published
    assert word in office.pending()


def test_a_symbolic_link_is_refused(office, tmp_path):
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(SCAN["noti_pdf"])
    folder = office.case(GOOD)
    (folder / "noti.pdf").symlink_to(secret)
    assert not office.do().published
    assert "é um link simbólico (atalho), que não é seguido" in office.pending()


def test_a_pipe_is_refused_and_not_waited_for(office):
    folder = office.case(GOOD)
    os.mkfifo(folder / "noti.pdf")
    assert not office.do().published
    assert "não é um arquivo comum" in office.pending()


def test_a_broken_file_that_no_section_uses_is_only_a_warning(office):
    office.case(GOOD, sobra_pdf=b"%PDF-1.4 nothing", **SCAN)
    manifest = office.do()
    assert manifest.published
    assert any(f.file == "sobra.pdf" and f.severity is Severity.WARNING for f in manifest.findings)


def test_a_damaged_page_that_the_sidecar_removes_does_not_block_the_case(office, tmp_path):
    picture = Image.new("L", (400, 500), 200)
    picture.save(tmp_path / "x.png")
    broken = (tmp_path / "x.png").read_bytes()[:-30]
    sidecar = GOOD + "  - tipo: termo\n    arquivo: termo.png\n    remover: [1]\n"
    office.case(sidecar, termo_png=broken, **SCAN)
    text = errors_or_pending(office)
    assert "termo.png" in text


def errors_or_pending(office):
    manifest = office.do()
    return office.pending() if not manifest.published else " ".join(str(f) for f in manifest.findings)


def test_the_correction_takes_the_note_away(office):
    folder = office.case("secoes:\n  - notificacao: x.pdf\n", **SCAN)
    assert not office.do().published
    (folder / "processo.yaml").write_text(GOOD)
    assert office.do().published
    assert not (office.out() / "PENDENTE.txt").exists()
    assert not (office.out() / "anteriores").exists()


def test_a_published_case_that_becomes_wrong_shows_no_pdf_any_more(office):
    folder = office.case(GOOD, **SCAN)
    assert office.do().published
    (folder / "noti.pdf").unlink()
    assert not office.do().published
    assert not list(office.out().glob("*.pdf"))
    assert len(list((office.out() / "anteriores").glob("*/NOTI.pdf"))) == 1


def test_the_windows_sidecar_in_cp1252_is_read_with_a_warning(office):
    office.case("secoes:\r\n  - notificação: noti.pdf\r\n".encode("cp1252"), **SCAN)
    manifest = office.do()
    assert manifest.published
    assert any(f.file == "processo.yaml" and f.severity is Severity.WARNING for f in manifest.findings)


def test_names_are_matched_whatever_their_case_and_unicode_form(office):
    folder = office.case("secoes:\n  - notificacao: Notificação.PDF\n")
    (folder / "notificac\u0327a\u0303o.pdf").write_bytes(SCAN["noti_pdf"])
    assert office.do().published


__all__ = ["CASE"]
