"""Stacks of scans by their numbering, and sections by titles and file names.

    stacks(["scan 002.jpg", "scan 001.jpg", "noti.pdf"]) -> (("noti.pdf",), ("scan 001.jpg", "scan 002.jpg"))
    title_section("NOTIFICAÇÃO DE LANÇAMENTO Nº 12") -> Section.NOTIFICACAO

``scan 001.jpg``, ``scan 002.jpg`` … are one stack of paper, with one page a file or many; a section that a separator
sheet or heading begins in one continues in the next. A file with a name of its own is a stack by itself. A missing
number ends a stack, because the missing file may begin another section.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from itrwatch.core.filenames import SCAN_SUFFIXES
from itrwatch.core.pages import PageRef
from itrwatch.core.sections import Section
from itrwatch.core.text_matching import fold

LAST = 3
"""Pages at the end of a stack of which the text is read if they have no title: a termo closes the case, and a blank page may follow.
Chosen: each takes a second."""

_NUMBER = re.compile(r"[0-9]+")
_YEARS = range(1990, 2100)


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """The names in natural order: ``scan 2`` before ``scan 10``."""
    return tuple(sorted(names, key=_natural))


def stacks(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The names in natural order, grouped where the numbers are consecutive."""
    found: list[list[str]] = []
    expected: tuple[str, int, str] | None = None
    for name in in_order(names):
        own = series(name)
        if own is not None and own == expected:
            found[-1].append(name)
        else:
            found.append([name])
        expected = own and (own[0], own[1] + 1, own[2])
    return tuple(tuple(stack) for stack in found)


def last_of_stacks(refs: Sequence[PageRef]) -> frozenset[PageRef]:
    """The last `LAST` pages of each stack of scans (`stacks`)."""
    pages = {name: [ref for ref in refs if ref.file == name] for name in dict.fromkeys(ref.file for ref in refs)}
    found = ([ref for name in stack for ref in pages[name]][-LAST:] for stack in stacks(pages))
    return frozenset(ref for some in found for ref in some)


def _natural(name: str) -> tuple[tuple[int, str, int], ...]:
    pieces = re.split(r"([0-9]+)", fold(name))
    # Numbers sort before text; 18 digits suffice for any counter, and int() of thousands of digits is slow.
    keys = ((0, "", int(piece[:18])) if piece.isdigit() else (1, piece, 0) for piece in pieces if piece)
    return (*keys, (2, name, 0))


def series(name: str) -> tuple[str, int, str] | None:
    """``scan 001.jpg`` → ``("scan ", 1, ".jpg")``: the text around the scanner's counter; None if there is none, or it is a year."""
    stem, _, suffix = fold(name).rpartition(".")
    numbers = list(_NUMBER.finditer(stem))
    if not numbers or int(numbers[-1][0][-9:]) in _YEARS:
        return None
    last = numbers[-1]
    return stem[: last.start()], int(last[0][-9:]), f"{stem[last.end() :]}.{suffix}"


_TITLES: tuple[tuple[Section, tuple[str, ...]], ...] = (
    (Section.TCIF, ("termo de constatacao e intimacao fiscal", "termo de constatacao")),
    (
        Section.TIF,
        ("termo de intimacao fiscal", "termo de intimacao", "termo de inicio de fiscalizacao", "intimacao fiscal"),
    ),
    (Section.TERMO, ("termo de encaminhamento", "despacho de encaminhamento")),
    (
        Section.NOTIFICACAO,
        ("notificacao de lancamento", "notificacao fiscal de lancamento", "notificacao do lancamento"),
    ),
    (
        Section.CIENCIA,
        (
            *("aviso de recebimento", "ar aviso de recebimento", "termo de juntada de ar", "termo de juntada de aviso"),
            *("termo de ciencia", "ciencia da notificacao", "edital de intimacao", "edital de notificacao", "edital"),
        ),
    ),
    (
        Section.DITR,
        (
            *("ditr", "diac", "diat", "declaracao do itr", "recibo de entrega da declaracao do itr"),
            *(
                "declaracao do imposto sobre a propriedade territorial rural",
                "documento de informacao e apuracao do itr",
            ),
            *("documento de informacao e atualizacao cadastral", "imposto sobre a propriedade territorial rural"),
        ),
    ),
    (Section.IMPUGNACAO, ("impugnacao", "ilustrissimo senhor", "excelentissimo senhor", "ilmo sr delegado")),
    (Section.CAPA, ("capa do processo", "capa de processo", "capa", "autuacao", "termo de autuacao")),
)
"""Titles of the documents of a case, folded; a title that begins with another one stands before it."""

_COVER = ("interessado", "requerente", "contribuinte")
"""A page is a cover if it has “PROCESSO” on one line and one of these words on another."""

_LEAD = 4
"""Letters allowed before a title: “1º”, “(AR)”, “N°”. Chosen."""
_REST_CAPITALS, _REST_PLAIN = 60, 24
"""Letters allowed after a title, for a number and a year; fewer in a line not all in capitals, which may be a sentence. Chosen."""
_ALIKE = 0.88
"""Similarity of a misread title: allows two letters of “NOTIFICACAO DE LANCAMENTO”; only for titles of at least `_LONG`. Chosen."""
_LONG = 12  # letters; chosen

