"""The checklist of the tutorial: what it expects of a case and the sidecar does not list.

    check_case(sections, processo, sidecar, "processo.yaml") -> Finding(Code.DITR_MISSING, …), …

A paper missing according to the sidecar is a warning; what the sidecar does not mention, or a program cannot see, is
a reminder to tick. Errors are few: a wrong process number, and several notificações in one case. The papers of the
ciência and of the impugnação are in `checklist_papers`; the text of each code is in `sentences`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from itrwatch.core.case_description import Numeracao, Sidecar
from itrwatch.core.checklist_papers import check_ciencia, check_dates, check_impugnacao, check_timeliness
from itrwatch.core.codes import Code
from itrwatch.core.deadline import Deadline, Timeliness
from itrwatch.core.findings import Finding, error, reminder, warning
from itrwatch.core.manual import LAST_YEAR_OF_CAPA
from itrwatch.core.processo import Processo, lacking, same_processo
from itrwatch.core.sections import Section

_EXPECTED = {
    Section.CIENCIA: Code.CIENCIA_MISSING,
    Section.DITR: Code.DITR_MISSING,
    Section.TERMO: Code.TERMO_MISSING,
}


def check_processo(
    processo: Processo | None, folder: str, sidecar: Sidecar | None, sidecar_name: str
) -> Iterator[Finding]:
    """An error if the folder's name has no process number (``processo`` None) or the sidecar another one; a warning for wrong check digits."""
    if processo is None:
        if why := lacking(folder):
            yield error(Code.PROCESSO_INCOMPLETE, folder=folder, why=why)
        else:
            yield error(Code.PROCESSO_MISSING, folder=folder)
        return
    if sidecar and sidecar.processo and not same_processo(sidecar.processo.text, processo):
        yield error(
            Code.PROCESSO_DISAGREES,
            written=sidecar.processo.text,
            processo=str(processo),
            file=sidecar_name,
            line=sidecar.processo.place.line,
            column=sidecar.processo.place.column,
        )
    if not processo.check_digits_agree:
        yield warning(Code.CHECK_DIGITS, processo=str(processo), computed=processo.computed_check_digits)


def check_case(
    sections: tuple[Section, ...], processo: Processo | None, sidecar: Sidecar, sidecar_name: str
) -> Iterator[Finding]:
    """The tutorial's checks of the papers; ``sections``: those that have pages.

    A complement is checked only for what its own papers require: the rest was sent and accepted before.
    """
    complement = sidecar.complemento
    whole = complement is None
    if complement is None:
        yield from (warning(code) for section, code in _EXPECTED.items() if section not in sections)
    elif complement.first_folha is None and sidecar.numeracao is not Numeracao.NENHUMA:
        yield warning(Code.COMPLEMENT_FROM_ONE, file=sidecar_name, line=complement.place.line)
    yield from _several(sidecar, sidecar_name)
    if Section.CAPA in sections and processo:
        yield from _capa(processo)
    yield reminder(Code.FIRST_SHEETS_SIGNED)
    if whole or Section.CIENCIA in sections:
        yield from check_ciencia(sidecar.ciencia, sidecar_name)
    if whole or Section.TIF in sections:
        yield reminder(Code.TIF_PAPERS if Section.TIF in sections else Code.TIF_MISSING)
    if Section.TCIF in sections:
        yield reminder(Code.TCIF_PAPERS)
    yield from check_impugnacao(sidecar.impugnacao, sidecar_name, claimed=Section.IMPUGNACAO in sections)
    yield from check_dates(sidecar.ciencia, sidecar.impugnacao, sidecar_name)


def check_numbered(
    sections: tuple[Section, ...], sidecar: Sidecar, sidecar_name: str, deadline: Deadline | None, numbers: str
) -> Iterator[Finding]:
    """Findings made after numbering: the period, the contents of the termo, the numbers on the paper.

    ``deadline``: None if unknown. ``numbers``: the numbers of each section, to write on the paper; empty if nothing is numbered.
    """
    yield from check_timeliness(deadline, sidecar.impugnacao, sidecar_name)
    if Section.TERMO in sections:
        yield _termo(sections, sidecar, deadline)
    if not sidecar.numeracao_written and numbers:
        yield reminder(Code.NUMBER_THE_PAPER, numbers=numbers)
    if sidecar.numeracao is Numeracao.NENHUMA:
        yield reminder(Code.NUMBER_ANYTHING)


def _several(sidecar: Sidecar, file: str) -> Iterator[Finding]:
    """``notificacao, ciencia, notificacao, ciencia`` as written: two notificações, each with its own ciência."""
    written = [entry for entry in sidecar.sections if entry.section in (Section.NOTIFICACAO, Section.CIENCIA)]
    begun = [
        entry
        for before, entry in itertools.pairwise((None, *written))
        if entry and (before is None or before.section is not entry.section)
    ]
    if [entry.section for entry in begun[:4]] == [Section.NOTIFICACAO, Section.CIENCIA] * 2:
        yield error(Code.SEVERAL_NOTIFICACOES, file=file, line=begun[2].place.line)


def _capa(processo: Processo) -> Iterator[Finding]:
    """Findings about a capa in a case too recent to have one; the case number has only the year of creation."""
    if processo.year > LAST_YEAR_OF_CAPA:
        yield warning(Code.CAPA_IMPOSSIBLE, year=processo.year)
    elif processo.year == LAST_YEAR_OF_CAPA:
        yield reminder(Code.CAPA_YEAR)


def _termo(sections: tuple[Section, ...], sidecar: Sidecar, deadline: Deadline | None) -> Finding:
    if deadline and deadline.timeliness is Timeliness.LATE:
        impugnacao = "late"
    else:
        impugnacao = "filed" if Section.IMPUGNACAO in sections or sidecar.impugnacao else "none"
    return reminder(Code.TERMO_TELLS, impugnacao=impugnacao, unnumbered=sidecar.numeracao is Numeracao.NENHUMA)
