"""The facts taken from the words of a page: counters, process numbers, folhas.

    page_says(words) -> PageSays(counter=(2, 5), …)

Nothing else of a page is kept: its text stays in the PDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from itrwatch.core.encoded_page import Word
from itrwatch.core.page_dates import received_and_filed
from itrwatch.core.pages import Spot
from itrwatch.core.processo import Processo, find_processo
from itrwatch.core.text_matching import fold

MOST_PAGES = 400
"""Largest M of “Página N de M” that is taken for a page counter. Chosen."""
LONG = 9
"""Digits of a number that may be a case number. Chosen: an old number of 15 digits still has 9 without year and check digits."""
RIGHT, UPPER = 0.55, 0.15
"""Where a folha number stands, as shares of the page's width and height: right of the first, above the second. Chosen."""
MARGIN = 0.2
"""Share of the page's height above and below which a counter may stand beside other words. Chosen: a letterhead takes so much."""
TOGETHER = 1.5
"""Widest gap between two words of a phrase, in heights of their line. Chosen: a word that was read with doubt leaves a wider one."""
A4 = (595.0, 842.0)

Range = tuple[int, int]
"""First and last folha."""


@dataclass(frozen=True, slots=True)
class PageSays:
    """The facts of a page; None, empty or False if it does not say them.

    ``counter``: “Página 2 de 5”; ``processos``: process numbers after the word “Processo” with right check digits;
    ``digits``: the digits of all long numbers; ``doubt``: whether a long number was read with doubt. ``folha``: a number in the
    upper right corner, “Fls. 12”. ``cited``: “folhas 14 a 17”; ``through``: N of “folhas numeradas de 1 a N”; ``inclusive``:
    whether the word is on the page; ``impugnacao``: whether it speaks of one; ``unclear``: whether any number or any part
    of that word was read with doubt; ``words``: the number of certain words. ``received`` and ``filed``: see `received_and_filed`.
    ``listed``: whether it cites folhas otherwise than “14 a 17”. ``spots``: fact → the place of the first line that says it.
    """

    counter: tuple[int, int] | None = None
    processos: tuple[Processo, ...] = ()
    digits: tuple[str, ...] = ()
    doubt: bool = False
    folha: int | None = None
    cited: tuple[Range, ...] = ()
    through: tuple[int, ...] = ()
    inclusive: bool = False
    impugnacao: bool = False
    unclear: bool = False
    words: int = 0
    received: tuple[date, ...] = ()
    filed: tuple[date, ...] = ()
    spots: Mapping[str, Spot] = field(default_factory=dict)
    listed: bool = False


def page_says(words: Sequence[Word], doubtful: Sequence[str] = (), size: tuple[float, float] = A4) -> PageSays:
    """Words → facts; ``doubtful``: the words that were read with doubt; ``size``: width and height of the page, pt."""
    rows = [list(row) for _, row in groupby(words, key=lambda word: word.line)]
    said = [_facts(row, size) for row in rows]
    found = {fact: tuple(dict.fromkeys(one for facts in said for one in facts[fact])) for fact in _FACTS}
    sure, others = ([re.sub(r"\D", "", text) for text in texts] for texts in ((word.text for word in words), doubtful))
    own = [fold(word.text) for word in words]
    return PageSays(
        found["counter"][0] if len(found["counter"]) == 1 else None,
        found["processos"],
        tuple(dict.fromkeys(digits for digits in sure if len(digits) >= LONG)),
        any(len(digits) >= LONG for digits in others),
        found["folha"][0] if len(found["folha"]) == 1 else None,
        found["cited"],
        found["through"],
        any("inclu" in text for text in own),
        any(_speaks_of_it(text) for text in own),
        any(digits or _part_of_it(text) for digits, text in zip(others, map(fold, doubtful), strict=True)),
        len(words),
        found["received"],
        found["filed"],
        # From the last row to the first, so that the first one remains.
        {
            fact: _spot(row, size)
            for row, facts in zip(rows[::-1], said[::-1], strict=True)
            for fact in _FACTS
            if facts[fact]
        },
        bool(found["listed"]),
    )


_FACTS = ("counter", "processos", "folha", "cited", "through", "listed", "received", "filed")


