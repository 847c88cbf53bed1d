"""Groups the letters of a line into words with their boxes, and decides which words are certain.

    words_of(line, letters) -> (ReadWord("Fls.", (120, 40, 171, 66), 0.998, sure=True), …)

The confidence of the recogniser is not sufficient: a number cut at the end of its box has 1.00. Therefore a word is certain only
without all of these signs: other ink within `BEYOND_MM`, ink that was not recognised, a neighbour that may be the rest of the word,
letters mixed with digits, a capital after a small letter. Measured by ``python -m bench reading``.
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
"""Least confidence of all letters of a certain word. Chosen (`python -m bench reading`)."""
SPLIT_GAP = 0.80
"""Gap without ink, as a share of the line's height, above which two words are separated regardless of the recogniser. Chosen: the spaces
of a typewriter are 0.9, the gaps between its letters at most 0.6."""

LEAST_SPACE, SURE_SPACE = 0.22, 0.36
"""Gap between digits, as a share of the line's height: below the first it is not a space, above the second it is one, in between neither
number is certain. Chosen: a 1 has gaps of up to 0.3 beside it."""
COMMA_SPACE = 0.3
"""The same as `LEAST_SPACE` after the comma or point of a number. Measured: 0.22 to 0.28 between a comma and a 1, 0.37 and more where a space is."""
WIDE, WIDER = 0.3, 1.6
"""A gap between two digits wider than the first (share of their height), and wider than the second times the narrowest gap of the number, may
be a space; the number is not certain then. Measured: 1 455 printed numbers have at most 0.22; handwritten digits are irregularly spaced, those
of a typewriter all widely."""
WIDE_AT_A_1, WIDER_AT_A_1 = 0.45, 2.5
"""The same beside a 1, and times the median gap. Measured: 0.42; a printed code in groups has 0.5."""
DARK = 160
"""Grey value below which a pixel of a line's picture is ink. Chosen."""
WIDEST = 0.9
"""Half width of the widest letter, as a share of the line's height; ink further from the middle of all letters was not recognised. Chosen: a W has 0.7."""
SEPARATORS, DASHES = "·•", "-–—/"
"""Signs that separate words, and signs that do so only with a gap beside them."""

ALONE = "aàáeéoóAÀÁEÉOÓIVXLCDM"
"""Letters that may be words, or Roman numerals; any other single letter is a part of a word."""


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word. ``box``: left, top, right, bottom in px of the page; ``least``: the lowest confidence of its letters; ``sure``: whether it is certain."""

    text: str
    box: tuple[int, int, int, int]
    least: float
    sure: bool


def words_of(line: TextLine, letters: Sequence[Letter]) -> tuple[ReadWord, ...]:
    """The words of a line, from left to right, without separators."""
    groups = _grouped(line, letters)
    # Words are bounded by the middle of the gaps between them; a box then shrinks to its ink.
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
        text, least = with_capital_i("".join(letter.text for letter in core)), min(letter.sure for letter in core)
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
    """Whether no other ink is near and all ink of the word was recognised as letters; a blot over a digit is not recognised."""
    if line.foreign[left:right].any():
        return False
    inked = left + np.flatnonzero(line.columns[left:right])
    # For every column with ink, the distance to the nearest letter: (columns, letters) → columns.
    apart = np.abs(inked[:, None] - np.array([letter.at for letter in group])[None]).min(axis=1)
    return bool((apart <= WIDEST * (line.box[3] - line.box[1])).all())


def _may_be_two(line: TextLine, group: list[Letter], left: int, right: int) -> bool:
    """Whether a gap in a number may be a space, judged by the height of its own digits: handwritten lines rise and fall."""
    gaps = [(one.text + other.text, _gap(line, one.at, other.at)) for one, other in pairwise(group)]
    at_a_1 = [gap for pair, gap in gaps if pair.isdigit() and "1" in pair]
    others = [gap for pair, gap in gaps if pair.isdigit() and "1" not in pair]
    if not at_a_1 + others:
        return False
    rows = np.flatnonzero((line.picture[:, left:right] < DARK).any(axis=1))
    high = int(rows[-1] - rows[0]) + 1 if len(rows) else len(line.picture)
    if others and max(others) > max(WIDE * high, WIDER * min(others)):
        return True
    return max(at_a_1, default=0) > max(WIDE_AT_A_1 * high, WIDER_AT_A_1 * median(gap for _, gap in gaps))


def _without_doubtful_ends(group: list[Letter]) -> list[Letter]:
    """A word without uncertain punctuation at its ends: “DIAT,” is DIAT if the comma may be a point."""
    core = list(group)
    while len(core) > 1 and not core[-1].text.isalnum() and core[-1].sure < SURE:
        core.pop()
    while len(core) > 1 and not core[0].text.isalnum() and core[0].sure < SURE:
        core.pop(0)
    return core


def is_plausible(text: str) -> bool:
    """Whether a text has the form of a word or number: “Lei” and “9.393/1996”, but not “9.39Z” and “paRte”."""
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


def with_capital_i(text: str) -> str:
    """“Il” → “II”, “lPÊ” → “IPÊ”, “lmposto” → “Imposto”: an l that can only be an I, which looks alike in sans-serif typefaces.

    In Portuguese no word begins with l and a consonant but lh; “ltda.” is an abbreviation.
    """
    if re.fullmatch(r"[Il]{2,}[.,;:)]*", text) or re.fullmatch(r"\W*(?=\w*[A-ZÀ-Ü]{2})[A-ZÀ-Ül]{3,}\W*", text):
        return text.replace("l", "I")
    return re.sub(r"^(\W*)l(?=[bcdfgjmnpqrstvxz][aeiouà-ü]|[mnrs][b-df-gj-np-tv-z][a-zà-ü])", r"\1I", text)


def _is_letter(letter: str) -> bool:
    return letter.isalpha() and letter not in "ªº"


def _grouped(line: TextLine, letters: Sequence[Letter]) -> list[list[Letter]]:
    """The letters of each word: split at recognised spaces, at wide gaps without ink, and around dashes with gaps."""
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
        least = _least_space(groups[-1], letter) if groups else 0.0
        alone = before is not None and _part_by_themselves(before, letter, gap)
        if before is None or gap > SPLIT_GAP or alone or (space and gap >= least):
            groups.append([])
        groups[-1].append(letter)
        before, space = letter, False
    return groups


def _least_space(group: list[Letter], letter: Letter) -> float:
    """Gap before ``letter``, as a share of the line's height, below which a recognised space is none: within a number; otherwise 0."""
    if not letter.text.isdigit():
        return 0.0
    if group[-1].text.isdigit():
        return LEAST_SPACE
    return COMMA_SPACE if group[-1].text in ",." and group[-2:-1] and group[-2].text.isdigit() else 0.0


