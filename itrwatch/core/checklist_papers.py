"""Checks the papers of the ciência and of the impugnação that the sidecar lists in ``documentos``.

    check_ciencia(CienciaInfo(Modo.POSTAL, documentos=(), …), "processo.yaml") -> Finding(Code.AR_MISSING, …), …

`manual.CIENCIA_PAPERS`, `IMPUGNACAO_PAPERS` and `POSTED_PAPERS` list the required papers.
"""

from __future__ import annotations

from collections.abc import Iterator

from itrwatch.core.case_description import CienciaInfo, ImpugnacaoInfo, Modo, Via
from itrwatch.core.codes import Code
from itrwatch.core.deadline import Deadline, Timeliness
from itrwatch.core.findings import Finding, reminder, warning
from itrwatch.core.manual import CIENCIA_PAPERS, IMPUGNACAO_PAPERS, POSTED_PAPERS

_CIENCIA_MISSING = {
    (Modo.PESSOAL, "assinatura"): Code.SIGNATURE_MISSING,
    (Modo.PESSOAL, "identidade"): Code.SIGNER_IDENTITY_MISSING,
    (Modo.POSTAL, "ar"): Code.AR_MISSING,
    (Modo.EDITAL, "ar"): Code.AR_RETURNED_MISSING,
    (Modo.EDITAL, "edital"): Code.EDITAL_MISSING,
}
_INSTEAD_OF_AR = {
    "rastre": Code.TRACKING_REFUSED,
    "postagem": Code.POSTING_REFUSED,
    "envio": Code.POSTING_REFUSED,
}
"""Papers that are not accepted in place of the AR, by a part of the word that users write."""
_IMPUGNACAO_MISSING = {
    "protocolo": Code.PROTOCOLO_MISSING,
    "identidade": Code.IDENTITY_MISSING,
    "envelope": Code.ENVELOPE_MISSING,
}
_EVERY_CIENCIA = (Code.CIENCIA_PESSOAL, Code.CIENCIA_POSTAL, Code.CIENCIA_EDITAL)
_EVERY_IMPUGNACAO = (Code.PROTOCOLO_THERE, Code.IDENTITY_THERE, Code.POWERS, Code.ENVELOPE_THERE)


def check_ciencia(info: CienciaInfo | None, file: str) -> Iterator[Finding]:
    """A warning for each paper that the kind of ciência requires and ``documentos`` does not list; reminders for what to look at.

    If the kind is unknown: reminders for all three kinds.
    """
    if info is None or info.modo is None:
        yield reminder(Code.CIENCIA_UNKNOWN, file=file, line=info.place.line if info else None)
        yield from map(reminder, _EVERY_CIENCIA)
        return
    for word in CIENCIA_PAPERS[info.modo]:
        if word not in info.documentos:
            code = _instead(info) or _CIENCIA_MISSING[info.modo, word]
            yield warning(code, word=word, file=file, line=info.documentos_place.line)
    if info.modo is Modo.PESSOAL:
        yield reminder(Code.SIGNATURE_SAME)
        if "procuracao" not in info.documentos:
            yield reminder(Code.SIGNER_PROXY)
    if info.modo is Modo.POSTAL and "ar" in info.documentos and "juntada" not in info.documentos:
        yield reminder(Code.AR_IDENTIFIES)
    if info.data is None and info.envio is None:
        yield reminder(Code.CIENCIA_UNDATED, modo=info.modo, file=file, line=info.place.line)


def check_impugnacao(info: ImpugnacaoInfo | None, file: str, *, claimed: bool) -> Iterator[Finding]:
    """A warning for each required paper that is not listed; ``claimed``: whether the section has pages, else one warning if it should."""
    if not claimed:
        if info:
            yield warning(Code.IMPUGNACAO_NO_PAGES, file=file, line=info.place.line)
        return
    if info is None:
        yield from map(reminder, _EVERY_IMPUGNACAO)
    else:
        yield from _listed(info, file)
    yield reminder(Code.GROUNDS)
    yield reminder(Code.CONTESTED)


def _listed(info: ImpugnacaoInfo, file: str) -> Iterator[Finding]:
    needed = (*IMPUGNACAO_PAPERS, *(POSTED_PAPERS if info.via is Via.CORREIOS else ()))
    for word in needed:
        if word not in info.documentos:
            yield warning(_IMPUGNACAO_MISSING[word], word=word, file=file, line=info.documentos_place.line)
    if info.via is Via.CORREIOS and "rastreamento" not in info.documentos:
        yield reminder(Code.TRACKING_NEEDED)
    if "procuracao" not in info.documentos:
        yield reminder(Code.POWERS)


def check_dates(ciencia: CienciaInfo | None, impugnacao: ImpugnacaoInfo | None, file: str) -> Iterator[Finding]:
    """A warning for an impugnação dated before the ciência, or before the posting of an undated AR: probably a typing error."""
    known = ciencia and (ciencia.data or ciencia.envio)
    filed = impugnacao and impugnacao.data
    if known and impugnacao and filed and filed < known:
        line = impugnacao.data_place.line
        yield warning(Code.IMPUGNACAO_BEFORE_CIENCIA, filed=filed, known=known, file=file, line=line)


def check_timeliness(deadline: Deadline | None, impugnacao: ImpugnacaoInfo | None, file: str) -> Iterator[Finding]:
    """A warning for an impugnação filed after the last day, or between the two days that may be the last one."""
    if not (deadline and deadline.filed and impugnacao) or deadline.timeliness is Timeliness.IN_TIME:
        return
    code = Code.IMPUGNACAO_LATE if deadline.timeliness is Timeliness.LATE else Code.IMPUGNACAO_AT_LIMIT
    line = impugnacao.data_place.line
    yield warning(code, filed=deadline.filed, last=deadline.last_day, file=file, line=line)


def _instead(info: CienciaInfo) -> Code | None:
    """The finding for a paper listed in place of the AR; None if there is none."""
    if info.modo is not Modo.POSTAL:
        return None
    return next((code for part, code in _INSTEAD_OF_AR.items() if any(part in word for word in info.documentos)), None)