_NAMES: tuple[tuple[Section, frozenset[str], bool], ...] = (
    (Section.TCIF, frozenset({"tcif", "tcifs", "constatacao"}), True),
    (Section.TIF, frozenset({"tif", "tifs", "intimacao"}), True),
    (Section.IMPUGNACAO, frozenset({"impugna", "impugnacao", "impug", "defesa"}), True),
    (Section.TERMO, frozenset({"encaminhamento", "encaminha"}), True),
    (Section.CIENCIA, frozenset({"ar", "ciencia", "edital"}), True),
    (Section.CIENCIA, frozenset({"aviso", "recebimento"}), False),
    (Section.DITR, frozenset({"ditr", "diac", "diat"}), True),
    (Section.DITR, frozenset({"declaracao"}), False),
    (Section.NOTIFICACAO, frozenset({"noti", "notif", "notificacao", "nl", "lancamento"}), True),
    (Section.CAPA, frozenset({"capa", "autuacao"}), True),
    (Section.TERMO, frozenset({"termo"}), False),
)
"""Words of file names, with whether they are sure. The first matching line applies: the AR of a TIF belongs to the TIF, an
“ar da nl” is not a notificação, and “termo”, part of many document names, is last and not sure.
A “declaração” that is not “do ITR” may be one of residence, an “aviso” one of a debt."""

_OTHERWISE: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (
        frozenset({"noti", "notif", "notificacao", "nl", "lancamento"}),
        frozenset({"resposta", "manifestacao", "contestacao", "recurso"}),
    ),
    (frozenset({"intimacao"}), frozenset({"edital"})),
)
"""Words of file names that are not sure beside one of the others: “resposta à notificação” is an impugnação, “edital de intimação” a ciência."""
_SURE_TOGETHER = (frozenset({"declaracao", "itr"}), frozenset({"aviso", "recebimento"}))
"""Words of file names that are sure together."""


def title_section(line: str) -> Section | None:
    """The section of a document with this line as title; None for any other line."""
    text = _letters(line)
    capitals = mostly_capitals(line)
    for section, titles in _TITLES:
        for title in titles:
            if _headed(text, _letters(title), _REST_CAPITALS if capitals else _REST_PLAIN):
                return section
    return None


def cover_section(lines: tuple[str, ...]) -> Section | None:
    """`Section.CAPA` if the lines are those of a cover, which seldom has a title; else None."""
    # “PROCESSO” and a word for the party, each on a line of its own, anywhere on the page.
    texts = {fold(line).strip(" :.") for line in lines}
    return Section.CAPA if any(text.startswith("processo") for text in texts) and texts & set(_COVER) else None


_SIDES = {"frente": 0, "frentes": 0, "face": 0, "faces": 0, "verso": 1, "versos": 1, "costas": 1}


def fronts_with_backs(names: Iterable[str]) -> dict[str, str]:
    """``noti frente.pdf`` → ``noti verso.pdf``: the scan of the fronts and the scan of the backs from a one-sided feeder.

    The names differ only in that word; groups of more than two such files are skipped.
    """
    sides: dict[str, tuple[list[str], list[str]]] = {}
    for name in names:
        words = re.findall(r"[a-z]+|[0-9]+", fold(name))
        found = [word for word in words if word in _SIDES]
        if len(found) == 1:
            rest = " ".join(word for word in words if word not in _SIDES)
            sides.setdefault(rest, ([], []))[_SIDES[found[0]]].append(name)
    return {fronts[0]: backs[0] for fronts, backs in sides.values() if len(fronts) == len(backs) == 1}


def name_section(name: str) -> tuple[Section, bool] | None:
    """``AR da NL.pdf`` → (`Section.CIENCIA`, True): the section that a scan's name denotes, and whether it is sure; None if it denotes none."""
    folded = fold(name)
    stem = next((folded.removesuffix(suffix) for suffix in SCAN_SUFFIXES if folded.endswith(suffix)), folded)
    words = set(re.findall(r"[a-z]+", stem))
    for section, own, sure in _NAMES:
        if words & own:
            doubted = any(words & one and words & other for one, other in _OTHERWISE)
            return section, (sure or any(words >= both for both in _SURE_TOGETHER)) and not doubted
    return None


def _headed(text: str, title: str, rest: int) -> bool:
    at = text.find(title)
    # First the exact title; below, a misread one of the same length.
    if 0 <= at <= _LEAD:
        return len(text) - at - len(title) <= rest and (len(title) >= _LONG or _whole_word(text, title, at))
    if len(title) < _LONG or not len(title) - 2 <= len(text) <= len(title) + rest:
        return False
    return difflib.SequenceMatcher(None, text[: len(title)], title, autojunk=False).ratio() >= _ALIKE


def _whole_word(text: str, title: str, at: int) -> bool:
    """Whether the title is a whole word and not the beginning of another (“capacidade”, “diatribe”)."""
    after = text[at + len(title) :]
    return not after or not after[0].isalpha() or title in ("ditr", "impugnacao", "edital")


def _letters(line: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(line))


def mostly_capitals(line: str) -> bool:
    """Whether four fifths of the letters of a line are capitals."""
    letters = [letter for letter in line if letter.isalpha()]
    return sum(letter.isupper() for letter in letters) >= 0.8 * max(1, len(letters))
