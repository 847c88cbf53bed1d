"""Papers that come after the juntada was accepted: a folder of their own, only what is new, folhas that go on."""

from __future__ import annotations

import re
from dataclasses import replace
from threading import Event

import pikepdf
import pytest

from itrwatch.core.complement import named_complement, next_folder, next_lines
from itrwatch.core.manifest import Digest, Sent
from itrwatch.job.intake import read_case
from itrwatch.store.inbox import namesakes, take_snapshot
from tests.job.test_sent_set import manifest
from tests.office import CASE, scan_bytes
from tests.sidecar.test_followed_hints import Reading

FOLDER = "13153.720210-2019-34 complemento 2"
NEW = "complemento: 2\nprimeira_folha: 77\nsecoes:\n  - impugnacao: nova.pdf\n"
NOTI = "secoes:\n  - notificacao: n.pdf\n"


def labels(path):
    with pikepdf.open(path) as pdf:
        return [pdf.pages[number].label for number in range(len(pdf.pages))]


def report(office, name):
    html = (office.out(name) / "relatorio.html").read_text("utf-8")
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_only_what_is_new_is_published_and_its_folhas_go_on(office):
    office.case(NEW, FOLDER, nova_pdf=scan_bytes("I1", "I2"))
    made = office.do(FOLDER)
    assert [(file.name, file.type, file.title, file.folhas) for file in made.files] == [
        ("IMPUGNA.pdf", "IMPUGNAÇÃO", "", (77, 78))
    ]
    assert labels(office.out(FOLDER) / "IMPUGNA.pdf") == ["77", "78"]
    assert made.complemento == 2
    said = [str(finding) for finding in made.findings]
    assert not [line for line in said if "falta" in line or "não há TIF" in line]
    assert any("protocolo do recebimento" in line for line in said)  # what the new papers themselves need


def test_its_report_has_its_own_steps(office):
    office.case(NEW, FOLDER, nova_pdf=scan_bytes("I1"))
    office.do(FOLDER)
    text = report(office, FOLDER)
    assert "Junte o complemento ao processo digital no e-CAC" in text
    assert "a disponibilização não é solicitada de novo" in text
    assert "Requerimentos Web" not in text
    assert "Encaminha-se à Receita Federal do Brasil o complemento do processo nº 13153.720210/2019-34" in text
    assert "solicite antes a disponibilização" not in text
    assert "Se o processo não consta na lista, entre em contato pelo e-mail equipeitr@rfb.gov.br." in text
    assert "numeradas de 77 a 78" in text  # the termo itself is the last of them
    assert "13153.720210-2019-34 complemento 3" in text
    assert "complemento: 3\nprimeira_folha: 78" in (office.out(FOLDER) / "relatorio.html").read_text("utf-8")


def test_the_case_that_was_accepted_says_how_to_go_on(office):
    office.case(NOTI.replace("n.pdf", "noti.pdf"), noti_pdf=scan_bytes("N1", "N2"))
    made = office.do()
    assert (next_folder(made), next_lines(made)) == (FOLDER, "complemento: 2\nprimeira_folha: 3")
    assert FOLDER in report(office, CASE)


def test_after_a_change_the_number_is_not_guessed():
    sent = Sent(1, "", "", (Digest("NOTI.pdf", "old"),))
    assert "primeira_folha" not in next_lines(manifest(("NOTI.pdf", "new"), sent=sent))  # without numbers there is none
    assert next_lines(manifest(("NOTI.pdf", "old"), sent=sent)) == "complemento: 2"


@pytest.mark.parametrize(
    ("folder", "juntada"),
    [
        (FOLDER, 2),
        ("13153.720210-2019-34 Complemento", 2),
        ("13153.720210-2019-34 - COMPLEMENTO nº 3 - Boa Vista", 3),
        ("13153.720210-2019-34 complementação", 2),
        (CASE, None),
    ],
)
def test_the_name_of_the_folder_says_that_it_is_one(folder, juntada):
    assert named_complement(folder) == juntada


def test_the_two_folders_are_not_taken_for_one_case_copied_twice():
    assert namesakes([CASE, FOLDER]) == {}
    assert namesakes([CASE, FOLDER, "13153.720210-2019-34 b"]) == {
        CASE: ("13153.720210-2019-34 b",),
        "13153.720210-2019-34 b": (CASE,),
    }


