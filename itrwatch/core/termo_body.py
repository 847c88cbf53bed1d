"""Recognises a Termo de Encaminhamento by its body, whatever it is headed: “ofício de remessa”, a despacho, or nothing.

    is_termo("Encaminha-se à Receita Federal o processo nº …, com 76 folhas. Houve impugnação …") -> True

The manual says what a termo contains (7. Termo de Encaminhamento): the office sends the case to the Receita, and cites the folhas of the
case and of the impugnação, or that there is none. A page must do all of that, and plead nothing: a petition, too, asks that a case be sent on.
"""

from __future__ import annotations

import re

from itrwatch.core.text_matching import fold

LEAST_LETTERS, MOST_LETTERS = 120, 6000
"""Letters of a page that may be a termo. Chosen: two sentences; a full page of print."""

_CONTAINS = tuple(
    re.compile(pattern)
    for pattern in (
        # The office sends, in the first person or the passive; “encaminhamento” alone may be anybody's request.
        r"\b(encaminh(a-se|o|amos|e-se|am-se)|remet(e-se|o|emos|a-se|em-se)|(faco|fazemos) (a )?(remessa|encaminhamento))\b",
        r"\b(receita federal|rfb|srrf|drf|drj)\b",
        r"\b(processo|autos)\b",
        r"\b(folhas?|fls?)\b",
        r"\b(impugn|defesa|revelia|contestac)",
    )
)
_PLEADS = re.compile(
    r"\b(requer|deferimento|pede e espera|ilustrissim|excelentissim|ilmo|exmo|fica .{0,60}\b(intimad|notificad))"
)


def is_termo(text: str) -> bool:
    """Whether the text of a page is that of a termo."""
    plain = fold(text)
    if not LEAST_LETTERS <= len(plain) <= MOST_LETTERS or _PLEADS.search(plain):
        return False
    return all(part.search(plain) for part in _CONTAINS)
