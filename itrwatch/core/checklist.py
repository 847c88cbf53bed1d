"""The checklist of the manual: what it expects of a case and the sidecar does not have.

Findings, never refusals: the fiscal decides. What the sidecar says to be missing is a warning; what
it does not speak of, and what no machine can see, is a reminder to tick. The papers of the ciência
and of the impugnação are in `checklist_papers`.
"""

from __future__ import annotations

from collections.abc import Iterator

from itrwatch.core.case_description import Numeracao, Sidecar
from itrwatch.core.checklist_papers import check_ciencia, check_dates, check_impugnacao
from itrwatch.core.findings import Finding, Severity, error, reminder, warning
from itrwatch.core.processo import Processo, lacking, same_processo
from itrwatch.core.sections import Section

LAST_YEAR_OF_CAPA = 2023
"""Processes created from 21/11/2023 on have no capa (Manual, 2 “Capa”)."""


def check_processo(
    processo: Processo | None, folder: str, sidecar: Sidecar | None, sidecar_name: str
) -> Iterator[Finding]:
    """The folder must carry a number; the sidecar's must agree; a wrong check digit is only told."""
    if processo is None:
        if why := lacking(folder):
            yield error(f"o número do processo no nome da pasta “{folder}” não está inteiro: {why}", "Manual, 1")
            return
        example = "por exemplo “13153.720210-2019-34 Fazenda Boa Vista”"
        message = f"o nome da pasta “{folder}” não traz o número do processo; renomeie a pasta para começar com ele, {example}"
        yield error(message, "Manual, 1")
        return
    if sidecar and sidecar.processo and not same_processo(sidecar.processo.text, processo):
        yield Finding(
            Severity.ERROR,
            f"o número do processo “{sidecar.processo.text}” não é o da pasta ({processo}); corrija um dos dois",
            "Manual, 1",
            file=sidecar_name,
            line=sidecar.processo.place.line,
            column=sidecar.processo.place.column,
        )
    if not processo.check_digits_agree:
        yield warning(
            f"os dígitos verificadores do processo {processo} não conferem (o cálculo dá "
            f"{processo.computed_check_digits}); confira o número da pasta",
            "Manual, 1",
        )


def check_case(
    sections: tuple[Section, ...], processo: Processo | None, sidecar: Sidecar, sidecar_name: str
) -> Iterator[Finding]:
    """Everything else the manual asks for; ``sections`` are those that have pages."""
    yield from _missing_sections(sections)
    if Section.CAPA in sections and processo:
        yield from _capa(processo)
    yield reminder(
        "confira se a primeira folha da notificação tem carimbo e assinatura do autor e do chefe do órgão", "Manual, 2"
    )
    yield from check_ciencia(sidecar.ciencia, sidecar_name)
    yield from check_impugnacao(sidecar.impugnacao, sidecar_name, claimed=Section.IMPUGNACAO in sections)
    yield from check_dates(sidecar.ciencia, sidecar.impugnacao, sidecar_name)
    if Section.TERMO in sections:
        yield reminder(_termo(sections, sidecar.numeracao), "Manual, 2")


def _missing_sections(sections: tuple[Section, ...]) -> Iterator[Finding]:
    expected = {
        Section.CIENCIA: "sem a prova da ciência a Receita costuma devolver o processo",
        Section.DITR: "o manual pede a declaração do exercício fiscalizado",
        Section.TERMO: "ele é a última folha do processo e diz se houve impugnação",
    }
    for section, why in expected.items():
        if section not in sections:
            yield warning(f"falta a seção “{section}” ({section.heading}): {why}", "Manual, 2")


def _capa(processo: Processo) -> Iterator[Finding]:
    """The number tells only the year in which the process was created, not the day."""
    if processo.year > LAST_YEAR_OF_CAPA:
        yield warning(
            f"processos criados a partir de 21/11/2023 não têm capa, e este é de {processo.year}; confira a página e, "
            "se ela não faz parte do processo, tire a seção “capa”",
            "Manual, 2",
        )
    elif processo.year == LAST_YEAR_OF_CAPA:
        yield reminder("confira se o processo foi criado antes de 21/11/2023: só esses têm capa", "Manual, 2")


def _termo(sections: tuple[Section, ...], numeracao: Numeracao) -> str:
    if Section.IMPUGNACAO in sections:
        said = "confira se o termo de encaminhamento diz que há impugnação e cita as folhas dela e as do processo"
    else:
        said = "confira se o termo de encaminhamento diz que não houve impugnação e cita as folhas do processo"
    return f"{said}; se não cita, ele também deve ser numerado" if numeracao is Numeracao.NENHUMA else said
