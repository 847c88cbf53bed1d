"""Compares words as people write them: ignores accents, capitals and plurals, and finds the nearest known word.

nearest("notificasao", ("notificacao", "impugnacao")) -> "notificacao"
"""

from __future__ import annotations

import difflib
import functools
import unicodedata
from collections.abc import Iterable

_PLURALS = (("oes", "ao"), ("aes", "ao"), ("ais", "al"), ("eis", "el"), ("ns", "m"), ("s", ""))
_LONGEST_WORD = 40  # letters; chosen: no known word is longer, and the comparison takes quadratic time
_LONGEST_SHOWN = 60  # characters of a cited text; chosen
_BEGINNING = 4  # letters of an abbreviation; chosen


def fold(text: str) -> str:
    """``" CIÊNCIAS "`` → ``"ciencias"``: without accents, capitals, invisible characters or repeated blanks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = (letter for letter in plain if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf")
    return " ".join("".join(letters).split())


def stem(word: str) -> str:
    """The folded word in the singular, precise enough for the few words of the sidecar."""
    folded = fold(word)
    for plural, singular in _PLURALS:
        if folded.endswith(plural) and len(folded) > len(plural) + 1:
            return folded.removesuffix(plural) + singular
    return folded


@functools.cache
def _by_stem(choices: tuple[str, ...]) -> dict[str, str]:
    """The choices by their stems; cached, because there are few lists of words."""
    return {stem(choice): choice for choice in choices}


def match(word: str, choices: Iterable[str]) -> str | None:
    """The choice equal to ``word`` except for accents, capitals and plural; None if there is none."""
    if len(word) > _LONGEST_WORD:
        return None
    return _by_stem(tuple(choices)).get(stem(word))


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that ``word`` probably means; None if none is near.

    A word is near if at most one letter in three is wrong, missing or extra (chosen: “notificasao” and “dirt” are
    found, “situacao” does not match “impugnacao”), or if its first four letters begin only one choice.
    """
    by_stem = _by_stem(tuple(choices))
    written = stem(word[:_LONGEST_WORD])
    found = difflib.get_close_matches(written, by_stem, n=1, cutoff=0.6)
    if found and _slips(written, found[0]) <= max(1, len(written) // 3):
        return by_stem[found[0]]
    begun = [choice for choice in by_stem if choice.startswith(written)] if len(written) >= _BEGINNING else []
    return by_stem[begun[0]] if len(begun) == 1 else None


def _slips(one: str, other: str) -> int:
    """Damerau–Levenshtein distance: letters wrong, missing, extra or exchanged with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, its in enumerate(other, start=1):
            # Two rows of the table suffice for missing, extra and wrong letters; an exchange needs the row before them.
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]


def suggestion(word: str, choices: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: the nearest choice, or all choices."""
    choices = tuple(choices)
    near = nearest(word, choices)
    return f"você quis dizer “{near}”?" if near else f"as palavras que existem são: {', '.join(choices)}"


def counted(number: int, one: str, many: str) -> str:
    """“1 página”, “2 páginas”."""
    return f"{number} {one if number == 1 else many}"


def cited(text: str) -> str:
    """``text`` between “”, on one line and cut to the length of a sentence."""
    line = " ".join(text.split())
    return f"“{line}”" if len(line) <= _LONGEST_SHOWN else f"“{line[:_LONGEST_SHOWN]}…”"
