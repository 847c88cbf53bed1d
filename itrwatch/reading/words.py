"""Words of a line with their boxes, and which of them are to be believed.

    words_of(line, letters) -> (ReadWord("Fls.", (120, 40, 171, 66), 0.998, sure=True), …)

How sure the recogniser is of its letters is not enough: a number that is cut at the end of its box scores 1.00. So a word is
sure only if nothing of these signs is there: other ink within `BEYOND_MM`, ink that was read as nothing, a neighbour that may be the
rest of it, letters mixed with digits, a capital after a small letter. Measured: ``python -m bench reading``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from itrwatch.reading.cutting import TextLine
from itrwatch.reading.recognise import Letter

SURE = 0.90
"""Chosen (`python -m bench reading`): how sure the recogniser is of the least sure letter of a word that is believed."""
SPLIT_GAP = 0.80
"""A gap without ink that is wider than this share of the line's height parts two words, whatever was read. Chosen: the spaces of
a typewriter are 0.9, its letters at most 0.6 apart."""

LEAST_SPACE, SURE_SPACE = 0.22, 0.36
"""Between figures a gap below the first share of the line's height is no space, above the second it is one, and in between neither
number is believed. Chosen: a 1 has gaps of up to 0.3 beside it."""
WIDE_INSIDE, WIDER = 0.5, 2.5
"""A gap between two figures that is wider than the first share of their height, and so many times as wide as the middle one of the
number, may be a space: the number is not believed. Chosen: a printed 1 has 0.4 beside it; figures by hand stand at will, those of a typewriter are
all far apart."""
DARK = 160
"""Grey value below which a pixel of a line's picture is taken for ink. Chosen."""
WIDEST = 0.9
"""Half of the widest letter, as a share of the line's height: ink further from the middle of any letter was not read. Chosen: a W has 0.7."""
SEPARATORS, DASHES = "·•", "-–—/"
"""Signs that part words, and those that do where there is a gap beside them."""

ALONE = "aàáeéoóAÀÁEÉOÓIVXLCDM"
"""Letters that are words by themselves, or figures of the Romans; another one is a piece of a word."""


@dataclass(frozen=True, slots=True)
class ReadWord:
    """``box``: left, top, right, bottom in px of the page. ``least``: as of the least sure letter. ``line``: its number on the page."""

    text: str
    box: tuple[int, int, int, int]
    least: float
    sure: bool


def words_of(line: TextLine, letters: Sequence[Letter]) -> tuple[ReadWord, ...]:
    """The words of a line from left to right."""
    groups = _grouped(line, letters)
    bounds = [0, *(_between(line, one[-1].at, other[0].at) for one, other in pairwise(groups))]
    bounds.append(len(line.columns))
    cores = [_without_doubtful_ends(group) for group in groups]
    sure = [min(letter.sure for letter in core) >= SURE for core in cores]
    whole = [True, *(_apart(line, *pair, all(sure[at : at + 2])) for at, pair in enumerate(pairwise(groups))), True]
    offset = line.box[0] - line.pad
    words = []
    for place, core in enumerate(cores):
        left, right = _inked(line, bounds[place], bounds[place + 1])
        if groups[place][0].text in SEPARATORS:
            continue
        text, least = _roman("".join(letter.text for letter in core)), min(letter.sure for letter in core)
        believed = (
            len(letters) > 1
            and sure[place]
            and whole[place]
            and whole[place + 1]
            and _is_clear(line, groups[place], left, right)
            and not _may_be_two(line, core, left, right)
        )
        box = (left + offset, line.box[1], right + offset, line.box[3])
        words.append(ReadWord(text, box, least, believed and is_plausible(text)))
    return tuple(words)


def _is_clear(line: TextLine, group: list[Letter], left: int, right: int) -> bool:
    """Whether no other ink is near, and all ink of the word was read as a letter: a blot over a figure is read as nothing."""
    if line.foreign[left:right].any():
        return False
    inked = left + np.flatnonzero(line.columns[left:right])
    apart = np.abs(inked[:, None] - np.array([letter.at for letter in group])[None]).min(axis=1)
    return bool((apart <= WIDEST * (line.box[3] - line.box[1])).all())


def _may_be_two(line: TextLine, group: list[Letter], left: int, right: int) -> bool:
    """Whether a gap in a number may be a space; by the height of its own figures, since a line by hand goes up and down."""
    gaps = [_gap(line, one.at, other.at) for one, other in pairwise(group)]
    inside = [gap for gap, (one, other) in zip(gaps, pairwise(group), strict=True) if (one.text + other.text).isdigit()]
    if not inside:
        return False
    rows = np.flatnonzero((line.picture[:, left:right] < DARK).any(axis=1))
    high = int(rows[-1] - rows[0]) + 1 if len(rows) else len(line.picture)
    return max(inside) > max(WIDE_INSIDE * high, WIDER * median(gaps))


