"""After the juntada: what the fiscal notes in ``andamento``, and the next step of the manual."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itrwatch.core.andamento import Stage, agenda, last_event, next_step
from itrwatch.core.calendar import Calendar, Holiday
from itrwatch.core.case_description import Andamento, CienciaInfo, Event, Evento
from itrwatch.core.deadline import find_deadline
from itrwatch.core.ecac import Phase
from itrwatch.core.findings import Severity
from itrwatch.core.tree import START
from itrwatch.sidecar.events import Modo
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.sidecar.yaml_tree import read

EXAMPLE = "“- requerimento: 10/02/2024” ou “- juntada: {data: 16/02/2024, protocolo: 123456}”"
NOTI = "secoes:\n  - notificacao: n.pdf\n"
PLAIN = Calendar()


def andamento(text):
    """What is read of a sidecar whose line 3 begins ``andamento``."""
    got = read_sidecar(read((NOTI + text).encode(), "processo.yaml").node, "processo.yaml")
    assert got.sidecar is not None, got.findings
    return got.sidecar.andamento or Andamento()


def messages(text):
    return [f"{f.line}:{f.column} {f.message}" for f in andamento(text).findings]


def events(text):
    return [
        (str(e.evento), e.data and e.data.strftime("%d/%m/%Y"), e.protocolo or e.motivo) for e in andamento(text).events
    ]


ALL = [
    ("requerimento", "10/02/2024", ""),
    ("disponibilizado", "15/02/2024", ""),
    ("juntada", "16/02/2024", "123456"),
    ("rejeitada", "20/02/2024", "tipo do documento errado"),
    ("juntada", "21/02/2024", "123457"),
    ("aceita", "26/02/2024", ""),
]


@pytest.mark.parametrize(
    "text",
    [
        """\
andamento:
  - requerimento: 10/02/2024
  - disponibilizado: 15/02/2024
  - juntada: {data: 16/02/2024, protocolo: 123456}
  - rejeitada: {data: 20/02/2024, motivo: tipo do documento errado}
  - juntada: {data: 21/02/2024, protocolo: 123457}
  - aceita: 26/02/2024
""",
        """\
Andamento:
- Requerido: 10-02-2024
- disponível: 2024-02-15
- Juntada: 16/02/2024 protocolo 123456
- Rejeição: 20/02/2024, motivo tipo do documento errado
- juntada: 21/02/2024 (protocolo nº 123457)
- Aceito: 26 de fevereiro de 2024
""",
        """\
andamento:
  - evento: requerimento
    data: 10/02/2024
  - data: 15/02/2024
    evento: disponibilizado
  - juntada: 16/02/2024
    protocolo: 123456
  - rejeitada: 20/02/2024 tipo do documento errado
  - juntada:
      data: 21/02/2024
      protocolo: "123457"
    aceita: 26/02/2024
