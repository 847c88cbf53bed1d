"""A case at one glance: state, what to do, deadline, next step, what is late."""

from __future__ import annotations

from datetime import date

import pytest

from itrwatch.core.andamento import Stage
from itrwatch.core.calendar import Calendar
from itrwatch.core.case_summary import CaseState, case_summary, state_sentence
from itrwatch.core.codes import Code
from itrwatch.core.findings import error, reminder, warning
from itrwatch.core.manifest import FileEntry, Manifest
from itrwatch.core.manual import Paragraph
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.sidecar.yaml_tree import read

CIENCIA = "ciencia: {modo: pessoal, data: 17/08/2026, documentos: [assinatura, identidade]}\n"
"""The period ends on 14/09/2026 by the calendar that knows weekends only."""
REQUESTED = "andamento:\n  - requerimento: 16/09/2026\n"


def manifest(*findings, published=True, fingerprint="a:b"):
    files = (FileEntry("NOTI.pdf", 1, "", 1, "NOTI", "", None),) if published else ()
    return Manifest("13153.720210/2019-34", "x", fingerprint, "1", files=files, findings=findings)


def summary(more="", *findings, today="2026-09-10", **record):
    got = read_sidecar(
        read(("secoes:\n  - notificacao: n.pdf\n" + more).encode(), "processo.yaml").node, "processo.yaml"
    )
    assert got.sidecar, got.findings
    return case_summary(manifest(*findings, **record), got.sidecar, Calendar(), date.fromisoformat(today))


@pytest.mark.parametrize(
    ("findings", "published", "state", "sentence"),
    [
        ([reminder(Code.OTHER, text="x")], True, CaseState.READY, "PDFs prontos."),
        (
            [warning(Code.OTHER, text="x")],
            True,
            CaseState.RESERVATIONS,
            "PDFs prontos, com ressalvas: confira um ponto abaixo antes da juntada no e-CAC.",
        ),
        (
            [warning(Code.OTHER, text="x"), warning(Code.OTHER, text="y"), reminder(Code.OTHER, text="z")],
            True,
            CaseState.RESERVATIONS,
            "PDFs prontos, com ressalvas: confira 2 pontos abaixo antes da juntada no e-CAC.",
        ),
        (
            [error(Code.OTHER, text="x")],
            False,
            CaseState.PENDING,
            "Pendente: nada foi publicado. Corrija na pasta da entrada o que está marcado abaixo.",
        ),
    ],
)
def test_the_state_in_one_sentence(findings, published, state, sentence):
    assert state_sentence(manifest(*findings, published=published)) == (state, sentence)


def test_a_case_within_the_period():
    seen = summary(CIENCIA)
    assert seen.state is CaseState.READY
    assert seen.deadline.latest == date(2026, 9, 14)
    assert seen.deadline_text == "termina em 14/09/2026, faltam 4 dias (a conferir)"
    assert seen.step.stage is Stage.TOO_EARLY
    assert seen.todo == (
        "Aguarde o prazo da impugnação: a disponibilização do processo no e-CAC pode ser solicitada a partir de 15/09/2026 (a "
        "conferir)."
    )
    assert (seen.overdue, seen.events, seen.faults) == ("", (), ())


def test_points_to_look_at_come_before_the_next_step_until_the_files_are_attached():
    seen = summary(REQUESTED, warning(Code.OTHER, text="x"), today="2026-09-17")
    assert seen.todo == (
        "Confira um ponto no relatório. Aguarde a Receita disponibilizar o processo, até 23/09/2026. "
        + Paragraph.FASE_CONVERTER.says
        + " Quando ele aparecer, anote “disponibilizado” em “andamento”."
    )
    attached = summary(
        "andamento:\n  - juntada: 16/09/2026 protocolo 7\n", warning(Code.OTHER, text="x"), today="2026-09-17"
    )
    assert attached.todo.startswith("Em análise na Receita desde 16/09/2026 (protocolo 7)")


def test_a_request_without_an_answer_is_overdue():
    seen = summary(REQUESTED, today="2026-09-24")
    assert seen.overdue == "A disponibilização foi solicitada em 16/09/2026; os 5 dias úteis terminaram em 23/09/2026."
    assert [str(event.evento) for event in seen.events] == ["requerimento"]


def test_an_impugnacao_speaks_for_the_deadline():
    seen = summary(CIENCIA + "impugnacao: {data: 14/09/2026}\n")
    assert seen.deadline_text == "impugnação de 14/09/2026, dentro do prazo (a conferir)"
    late = summary(CIENCIA + "impugnacao: {data: 15/09/2026}\n")
    assert late.deadline_text == "petição de 15/09/2026, depois do último dia (a conferir)"


def test_a_pending_case_has_no_next_step_in_the_receita():
    seen = summary(
        REQUESTED, error(Code.OTHER, text="x"), error(Code.OTHER, text="y"), published=False, today="2030-01-01"
    )
    assert (seen.step, seen.overdue, seen.state) == (None, "", CaseState.PENDING)
    assert seen.sentence.startswith("Pendente: nada foi publicado.")
    assert seen.todo == "Corrija 2 pontos na pasta da entrada; veja PENDENTE.txt."
    assert (
        summary("", error(Code.OTHER, text="x"), published=False).todo
        == "Corrija um ponto na pasta da entrada; veja PENDENTE.txt."
    )


def test_a_withdrawn_set_is_being_made_again():
    seen = summary("", error(Code.OTHER, text="x"), published=False, fingerprint="")
    assert seen.sentence == (
        "Em preparação: a pasta mudou na entrada, e os PDFs estão sendo refeitos. Não é preciso fazer nada."
    )
    assert seen.todo == "Nada: os PDFs estão sendo refeitos."


def test_without_a_sidecar_or_a_ciencia_nothing_is_made_up():
    seen = case_summary(manifest(), None, Calendar(), date(2026, 9, 10))
    assert (seen.deadline, seen.deadline_text, seen.events) == (None, "", ())
    assert seen.todo == Paragraph.QUANDO_SOLICITAR.says


def test_faults_of_andamento_are_reported_here_for_the_report_is_not_made_again():
    seen = summary("andamento:\n  - requerimento: 31/02/2026\n  - juntada: 10/09/2027 protocolo 7\n")
    assert [str(fault) for fault in seen.faults] == [
        "processo.yaml:4:19: a data “31/02/2026” não existe no calendário; confira o dia e o mês",
        "processo.yaml:5:5: a data de “juntada”, 10/09/2027, ainda não chegou; confira o dia e o ano",
    ]


def test_what_happened_today_is_no_date_that_has_yet_to_come():
    assert summary("andamento:\n  - requerimento: 10/09/2026\n", today="2026-09-10").faults == ()
    assert len(summary("andamento:\n  - requerimento: 11/09/2026\n", today="2026-09-10").faults) == 1
