"""The period for the impugnação: every example of the manual and of the law, and every sentence about it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itrwatch.core.calendar import Calendar, Holiday, after_working_days, suspended
from itrwatch.core.case_description import CienciaInfo, ImpugnacaoInfo
from itrwatch.core.deadline import Timeliness, days_left, find_ciencia, find_deadline
from itrwatch.core.period import Regime
from itrwatch.core.settings import Holidays
from itrwatch.core.tree import START
from itrwatch.report.office_calendar import calendar_for
from itrwatch.sidecar.events import Modo

TODAY = date(2026, 11, 22)
NATIONAL = Calendar(tuple(h for h in calendar_for(Holidays(), TODAY).holidays if h.certain), "feriados nacionais")
GOIAS = calendar_for(Holidays("GO", ("26/08", "31/10/2026")), TODAY)

OVERTAKEN = "LC 227/2026; o manual, anterior, diz 30 dias"
LATE = (
    "Apresentada fora do prazo, não caracteriza impugnação, não instaura a fase litigiosa do procedimento, não suspende a "
    "exigibilidade do crédito tributário nem comporta julgamento de primeira instância, salvo se caracterizada ou suscitada a "
    "tempestividade, como preliminar (Decreto nº 7.574/2011, art. 56, § 2º)."
)


def ciencia(modo, data=None, envio=None):
    """A ``ciencia`` block; dates as ``2023-10-02``."""
    day, sent = (date.fromisoformat(text) if text else None for text in (data, envio))
    return CienciaInfo(modo, day, (), START, START, START, sent)


def impugnacao(data):
    return ImpugnacaoInfo(date.fromisoformat(data), None, (), START, START, START)


@pytest.mark.parametrize(
    ("info", "day", "last"),
    [
        (ciencia(Modo.PESSOAL, "2023-03-03"), "2023-03-03", "2023-04-04"),
        (ciencia(Modo.POSTAL, "2023-10-02"), "2023-10-02", "2023-11-01"),
        (ciencia(Modo.POSTAL, envio="2023-10-02"), "2023-10-17", "2023-11-16"),
        (ciencia(Modo.EDITAL, "2023-11-01"), "2023-11-16", "2023-12-18"),
        (ciencia(Modo.PESSOAL, "2025-12-22"), "2025-12-22", "2026-01-28"),
        (ciencia(Modo.PESSOAL, "2026-03-31"), "2026-03-31", "2026-04-30"),
        (ciencia(Modo.PESSOAL, "2026-08-17"), "2026-08-17", "2026-09-15"),
        (ciencia(Modo.PESSOAL, "2026-11-23"), "2026-11-23", "2027-01-21"),
        (ciencia(Modo.PESSOAL, "2026-12-07"), "2026-12-07", "2027-02-04"),
    ],
)
def test_examples_with_national_holidays_only(info, day, last):
    found = find_deadline(info, None, NATIONAL)
    assert (str(found.ciencia.day), str(found.earliest), str(found.latest)) == (day, last, last)
    assert str(found.request_from) == str(date.fromisoformat(last) + timedelta(days=1))
    assert found.doubts == ()


def test_a_municipal_holiday_makes_a_range_because_nobody_knows_whether_it_counts():
    found = find_deadline(ciencia(Modo.PESSOAL, "2026-08-17"), None, GOIAS)
    assert (str(found.earliest), str(found.latest)) == ("2026-09-15", "2026-09-16")
    assert found.sentences == (
        "Ciência pessoal em 17/08/2026, dia da assinatura.",
        f"Prazo da impugnação: 20 dias úteis, contados da data da ciência ({OVERTAKEN}), sem incluir esse dia; começa e termina em dia útil.",
        "Último dia: entre 15/09/2026 e 16/09/2026 (a conferir).",
        "Não há regra escrita que diga se estes dias contam como feriado para o prazo: 26/08/2026 (feriado municipal).",
        (
            "Calendário usado: sábados, domingos, feriados nacionais e pontos facultativos, feriados de GO, datas do "
            "município (26/08, 31/10/2026)."
        ),
        "Feriados no período: 26/08/2026 (feriado municipal), 07/09/2026 (Independência do Brasil).",
        (
            "A disponibilização do processo no e-CAC pode ser solicitada a partir de 17/09/2026, depois do fim do "
            "prazo. Se o processo não for disponibilizado em até 5 dias úteis, entre em contato pelo e-mail "
            "equipeitr@rfb.gov.br."
        ),
    )


def test_the_ar_of_a_saturday_may_count_from_monday():
    found = find_deadline(ciencia(Modo.POSTAL, "2026-05-16"), None, NATIONAL)
    assert (str(found.earliest), str(found.latest)) == ("2026-06-12", "2026-06-15")
    assert found.doubts == (
        (
            "O AR traz um dia sem expediente, 16/05/2026: não há regra escrita que diga se a ciência é nesse dia ou no dia "
            "útil seguinte, 18/05/2026."
        ),
    )
    assert find_deadline(ciencia(Modo.PESSOAL, "2026-05-16"), None, NATIONAL).doubts == ()


def test_the_ar_of_a_holiday_may_count_from_the_next_working_day():
    calendar = Calendar(tuple(Holiday(date(2026, 9, day), "x", certain=True) for day in (7, 12)))
    found = find_deadline(ciencia(Modo.POSTAL, "2026-09-07"), None, calendar)
    assert (str(found.ciencia.day), str(found.ciencia.latest)) == ("2026-09-07", "2026-09-08")
    assert [str(holiday.day) for holiday in found.counted] == []  # 12/09 is a Saturday anyway


def test_the_suspension_is_reported_and_holidays_within_it_are_not():
    found = find_deadline(ciencia(Modo.PESSOAL, "2026-12-07"), None, GOIAS)
    assert "A contagem fica suspensa de 20/12/2026 a 20/01/2027 (LC 227/2026)." in found.sentences
    assert found.counted == ()
    assert found.doubts == ()


def test_a_ciencia_within_the_suspension_starts_after_it():
    """21/01/2027 is the first day; the twentieth working day is 18/02, without Carnival as a holiday."""
    found = find_deadline(ciencia(Modo.PESSOAL, "2026-12-28"), None, NATIONAL)
    assert str(found.latest) == "2027-02-17"
    assert "A contagem fica suspensa de 29/12/2026 a 20/01/2027 (LC 227/2026)." in found.sentences  # from the day after


@pytest.mark.parametrize(
    ("day", "last", "sentences"),
    [
        ("2026-11-20", "2026-12-18", ()),
        ("2028-11-21", "2028-12-19", ()),
        ("2026-11-23", "2027-01-21", ("A contagem fica suspensa de 20/12/2026 a 20/01/2027 (LC 227/2026).",)),
    ],
)
def test_a_period_that_ends_before_the_suspension_does_not_speak_of_it(day, last, sentences):
    found = find_deadline(ciencia(Modo.PESSOAL, day), None, NATIONAL)
    assert str(found.latest) == last
    assert tuple(sentence for sentence in found.sentences if "suspensa" in sentence) == sentences


@given(st.dates(date(2026, 4, 1), date(2028, 10, 1)))
def test_twenty_working_days_whenever_the_ciencia_was(day):
    """Counted again in the plainest way: of the days after the ciência, those on which the office works and the count runs."""
    found = find_deadline(ciencia(Modo.PESSOAL, day.isoformat()), None, GOIAS)
    for last, off in ((found.earliest, GOIAS.off(doubtful=False)), (found.latest, GOIAS.off(doubtful=True))):
        days = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
        counted = [each for each in days if each.weekday() < 5 and each not in off and not suspended(each)]
        assert (len(counted), counted[-1]) == (20, last)
    assert bool(found.doubts) is (found.earliest != found.latest)


@given(st.dates(date(2008, 1, 1), date(2026, 1, 13)))
def test_thirty_days_whenever_the_ciencia_was(day):
    found = find_deadline(ciencia(Modo.POSTAL, day.isoformat()), None, GOIAS)
    assert found.earliest <= found.latest
    assert found.earliest.weekday() < 5
    stood = sum(suspended(day + timedelta(days=n)) for n in range((found.earliest - day).days))
    assert 30 <= (found.earliest - day).days - stood <= 30 + 2 * 5  # Carnival and a weekend at either end


@pytest.mark.parametrize(
    ("day", "still"),
    [
        ("2025-12-20", False),
        ("2026-01-13", False),
        ("2026-01-14", True),
        ("2026-01-20", True),
        ("2026-01-21", False),
        ("2026-12-19", False),
        ("2026-12-20", True),
        ("2027-01-20", True),
        ("2027-01-21", False),
    ],
)
def test_days_on_which_the_count_stands_still(day, still):
    assert suspended(date.fromisoformat(day)) is still


@pytest.mark.parametrize(
    ("day", "regime", "period", "source"),
    [
        ("2026-01-13", Regime.BEFORE_2026, "30 dias corridos", "Decreto nº 70.235/1972, como no manual"),
        ("2026-01-14", Regime.EARLY_2026, "20 dias úteis ou 30 dias corridos, o que terminar depois", OVERTAKEN),
        ("2026-03-31", Regime.EARLY_2026, "20 dias úteis ou 30 dias corridos, o que terminar depois", OVERTAKEN),
        ("2026-04-01", Regime.LC_227, "20 dias úteis", OVERTAKEN),
    ],
)
def test_regimes_by_the_day_of_the_ciencia_name_their_source(day, regime, period, source):
    found = find_deadline(ciencia(Modo.PESSOAL, day), None, NATIONAL)
    assert found.regime is regime
    assert (
        f"Prazo da impugnação: {period}, contados da data da ciência ({source}), sem incluir esse dia; começa e termina em dia útil."
    ) in found.sentences


def test_each_kind_of_ciencia_says_how_its_day_was_found():
    sentences = [
        find_ciencia(info).because
        for info in (
            ciencia(Modo.PESSOAL, "2023-03-03"),
            ciencia(Modo.POSTAL, "2023-10-02", "2023-09-20"),
            ciencia(Modo.POSTAL, envio="2023-10-02"),
            ciencia(Modo.EDITAL, "2023-11-01"),
        )
    ]
    assert sentences == [
        "Ciência pessoal em 03/03/2023, dia da assinatura.",
        "Ciência postal em 02/10/2023, data do AR.",
        "AR sem data: ciência em 17/10/2023, 15 dias depois da expedição, em 02/10/2023 (Decreto nº 70.235/1972, art. 23).",
        "Ciência por edital em 16/11/2023, 15 dias depois da publicação, em 01/11/2023 (Decreto nº 70.235/1972, art. 23).",
    ]


def test_without_mode_or_date_nothing_is_guessed():
    for info in (None, ciencia(None, "2023-03-03"), ciencia(Modo.POSTAL), ciencia(Modo.EDITAL, envio="2023-10-02")):
        assert find_deadline(info, None, NATIONAL) is None


@pytest.mark.parametrize(
    ("filed", "timeliness", "ask", "sentence"),
    [
        ("2026-09-15", Timeliness.IN_TIME, "2026-09-15", "Impugnação de 15/09/2026: dentro do prazo, por esta conta (a conferir)."),
        ("2026-09-16", Timeliness.UNCLEAR, "2026-09-17", f"Impugnação de 16/09/2026: no limite do prazo, por esta conta (a conferir). Se a{LATE[1:]}"),
        ("2026-09-17", Timeliness.LATE, "2026-09-17", f"Petição de 17/09/2026: depois do último dia, por esta conta (a conferir). {LATE}"),
    ],
)  # fmt: skip
def test_whether_the_impugnacao_came_in_time_is_only_an_indication(filed, timeliness, ask, sentence):
    found = find_deadline(ciencia(Modo.PESSOAL, "2026-08-17"), impugnacao(filed), GOIAS)
    assert (found.timeliness, str(found.request_from)) == (timeliness, ask)
    assert sentence in found.sentences


def test_after_an_impugnacao_in_time_the_case_may_be_asked_for_at_once():
    found = find_deadline(ciencia(Modo.PESSOAL, "2026-08-17"), impugnacao("2026-08-20"), GOIAS)
    assert found.sentences[-1] == (
        "A disponibilização do processo no e-CAC pode ser solicitada a partir de 20/08/2026, pois a impugnação já foi apresentada. "
        "Se o processo não for disponibilizado em até 5 dias úteis, entre em contato pelo e-mail equipeitr@rfb.gov.br."
    )


@pytest.mark.parametrize(
    ("calendar", "today", "sentence"),
    [
        (NATIONAL, "2026-09-10", "termina em 15/09/2026, faltam 5 dias"),
        (NATIONAL, "2026-09-14", "termina em 15/09/2026, falta 1 dia"),
        (NATIONAL, "2026-09-15", "termina hoje, 15/09/2026"),
        (NATIONAL, "2026-09-16", "terminou em 15/09/2026"),
        (GOIAS, "2026-09-10", "termina entre 15/09/2026 e 16/09/2026, faltam 5 dias"),
        (GOIAS, "2026-09-14", "termina entre 15/09/2026 e 16/09/2026, falta 1 dia"),
        (GOIAS, "2026-09-15", "termina entre 15/09/2026 e 16/09/2026: confira"),
        (GOIAS, "2026-09-16", "termina entre 15/09/2026 e 16/09/2026: confira"),
        (GOIAS, "2026-09-17", "terminou entre 15/09/2026 e 16/09/2026"),
    ],
)
def test_where_the_period_stands_today(calendar, today, sentence):
    found = find_deadline(ciencia(Modo.PESSOAL, "2026-08-17"), None, calendar)
    assert days_left(found, date.fromisoformat(today)) == sentence


def test_the_calendar_of_an_office_that_configured_nothing_says_so():
    assert calendar_for(Holidays(), TODAY).made_of == (
        "sábados, domingos, feriados nacionais e pontos facultativos; os feriados do estado e do município não estão na "
        "configuração"
    )
    assert calendar_for(Holidays("GO"), TODAY).made_of.endswith("; os feriados do município não estão na configuração")


def test_national_holidays_are_certain_and_all_others_doubtful():
    days = {holiday.day: holiday for holiday in GOIAS.holidays}
    assert days[date(2023, 9, 7)] == Holiday(date(2023, 9, 7), "Independência do Brasil", certain=True)
    assert days[date(2026, 2, 17)] == Holiday(date(2026, 2, 17), "Carnaval, ponto facultativo", certain=False)
    assert days[date(2026, 10, 24)].name == "Pedra fundamental de Goiânia, feriado de GO"
    assert days[date(2026, 8, 26)] == days[date(2025, 8, 26)].__class__(
        date(2026, 8, 26), "feriado municipal", certain=False
    )
    assert date(2025, 10, 31) not in days
    assert date(2026, 10, 31) in days


def test_the_leap_day_as_a_municipal_holiday():
    days = [h.day for h in calendar_for(Holidays("", ("29/02",)), TODAY).holidays if h.name == "feriado municipal"]
    assert days == [date(year, 2, 29) for year in (2008, 2012, 2016, 2020, 2024)]  # in 2028 it is Carnival anyway


def test_working_days_of_an_office():
    """Friday, five working days, with a holiday on Monday."""
    monday = date(2026, 9, 7)
    assert after_working_days(date(2026, 9, 4), 5, frozenset({monday})) == date(2026, 9, 14)