""",
    ],
)
def test_the_same_events_in_many_spellings(text):
    assert events(text) == ALL
    assert messages(text) == []


def test_a_detail_that_is_a_list_is_reported_and_counts_as_not_given():
    assert messages("andamento:\n  - rejeitada: {data: 16/02/2024, motivo: [a]}\n") == [
        "4:5 anote também o motivo da rejeição: “motivo: tipo do documento errado”",
        "4:43 “motivo” leva um valor só; escreva o texto depois dos dois-pontos",
    ]


def test_a_protocol_is_kept_to_the_letter():
    assert events("andamento:\n  - juntada: 16/02/2024 (protocolo 12345-X)\n") == [("juntada", "16/02/2024", "12345-X")]


def test_an_andamento_without_dashes_is_read_all_the_same():
    assert events("andamento:\n  requerimento: 10/02/2024\n  disponibilizado: 15/02/2024\n") == ALL[:2]
    assert events("andamento: {requerimento: 10/02/2024, disponibilizado: 15/02/2024}\n") == ALL[:2]
    assert events("andamento:\n") == []
    assert Andamento().events == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("andamento: sim\n", f"3:12 não entendi “sim” em “andamento”; escreva, por exemplo, {EXAMPLE}"),
        ("andamento:\n  - requerimento 10/02/2024\n", "4:5 faltam os dois-pontos; escreva “requerimento: 10/02/2024”"),
        ("andamento:\n  - reqerimento: 10/02/2024\n", "4:5 palavra desconhecida “reqerimento”; você quis dizer “requerimento”?"),
        ("andamento:\n  - evento: junta\n", "4:13 valor desconhecido “junta” em “evento”; você quis dizer “juntada”?"),
        ("andamento:\n  - evento: [juntada]\n", f"4:13 “evento” leva uma palavra só; escreva, por exemplo, {EXAMPLE}"),
        ("andamento:\n  - evento: aceita\n", "4:5 falta a data de “aceita”; escreva, por exemplo, “aceita: 16/02/2024”"),
        ("andamento:\n  - juntada: {protocolo: 1}\n", "4:5 falta a data de “juntada”; escreva, por exemplo, “juntada: 16/02/2024”"),
        ("andamento:\n  - aceita: {data: amanhã}\n", "4:20 não entendi a data “amanhã”; escreva dia/mês/ano, por exemplo 02/10/2023"),
        ("andamento:\n  - requerimento: ontem à tarde\n", "4:19 não entendi a data “ontem à tarde”; escreva dia/mês/ano, por exemplo 02/10/2023"),
        ("andamento:\n  - requerimento\n", f"4:5 não entendi “requerimento” em “andamento”; escreva, por exemplo, {EXAMPLE}"),
        ("andamento: [requerimento:10/02/2024]\n", "3:13 falta um espaço depois dos dois-pontos; escreva “requerimento: 10/02/2024”"),
        (
            "andamento:\n  - 'requerimento: 10/02/2024'\n",
            "4:5 as aspas em volta de “requerimento: 10/02/2024” juntam tudo num texto só; tire-as e escreva “requerimento: 10/02/2024”",
        ),
        ("andamento:\n  - [requerimento]\n", f"4:5 há um traço ou colchete a mais em “andamento”; escreva, por exemplo, {EXAMPLE}"),
        ("andamento:\n  - requerimento: [1, 2]\n", f"4:19 não entendi o valor de “requerimento”; escreva, por exemplo, {EXAMPLE}"),
        ("andamento:\n  - requerimento: 31/02/2024\n", "4:19 a data “31/02/2024” não existe no calendário; confira o dia e o mês"),
        ("andamento:\n  - juntada: 31/02/2024 protocolo 1\n", "4:14 a data “31/02/2024” não existe no calendário; confira o dia e o mês"),
        ("andamento:\n  - requerimento: ontem\n", "4:19 não entendi a data “ontem”; escreva dia/mês/ano, por exemplo 02/10/2023"),
        ("andamento:\n  - requerimento:\n", "4:5 falta a data de “requerimento”; escreva, por exemplo, “requerimento: 16/02/2024”"),
        ("andamento:\n  - data: 10/02/2024\n", f"4:5 falta dizer o que aconteceu; escreva, por exemplo, {EXAMPLE}"),
        ("andamento:\n  - aceita: {data: 10/02/2024, dia: 1}\n", "4:32 palavra desconhecida “dia”; as palavras que existem são: data, protocolo, motivo"),
        ("andamento:\n  - aceita: 10/02/2024 protocolo 12\n", "4:5 “12” não é usado; em “aceita” basta a data"),
        ("andamento:\n  - juntada: 10/02/2024\n", "4:5 anote também o número do protocolo, que está no recibo: “protocolo: 123456”"),
        ("andamento:\n  - rejeitada: 10/02/2024\n", "4:5 anote também o motivo da rejeição: “motivo: tipo do documento errado”"),
    ],
)  # fmt: skip
def test_faults_are_reported_with_their_place_and_never_stop_a_case(text, sentence):
    assert messages(text) == [sentence]
    assert all(finding.severity in (Severity.WARNING, Severity.REMINDER) for finding in andamento(text).findings)


def test_what_would_be_an_error_elsewhere_is_a_warning_and_a_reminder_stays_one():
    missing, wrong = andamento("andamento:\n  - juntada: 31/02/2024\n").findings
    assert (missing.severity, wrong.severity) == (Severity.REMINDER, Severity.WARNING)


@given(st.text(alphabet="-:{}[], \n\"'#requimntojadcb/0123456789", max_size=60))
def test_no_text_breaks_the_reader(text):
    node = read(("andamento:" + text).encode(), "processo.yaml").node
    got = read_sidecar(node, "processo.yaml") if node else None
    assert not got or got.readable is not None


def event(evento, day=None, **more):
    return Event(evento, day and date.fromisoformat(day), START, **more)


def step(*happened, today="2026-02-12", deadline=None, calendar=PLAIN):
    return next_step(happened, deadline, calendar, date.fromisoformat(today))


def deadline(day="2026-08-17"):
    """Ends on 14/09/2026 with weekends only."""
    info = CienciaInfo(Modo.PESSOAL, date.fromisoformat(day), (), START, START, START)
    return find_deadline(info, None, PLAIN)


def test_before_anything_happened_the_period_decides_the_next_step():
    early = step(today="2026-09-14", deadline=deadline())
    assert (early.stage, early.due, early.overdue) == (Stage.TOO_EARLY, date(2026, 9, 15), "")
    assert early.sentence == (
        "Aguarde o prazo da impugnação: a disponibilização do processo no e-CAC pode ser solicitada a partir de 15/09/2026 "
        "(a conferir)."
    )
    late = step(today="2026-09-15", deadline=deadline())
    assert (late.stage, late.due) == (Stage.TO_REQUEST, date(2026, 9, 15))
    assert late.sentence == (
        "Solicite a disponibilização do processo no e-CAC (possível desde 15/09/2026, a conferir)."
    )
    assert (early.phase, late.phase) == (None, Phase.REQUEST)
    unknown = step()
    assert unknown.stage is Stage.TO_REQUEST
    assert unknown.sentence == (
        "Solicite a disponibilização depois da protocolização tempestiva da impugnação ou do encerramento do prazo."
    )


def test_five_working_days_after_the_request_the_case_is_overdue():
    asked = event(Evento.REQUERIMENTO, "2026-02-11")  # a Wednesday
    waiting = step(asked, today="2026-02-18")
    assert (waiting.stage, waiting.due, waiting.overdue) == (Stage.REQUESTED, date(2026, 2, 18), "")
    assert waiting.sentence == (
        "Aguarde a Receita disponibilizar o processo, até 18/02/2026. A Receita analisa a solicitação, converte o processo em "
        "digital e inclui o seu CPF como interessado; antes disso ele não aparece na lista. Quando ele aparecer, anote “disponibilizado” "
        "em “andamento”."
    )
    assert waiting.phase is Phase.FOLLOW_UP
    overdue = step(asked, today="2026-02-19")
    assert (overdue.stage, overdue.due) == (Stage.REQUESTED, date(2026, 2, 18))
    assert overdue.overdue == (
        "A disponibilização foi solicitada em 11/02/2026; os 5 dias úteis terminaram em 18/02/2026."
    )
    assert overdue.sentence == (
        "Confira em “Processos que tenho Autorização para Acessar” se o processo já está disponível; se está, anote "
        "“disponibilizado” em “andamento”; se não está, entre em contato pelo e-mail equipeitr@rfb.gov.br."
    )
    carnival = Calendar((Holiday(date(2026, 2, 17), "Carnaval", certain=False),))
    assert step(asked, today="2026-02-19", calendar=carnival).overdue == ""


def test_a_request_without_its_day_can_not_be_overdue():
    waiting = step(event(Evento.REQUERIMENTO), today="2030-01-01")
    assert (waiting.stage, waiting.due, waiting.overdue) == (Stage.REQUESTED, None, "")
    assert waiting.sentence == (
        "Anote em “andamento” a data da solicitação e aguarde a Receita disponibilizar o processo. Quando ele aparecer, anote "
        "“disponibilizado” em “andamento”."
    )


@pytest.mark.parametrize(
    ("last", "stage", "sentence"),
    [
        (
            event(Evento.DISPONIBILIZADO, "2026-02-12"),
            Stage.AVAILABLE,
            "Junte os documentos ao processo digital no e-CAC; os passos estão no relatório.",
        ),
        (
            event(Evento.JUNTADA, "2026-02-13", protocolo="123456"),
            Stage.ATTACHED,
            "Em análise na Receita desde 13/02/2026 (protocolo 123456). Consulte “Minhas Juntadas de Documentos” (filtro “aguardando”) e anote em “andamento” se a juntada foi aceita ou rejeitada.",
        ),
        (
            event(Evento.JUNTADA),
            Stage.ATTACHED,
            "Em análise na Receita. Consulte “Minhas Juntadas de Documentos” (filtro “aguardando”) e anote em “andamento” se a juntada foi aceita ou rejeitada.",
        ),
        (
            event(Evento.ACEITA, "2026-02-20"),
            Stage.ACCEPTED,
            "Imprima o Termo de Análise de Solicitação de Juntada, junte-o ao processo em papel e arquive o processo físico.",
        ),
        (
            event(Evento.REJEITADA, "2026-02-20", motivo="folhas ilegíveis."),
            Stage.REJECTED,
            "A Receita rejeitou a juntada (motivo: folhas ilegíveis): corrija e junte os documentos novamente.",
        ),
        (
            event(Evento.REJEITADA, "2026-02-20"),
            Stage.REJECTED,
            "A Receita rejeitou a juntada: corrija e junte os documentos novamente. O motivo da rejeição está no processo e na Caixa Postal do e-CAC de quem solicitou a juntada.",
        ),
    ],
)
def test_the_next_step_after_each_event(last, stage, sentence):
    found = step(event(Evento.REQUERIMENTO, "2026-02-11"), last, today="2026-02-25")
    assert (found.stage, found.sentence, found.overdue) == (stage, sentence, "")


def test_a_long_analysis_has_an_address_to_ask():
    attached = event(Evento.JUNTADA, "2026-02-13")
    asks = "Se a análise demorar mais do que o prazo médio, peça esclarecimentos pelo e-mail equipeitr@rfb.gov.br."
    assert asks not in step(attached, today="2026-04-13").sentence
    assert asks in step(attached, today="2026-04-14").sentence


def test_what_is_due_is_known_for_every_day_to_come():
    """A page that was written once shows the right step on the day on which it is read."""
    early = agenda((), deadline(), PLAIN)
    assert [(day, step.stage) for day, step in early] == [
        (date.min, Stage.TOO_EARLY),
        (date(2026, 9, 15), Stage.TO_REQUEST),
    ]
    asked = agenda((event(Evento.REQUERIMENTO, "2026-02-11"),), None, PLAIN)
    assert [(day, bool(step.overdue)) for day, step in asked] == [(date.min, False), (date(2026, 2, 19), True)]
    attached = agenda((event(Evento.JUNTADA, "2026-02-13"),), None, PLAIN)
    assert [day for day, _ in attached] == [date.min, date(2026, 4, 14)]
    assert len(agenda((event(Evento.ACEITA, "2026-02-20"),), None, PLAIN)) == 1
    for known in (early, asked, attached):
        for day in (date(2026, 1, 1) + timedelta(days=n) for n in range(0, 400, 7)):
            held = [step for since, step in known if since <= day][-1]
            events = (
                ()
                if known is early
                else (event(Evento.REQUERIMENTO, "2026-02-11"),)
                if known is asked
                else (event(Evento.JUNTADA, "2026-02-13"),)
            )
            assert held == next_step(events, deadline() if known is early else None, PLAIN, day)


def test_the_last_event_counts_whatever_the_order_written():
    asked, attached = event(Evento.REQUERIMENTO, "2026-02-11"), event(Evento.JUNTADA, "2026-02-13")
    accepted = event(Evento.ACEITA)
    assert last_event((attached, asked)) is attached
    assert last_event((asked, attached, accepted)) is accepted
    same_day = event(Evento.DISPONIBILIZADO, "2026-02-11")
    assert last_event((asked, same_day)) is same_day
    assert last_event(()) is None