def _part_by_themselves(one: Letter, other: Letter, gap: float) -> bool:
    """Whether two letters are separate words without a recognised space: “nº” and a number, a word and a number, a dash with a gap."""
    if one.text == "º" and other.text.isdigit():
        return True
    if (one.text in DASHES and other.text.isdigit()) or (one.text.isdigit() and other.text in DASHES):
        return False  # parts of one number: a 1 has a wide gap beside it
    kinds = (_is_letter(one.text) and other.text.isdigit()) or (one.text.isdigit() and _is_letter(other.text))
    return gap > LEAST_SPACE and (kinds or one.text in DASHES or other.text in DASHES)


def _is_number(group: list[Letter]) -> bool:
    return any(letter.text.isdigit() for letter in group)


def _apart(line: TextLine, one: list[Letter], other: list[Letter], sure: bool) -> bool:
    """Whether two words are certainly separate, not parts of one word or number.

    ``sure``: both have sufficient confidence; otherwise the space between them may be wrong too, and a wider gap is required.
    """
    if one[-1].text in SEPARATORS or other[0].text in SEPARATORS:
        return True
    figures = _is_number(one) and _is_number(other)
    least = SURE_SPACE if figures else 0.0 if sure else LEAST_SPACE
    return _gap(line, one[-1].at, other[0].at) >= least * (line.box[3] - line.box[1])


def _runs(line: TextLine, start: float, end: float) -> list[tuple[int, int]]:
    """The runs (start, end) of columns without ink between two positions, px of the picture."""
    first, last = max(0, int(start)), min(len(line.columns), int(end) + 1)
    # Zeros at both ends give every run of empty columns a start and an end in the differences.
    empty = ~line.columns[first:last]
    steps = np.flatnonzero(np.diff(np.concatenate([[0], empty, [0]]).astype(np.int8)))
    return [(int(one) + first, int(other) + first) for one, other in steps.reshape(-1, 2)]


def _gap(line: TextLine, start: float, end: float) -> int:
    """The width of the widest run; a dozen times as fast as all of them, and asked for every letter."""
    part = line.columns[max(0, int(start)) : int(end) + 1]
    return max(map(len, part.tobytes().split(b"\1")))


def _between(line: TextLine, start: float, end: float) -> int:
    """The middle of the widest gap between two positions; the middle of both if there is none."""
    runs = _runs(line, start, end)
    if not runs:
        return round((start + end) / 2)
    one, other = max(runs, key=lambda run: run[1] - run[0])
    return (one + other) // 2


def _inked(line: TextLine, start: int, end: int) -> tuple[int, int]:
    inked = np.flatnonzero(line.columns[start:end])
    return (start + int(inked[0]), start + int(inked[-1]) + 1) if len(inked) else (start, max(end, start + 1))
