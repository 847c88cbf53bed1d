"""Recognises a paper of the case by its body, where its heading says nothing: “ofício”, “relatório”, “extrato”, or none at all.

    body_section("Encaminha-se à Receita Federal o processo nº …, com 76 folhas. Houve impugnação …") -> Section.TERMO

What a paper must say is known: a notificação the debt, the period and the right to impugnar (Decreto nº 70.235/1972, art. 11); a termo that the
case goes to the Receita, its folhas, and whether there is an impugnação (manual, 7). A text must say all that its section asks, and
nothing that another one would: a petition, too, asks that a case be sent on. A text that may be two sections is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from itrwatch.core.sections import Section
from itrwatch.core.text_matching import fold

LEAST_LETTERS = 120
"""Letters of a text that may be judged. Chosen: two sentences."""
MOST_LETTERS = 6000
"""Letters of the longest text that is judged. Chosen: a full page of print."""
RECEIPT_LETTERS = 1200
"""Letters of the longest receipt. Chosen: a third of a page; a petition, too, says what its author has received."""
LEAST_LABELS = 5
"""Least number of fields of a DITR on a page that is one. Chosen: a paragraph of another paper names three of them."""


@dataclass(frozen=True, slots=True)
class _Body:
    """What a text of ``section`` says, in every part of ``says``, and what it does not say."""

    section: Section
    says: tuple[re.Pattern[str], ...]
    never: re.Pattern[str]
    most: int = MOST_LETTERS


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(patterns) + r")")


# Folded text: small letters without accents. A word without \b at its end stands for all its endings.
_LEVIED = r"(?:lancamento|notificacao)\b"
_PLEADS = (
    r"requer(?:e|em|emos|eiro)?\b",
    "deferimento",
    "pede e espera",
    "ilustrissim",
    "excelentissim",
    r"ilmo\b",
    r"exmo\b",
)
_DISPUTES = (
    "impugno",
    "inconformad",
    "discord",
    r"nao concord(?:o|a|am|amos)\b",
    "minha defesa",
    "vem .{0,60}impugnar",
    "improceden",
    "contestacao",
)
_ORDERED = "(?:fica|esta) .{0,60}(?:intimad|notificad)"
_FOUND = ("constat", r"verificou-se\b", r"verificamos\b", r"apurou-se\b", r"apuramos\b", "nao (?:foi|foram) comprovad")
_TIME = _any("prazo", r"dias\b", "trigesimo dia", r"ate \d")

_BODIES = (
    _Body(
        Section.TERMO,
        (
            # The office sends, in the first person or the passive; “encaminhamento” alone may be anybody's request.
            _any(
                r"encaminh(?:a-se|o|amos|e-se|am-se)\b",
                r"remet(?:e-se|o|emos|a-se|em-se)\b",
                r"(?:faco|fazemos) (?:a )?(?:remessa|encaminhamento)\b",
            ),
            _any(r"(?:receita federal|rfb|srrf|drf|drj)\b"),
            _any(r"(?:processo|autos)\b"),
            _any(r"(?:folhas?|fls?)\b"),
            _any("impugn", "defesa", "revelia", "contestac"),
        ),
        _any(*_PLEADS, _ORDERED),
    ),
    _Body(
        Section.NOTIFICACAO,
        (
            _any("notificad", "credito tributario", "lancamento (?:de oficio|suplementar|do)"),
            _any(r"multa\b"),
            _any(r"juros\b"),
            _any(r"pag(?:ar|o|ue|amento)\b", "recolh"),
            _any("impugn"),
            _TIME,
            _any(r"r\$", r"\d+,\d\d\b"),
        ),
        _any(*_PLEADS, *_DISPUTES, "houve impugnacao", "encaminh", "remet"),
    ),
    _Body(
        Section.CIENCIA,
        (
            _any(
                r"receb(?:i|emos)\b",
                r"tom(?:ei|amos|ou) ciencia\b",
                r"dou-me por ciente\b",
                r"fic(?:o|ou|a|ando) ciente\b",
                "declar(?:o|amos) .{0,30}(?:ciencia|ciente|recebid)",
                r"certific(?:o|amos) (?:e dou fe )?que .{0,30}(?:entreguei|notifiquei|intimei|cientifiquei)\b",
            ),
            _any(_LEVIED),
        ),
        _any(*_PLEADS, *_DISPUTES, "encaminh", "defesa", "termo de intimacao", "termo de constatacao", _ORDERED),
        RECEIPT_LETTERS,
    ),
    _Body(
        Section.TIF,
        (
            _any(
                r"(?:solicit|requisit)(?:a-se|o|amos)\b",
                r"(?:pedimos|intimamos|intima-se)\b",
                "(?:fica|esta) .{0,60}intimad",
                r"intimad[oa]s? a (?:apresentar|comprovar|enviar|entregar|prestar)\b",
                r"queira (?:apresentar|enviar|entregar)\b",
            ),
            _any("document", "laudo", "matricula", "certidao", "comprova"),
            _any("apresent", "envia", "entreg", "comprov", "encaminh"),
            _TIME,
            _any(r"itr\b", r"imovel\b", "rural", r"nirf\b", "terra nua"),
        ),
        _any(
            *_PLEADS, *_DISPUTES, *_FOUND, "impugn", "credito tributario", r"multa de\b", "apurad", "em aten[cd]", "em resposta", "receita federal"
        ),
    ),
    _Body(
        Section.TCIF,
        (
            _any(*_FOUND),
            _any("retific", "manifest", "esclarec", "provas? em contrario", "regulariz"),
            _any("intimad", "intimac", "faculta", "conced", "concess"),
            _TIME,
            _any(r"itr\b", r"imovel\b", "rural", r"nirf\b", "terra nua", r"ditr\b"),
        ),
        _any(*_PLEADS, *_DISPUTES, "impugn", "credito tributario", "encaminh", "remet"),
    ),
    _Body(
        Section.IMPUGNACAO,
        (
            _any("impugn", *_DISPUTES, r"defesa\b"),
            _any(_LEVIED),
            _any(r"requer(?:e|em|emos|eiro)?\b", r"pede\b", r"pedimos\b", "deferimento", "improceden", "cancelamento", "anulacao"),
            _any(r"v(?:em|enho|imos)\b", "qualificad", "respeitosamente", r"(?:minha|nossa)\b", r"apresent(?:a|o|amos) .{0,30}(?:defesa|contestacao|impugnacao)"),
        ),
        _any(_ORDERED, "encaminh(?:a-se|amos)", r"julgo\b", r"acordao\b", r"decido\b"),
    ),
)  # fmt: skip

_LABELS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:nirf|cib|numero do imovel)\b",
        r"\barea total\b",
        r"\barea tributavel\b",
        r"\barea aproveitavel\b",
        r"\barea utilizada\b",
        r"\bpreservacao permanente\b",
        r"\breserva legal\b",
        r"\bgrau de utilizacao\b",
        r"\b(?:vtn|valor da terra nua)\b",
        r"\bvalor (?:total do imovel|das benfeitorias|das culturas)\b",
        r"\baliquota\b",
        r"\bimposto (?:devido|calculado|a pagar)\b",
        r"\bquotas?\b",
        r"\bdeclaracao (?:original|retificadora)\b",
    )
)
"""Fields of a DITR (its DIAC and DIAT), of which an extract has some."""
_SPEECH = _any(
    *_PLEADS, *_DISPUTES, *_FOUND, "intimad", "notificad", "apurad", "lancad", "impugn", "contribuinte declarou", r"lei n", r"decreto\b", r"multa\b"
)  # fmt: skip
"""What a form does not say: it has fields and no sentences."""


def body_section(text: str) -> Section | None:
    """The section of a page with this text and without a title; None if it is none or may be two."""
    plain = fold(text)
    if not LEAST_LETTERS <= len(plain) <= MOST_LETTERS:
        return None
    found = {body.section for body in _BODIES if _is(plain, body)}
    if sum(bool(label.search(plain)) for label in _LABELS) >= LEAST_LABELS and not _SPEECH.search(plain):
        found.add(Section.DITR)
    return found.pop() if len(found) == 1 else None


def _is(plain: str, body: _Body) -> bool:
    return len(plain) <= body.most and not body.never.search(plain) and all(part.search(plain) for part in body.says)