def _without_doubtful_ends(group: list[Letter]) -> list[Letter]:
    """A word without the points and commas at its ends that are not sure: “DIAT,” is DIAT if the comma may be a point."""
    core = list(group)
    while len(core) > 1 and not core[-1].text.isalnum() and core[-1].sure < SURE:
        core.pop()
    while len(core) > 1 and not core[0].text.isalnum() and core[0].sure < SURE:
        core.pop(0)
    return core


def is_plausible(text: str) -> bool:
    """Whether a word is made as words are: “Lei” and “9.393/1996” are, “9.39Z” and “paRte” are not."""
    letters = [letter for letter in text if _is_letter(letter)]
    if re.match(r"[.,/]\d", text):
        return False  # the rest of a number
    if letters and any(letter.isdigit() for letter in text):
        return False
    if re.search(r"\d[ºª]", text) and not re.fullmatch(r"\W?\d+[ºª]\W?", text):
        return False
    if len(letters) == 1 and len(text.strip(".,;:()")) == 1 and letters[0] not in ALONE:
        return False
    return not re.search(r"[a-zà-ü][A-ZÀ-Ü]", text)


def _roman(text: str) -> str:
    """“II” where a sans-serif face made “Il” of it."""
    return text.replace("l", "I") if re.fullmatch(r"[Il]{2,}[.,;:)]*", text) else text


def _is_letter(letter: str) -> bool:
    return letter.isalpha() and letter not in "ªº"


def _grouped(line: TextLine, letters: Sequence[Letter]) -> list[list[Letter]]:
    """The letters of each word: parted where a space was read, where the ink has a wide gap, and around a dash that stands alone."""
    high = line.box[3] - line.box[1]
    groups: list[list[Letter]] = []
    before: Letter | None = None
    space = True
    for letter in letters:
        if not letter.text.strip():
            space = True
            continue
        if letter.text in SEPARATORS:
            groups.append([letter])
            before, space = letter, True
            continue
        gap = _gap(line, before.at, letter.at) / high if before else 0.0
        figures = before is not None and before.text.isdigit() and letter.text.isdigit()
        alone = before is not None and _part_by_themselves(before, letter, gap)
        if before is None or gap > SPLIT_GAP or alone or (space and not (figures and gap < LEAST_SPACE)):
            groups.append([])
        groups[-1].append(letter)
        before, space = letter, False
    return groups


def _part_by_themselves(one: Letter, other: Letter, gap: float) -> bool:
    """Whether no space has to be read between these two: “nº” and a number, a word and a number, a dash that stands alone."""
    if one.text == "º" and other.text.isdigit():
        return True
    if (one.text in DASHES and other.text.isdigit()) or (one.text.isdigit() and other.text in DASHES):
        return False  # of one number: a 1 has a wide gap beside it
    kinds = (_is_letter(one.text) and other.text.isdigit()) or (one.text.isdigit() and _is_letter(other.text))
    return gap > LEAST_SPACE and (kinds or one.text in DASHES or other.text in DASHES)


def _is_number(group: list[Letter]) -> bool:
    return any(letter.text.isdigit() for letter in group)


def _apart(line: TextLine, one: list[Letter], other: list[Letter], sure: bool) -> bool:
    """Whether two words are surely two, and not a word or a number that is cut.

    ``sure``: both are read surely; where one is not, what parts them may have been read wrongly, too.
    """
    if one[-1].text in SEPARATORS or other[0].text in SEPARATORS:
        return True
    figures = _is_number(one) and _is_number(other)
    least = SURE_SPACE if figures else 0.0 if sure else LEAST_SPACE
    return _gap(line, one[-1].at, other[0].at) >= least * (line.box[3] - line.box[1])


def _runs(line: TextLine, start: float, end: float) -> list[tuple[int, int]]:
    """Where there is no ink between two places, in px of the picture."""
    first, last = max(0, int(start)), min(len(line.columns), int(end) + 1)
    empty = ~line.columns[first:last]
    steps = np.flatnonzero(np.diff(np.concatenate([[0], empty, [0]]).astype(np.int8)))
    return [(int(one) + first, int(other) + first) for one, other in steps.reshape(-1, 2)]


def _gap(line: TextLine, start: float, end: float) -> int:
    return max((other - one for one, other in _runs(line, start, end)), default=0)


def _between(line: TextLine, start: float, end: float) -> int:
    """The middle of the widest gap between two letters."""
    runs = _runs(line, start, end)
    if not runs:
        return round((start + end) / 2)
    one, other = max(runs, key=lambda run: run[1] - run[0])
    return (one + other) // 2


def _inked(line: TextLine, start: int, end: int) -> tuple[int, int]:
    inked = np.flatnonzero(line.columns[start:end])
    return (start + int(inked[0]), start + int(inked[-1]) + 1) if len(inked) else (start, max(end, start + 1))