def test_its_draft_asks_for_no_notificacao(office):
    office.case(None, FOLDER, papeis_pdf=scan_bytes("X"))
    office.do(FOLDER)
    draft = (office.out(FOLDER) / "processo.yaml").read_text("utf-8-sig")
    assert "\ncomplemento: 2 " in draft
    assert "notificacao:" not in "".join(line for line in draft.splitlines() if not line.startswith("#"))
    assert "OBRIGATÓRIA" not in draft


@pytest.mark.parametrize(
    ("text", "sentence", "fix"),
    [
        (
            "primeira_folha: 77\n" + NOTI,
            "“primeira_folha” vale só num complemento; acrescente a linha “complemento: 2”, ou apague esta",
            "",
        ),
        (
            "complemento: 1\n" + NOTI,
            "a primeira juntada não é complemento: é o próprio processo; escreva “complemento: 2”, ou apague a linha",
            "complemento: 2",
        ),
        (
            "complemento: sim\n" + NOTI,
            "não entendi “sim” em “complemento”; escreva o número da juntada, por exemplo “complemento: 2”",
            "",
        ),
        ("complemento:\n" + NOTI, "falta o número da juntada; escreva “complemento: 2”", "complemento: 2"),
        (
            "secoes:\n  - tipo: notificacao\n    arquivo: n.pdf\n    complemento: 2\n",
            (
                "“complemento” vale para a pasta inteira, e não para um item; o que é novo depois de uma juntada aceita vai numa pasta "
                "própria, com “complemento: 2” e “primeira_folha” em linhas sem espaços no começo"
            ),
            "",
        ),
        (
            "secoes:\n  - tipo: notificacao\n    arquivo: n.pdf\n    exercicio: 2019\n",
            (
                "“exercicio” vale para a pasta inteira, e não para um item; se há uma notificação para cada exercício, faça uma pasta para "
                "cada uma, com a ciência dela; se é uma só, ponha a linha no fim do arquivo, sem espaços no começo"
            ),
            "",
        ),
    ],
)
def test_what_cannot_be_meant_is_reported(text, sentence, fix):
    (fault,) = Reading(text, {"n.pdf": 2}).errors
    assert fault.message == sentence
    assert fault.proposal == fix


def test_folhas_that_begin_at_one_are_reported(office):
    office.case("complemento: 2\nsecoes:\n  - impugnacao: nova.pdf\n", FOLDER, nova_pdf=scan_bytes("I1"))
    said = [str(finding) for finding in office.do(FOLDER).findings]
    assert any("as folhas do complemento começam em 1" in line for line in said)


def test_two_notificacoes_each_with_its_ciencia_are_refused_and_the_order_that_the_sentence_names_is_taken(office):
    text = "secoes:\n  - notificacao: a.pdf 1\n  - ciencia: a.pdf 2\n  - notificacao: a.pdf 3\n  - ciencia: a.pdf 4\n"
    office.case(text, a_pdf=scan_bytes("N1", "C1", "N2", "C2"))
    refused = office.do()
    assert not refused.published
    said = [str(finding) for finding in refused.findings if finding.code == "several-notificacoes"]
    assert len(said) == 1
    assert said[0].startswith("processo.yaml:4: há mais de uma notificação, cada uma com a sua ciência")
    lines = text.splitlines()
    office.case("\n".join([lines[0], lines[1], lines[3], lines[2], lines[4], ""]))
    taken = office.do()
    assert not [finding for finding in taken.findings if finding.code == "several-notificacoes"]
    assert [(page.page, page.folha) for page in taken.pages] == [(1, 1), (3, 2), (2, 3), (4, 4)]


def test_folders_with_one_number_are_reported_in_one_sentence(office):
    folder = office.case(NOTI.replace("n.pdf", "noti.pdf"), noti_pdf=scan_bytes("N1"))
    for names, said in (
        (("x b",), "o mesmo número de processo está também na pasta “x b” da entrada: "),
        (
            ("b", "c", "d", "e", "f"),
            "o mesmo número de processo está também nas pastas “b”, “c”, “d” e em outras 2 da entrada: ",
        ),
    ):
        case = read_case(replace(take_snapshot(folder), namesakes=names), office.pool, Event())
        assert [finding.message.startswith(said) for finding in case.findings if finding.code == "namesake"] == [True]
