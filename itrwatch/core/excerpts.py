"""Shows a line of the sidecar with its fault marked, and the corrected line.

    excerpt("secoes:<TAB>x", 9) -> ("secoes:→x", 9)

Findings are read in Notepad: characters that Notepad hides are made visible, and each character of the line is
shown as one character, so that a caret stands under the right one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from itrwatch.core.findings import Finding

WIDEST = 100
"""Characters of a line that are shown, about the width of a Notepad window. Chosen."""
_BEFORE = 60  # characters before the caret at most; chosen
_LONGEST_PROPOSAL = 300  # characters; chosen: nobody copies a longer line by hand

TAB = "  "
"""Replacement for a tab at the start of a line, in reading and in proposals."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """``text``: the lines that replace ``replaces`` lines; empty to delete them."""

    text: str
    replaces: int = 1


DELETE = Replacement("")
"""Deletes the line."""

_BARE = re.compile(r"[\w/.(][\w/ .()+=@&~^-]*")


def yaml_text(text: str) -> str:
    """``text`` as a YAML scalar: unchanged if it consists of letters, digits and signs that mean nothing in YAML, else in single quotes."""
    plain = _BARE.fullmatch(text) and text == text.strip()
    return text if plain else "'" + text.replace("'", "''") + "'"


Fix = str | tuple[str, str] | Replacement
"""The whole corrected line; or (text at the place, text that replaces it); or several lines."""


def excerpt(line: str, column: int) -> tuple[str, int]:
    """``line`` with hidden characters made visible, cut to `WIDEST`, and the position of ``column`` in it, from 1."""
    # NFC: one character is one column, so that the caret is aligned.
    before = unicodedata.normalize("NFC", line[: column - 1][-_BEFORE:])
    after = unicodedata.normalize("NFC", line[column - 1 :][: WIDEST - len(before)])
    head = "…" if column - 1 > _BEFORE else ""
    tail = "…" if len(line) - column + 1 > WIDEST - len(before) else ""
    return head + _visible(before + after).rstrip() + tail, len(head) + len(before) + 1


def corrected(line: str, column: int, fix: Fix) -> str:
    """``line`` after ``fix``, or an empty string if the fix would not help."""
    if isinstance(fix, Replacement):
        return "\n".join(map(_plain, fix.text.split("\n")))
    if isinstance(fix, str):
        new = fix
    else:
        start, rest = line[: column - 1], line[column - 1 :]
        if not all(fix) or fix[0] not in rest:
            return ""
        new = start + rest.replace(*fix, 1)
    plain = _plain(new)
    return plain if plain != line.rstrip() and len(plain) <= _LONGEST_PROPOSAL else ""


def _plain(line: str) -> str:
    """The line with blanks in place of leading tabs and invisible characters."""
    line = line.rstrip()
    lead = len(line) - len(line.lstrip())
    line = line[:lead].replace("\t", TAB) + line[lead:]
    return "".join(sign if sign.isprintable() else " " for sign in line)


def illustrated(finding: Finding, lines: Sequence[str], fix: Fix = "") -> Finding:
    """The finding with its line and, if ``fix`` gives one, the correction; unchanged if it has no line among ``lines``."""
    if finding.line is None or finding.column is None or finding.excerpt or not 0 < finding.line <= len(lines):
        return finding
    line = lines[finding.line - 1]
    shown, caret = excerpt(line, finding.column)
    proposal = corrected(line, finding.column, fix) if fix else ""
    replaces = fix.replaces if isinstance(fix, Replacement) else int(bool(proposal))
    return replace(finding, excerpt=shown, caret=caret, proposal=proposal, replaces=replaces) if shown else finding


def _visible(text: str) -> str:
    return "".join(_sign(sign) for sign in text)


def _sign(sign: str) -> str:
    if sign == "\t":
        return "→"
    if sign == " " or sign.isprintable():
        return sign
    return "␣" if unicodedata.category(sign) == "Zs" else "□"