def _facts(row: Sequence[Word], size: tuple[float, float]) -> dict[str, tuple[Any, ...]]:
    """What one line says: each of `_FACTS` → all that was found."""
    texts, phrases = [word.text for word in row], list(_phrases(row))
    ranges = [found for phrase in phrases for found in _CITED.finditer(phrase)]
    folha = _folha(row, size)
    received, filed = received_and_filed(phrases)
    return {
        "counter": tuple(_counters(row, size)),
        "processos": tuple(_labelled(texts)),
        "folha": () if folha is None else (folha,),
        "cited": tuple((int(found[2]), int(found[3])) for found in ranges if not found[1]),
        "through": tuple(int(found[3]) for found in ranges if found[1] and int(found[2]) == 1),
        "listed": tuple(True for phrase in phrases if _LISTED.search(phrase)),
        "received": received,
        "filed": filed,
    }


def _spot(row: Sequence[Word], size: tuple[float, float]) -> Spot:
    boxes = [word.box for word in row]
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return left / size[0], top / size[1], right / size[0], bottom / size[1]


_CITED = re.compile(
    r"\b(?:folhas|fls?\.?) (numeradas (?:sequencialmente )?)?(?:de |n[º.o]* ?)?(\d{1,4}) (?:a|à|até) (\d{1,4})(?=[ ,.;)]|$)(?![.,]\d)",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"\b(?:folhas?|fls?\.?) (?:n[º.o]*s? ?)?\d{1,4}(?:[-–/]\d|(?:, ?\d{1,4})* e \d|, ?\d| [-–/] ?\d)", re.IGNORECASE
)
"""“fls. 14/17”, “folhas 14, 15 e 16”, “fls. 14-17”."""
_COUNTER = re.compile(r"(?<!\w)p[áa]g(?:ina|\.)?:? (\d{1,3}) ?(?:de|/) ?(\d{1,3})(?![\d/.-]\d|\d)", re.IGNORECASE)
_CITING = ",;()"
"""Signs beside a counter that are those of a sentence."""
_OTHER_WORDS = ("impugn", "defesa", "contesta", "revelia", "recurso")
"""Beginnings of words with which a termo speaks of the impugnação, or of its absence."""


def _speaks_of_it(text: str) -> bool:
    return any(word in text for word in _OTHER_WORDS)


def _part_of_it(text: str) -> bool:
    """Whether a word that was read with doubt may be one of those: it has four letters of one in a row."""
    return any(word[at : at + 4] in text for word in _OTHER_WORDS for at in range(len(word) - 3))


def _phrases(row: Sequence[Word]) -> Iterator[str]:
    """The texts of the words of a line without a wide gap between them."""
    phrase: list[str] = []
    before: Word | None = None
    for word in row:
        if before and word.box.left - before.box.right > TOGETHER * (word.box.bottom - word.box.top):
            yield " ".join(phrase)
            phrase = []
        phrase.append(word.text)
        before = word
    yield " ".join(phrase)


def _folha(row: Sequence[Word], size: tuple[float, float]) -> int | None:
    """The number of a line “Fls. 12” that stands alone in the upper right corner."""
    if row[0].box.left < RIGHT * size[0] or row[0].box.bottom > UPPER * size[1]:
        return None
    text = " ".join(word.text for word in row)
    found = re.fullmatch(r"(?:folhas?|fls?)\.?:?(?: n[º.o]*:?)? ?(\d{1,4})", text, re.IGNORECASE)
    return int(found[1]) if found else None


def _counters(row: Sequence[Word], size: tuple[float, float]) -> Iterator[tuple[int, int]]:
    """The page counters of a line: “Página 2 de 5”, “Pág. 2/5” → (2, 5).

    A text cites pages of others (“ver o laudo, pág. 2/5, e”): a counter is a line by itself, or ends or begins one of header or footer.
    """
    at_edge = row[0].box.bottom < MARGIN * size[1] or row[0].box.top > (1 - MARGIN) * size[1]
    for phrase in _phrases(row) if at_edge else [" ".join(word.text for word in row)]:
        for found in _COUNTER.finditer(phrase):
            before, after = phrase[: found.start()].strip(), phrase[found.end() :].strip()
            beside = [any(map(str.isalnum, text)) for text in (before, after)]
            cited = any(sign and sign in _CITING for sign in (before[-1:], after[:1]))
            number, of = int(found[1]), int(found[2])
            if not cited and sum(beside) <= at_edge and 1 <= number <= of <= MOST_PAGES and of > 1:
                yield number, of


def _labelled(line: Sequence[str]) -> Iterator[Processo]:
    """The process numbers after “Processo nº” in a line."""
    for found in re.finditer(
        r"(?<!\w)processo(?: administrativo| fiscal)*:? (?:n[º.o]*:? )?(\d\S+)", " ".join(line), re.IGNORECASE
    ):
        number = find_processo(found[1])
        if number and number.check_digits_agree:
            yield number
