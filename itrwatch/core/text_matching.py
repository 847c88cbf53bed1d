"""Words as people write them: accents, capitals and plurals forgiven, the nearest known word found; things counted."""

from __future__ import annotations

import difflib
import functools
import unicodedata
from collections.abc import Iterable

_PLURALS = (("oes", "ao"), ("aes", "ao"), ("ais", "al"), ("eis", "el"), ("ns", "m"), ("s", ""))
_LONGEST_WORD = 40  # difflib takes quadratic time; no word of ours is longer
_LONGEST_SHOWN = 60


def fold(text: str) -> str:
    """``« CIÊNCIAS »`` → ``«ciencias»``: no accents, capitals, invisible signs or doubled blanks."""
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
    """The choice that ``word`` was probably meant to be; None if none is near."""
    by_stem = _by_stem(tuple(choices))
    found = difflib.get_close_matches(stem(word[:_LONGEST_WORD]), by_stem, n=1, cutoff=0.65)
    return by_stem[found[0]] if found else None


def suggestion(word: str, choices: Iterable[str]) -> str:
    """End of a sentence about an unknown word: the nearest one, or all that exist."""
    choices = tuple(choices)
    near = nearest(word, choices)
    return f"você quis dizer «{near}»?" if near else f"as palavras que existem são: {', '.join(choices)}"


def counted(number: int, one: str, many: str) -> str:
    """«1 página», «2 páginas»."""
    return f"{number} {one if number == 1 else many}"


def cited(text: str) -> str:
    """``text`` between «», on one line and short enough for a sentence."""
    line = " ".join(text.split())
    return f"«{line}»" if len(line) <= _LONGEST_SHOWN else f"«{line[:_LONGEST_SHOWN]}…»"
