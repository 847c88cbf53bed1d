"""Words as people write them: accents, capitals and plurals forgiven, the nearest known word found; things counted."""

from __future__ import annotations

import difflib
import functools
import unicodedata
from collections.abc import Iterable

_PLURALS = (("oes", "ao"), ("aes", "ao"), ("ais", "al"), ("eis", "el"), ("ns", "m"), ("s", ""))
_LONGEST_WORD = 40  # difflib takes quadratic time; no word of ours is longer; chosen
_LONGEST_SHOWN = 60  # chosen
_BEGINNING = 4  # chosen


def fold(text: str) -> str:
    """``“ CIÊNCIAS ”`` → ``“ciencias”``: no accents, capitals, invisible signs or doubled blanks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = (letter for letter in plain if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf")
    return " ".join("".join(letters).split())


def stem(word: str) -> str:
    """The folded word in the singular, good enough to compare the few words that the sidecar knows."""
    folded = fold(word)
    for plural, singular in _PLURALS:
        if folded.endswith(plural) and len(folded) > len(plural) + 1:
            return folded.removesuffix(plural) + singular
    return folded


@functools.cache
def _by_stem(choices: tuple[str, ...]) -> dict[str, str]:
    """The choices by their stems; the few lists of words that there are, made once."""
    return {stem(choice): choice for choice in choices}


def match(word: str, choices: Iterable[str]) -> str | None:
    """The choice that ``word`` means but for accents, capitals and plural; None if there is none."""
    if len(word) > _LONGEST_WORD:
        return None
    return _by_stem(tuple(choices)).get(stem(word))


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that ``word`` was probably meant to be; None if none is near.

    Near is a slip of the keyboard: one letter in three wrong, missing or too many (chosen: “notificasao” and “dirt”
    are found, “situacao” is no “impugnacao”), or a beginning of four letters that only one choice has.
    """
    by_stem = _by_stem(tuple(choices))
    written = stem(word[:_LONGEST_WORD])
    found = difflib.get_close_matches(written, by_stem, n=1, cutoff=0.6)
    if found and _slips(written, found[0]) <= max(1, len(written) // 3):
        return by_stem[found[0]]
    begun = [choice for choice in by_stem if choice.startswith(written)] if len(written) >= _BEGINNING else []
    return by_stem[begun[0]] if len(begun) == 1 else None


def _slips(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many or exchanged with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, its in enumerate(other, start=1):
            # Damerau-Levenshtein with two rows kept: missing, too many, wrong; exchanged neighbours need the row
            # before.
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]


def suggestion(word: str, choices: Iterable[str]) -> str:
    """End of a sentence about an unknown word: the nearest one, or all that exist."""
    choices = tuple(choices)
    near = nearest(word, choices)
    return f"você quis dizer “{near}”?" if near else f"as palavras que existem são: {', '.join(choices)}"


def counted(number: int, one: str, many: str) -> str:
    """“1 página”, “2 páginas”."""
    return f"{number} {one if number == 1 else many}"


def cited(text: str) -> str:
    """``text`` between “”, on one line and short enough for a sentence."""
    line = " ".join(text.split())
    return f"“{line}”" if len(line) <= _LONGEST_SHOWN else f"“{line[:_LONGEST_SHOWN]}…”"
