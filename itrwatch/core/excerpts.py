"""A line of the sidecar shown with the slip in it, and as it should read.

A finding is read in Notepad, so that what Notepad hides must be seen, and a caret must stand under
the right letter: one sign is shown for each sign of the line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from itrwatch.core.findings import Finding

WIDEST = 100
"""Signs of a line that are shown, about the width of a Notepad window. Chosen."""
_BEFORE = 60  # of them at most so many before the caret; chosen
_LONGEST_PROPOSAL = 300  # what is longer is not copied by hand; chosen

TAB = "  "
"""What a tab at the start of a line is read as; a proposal shows it so."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """``text``: the lines that should stand in the place of ``replaces`` lines; none to delete them."""

    text: str
    replaces: int = 1


DELETE = Replacement("")
"""The line is one too many."""

_BARE = re.compile(r"\w[\w .()+=@&~^-]*")


def yaml_text(text: str) -> str:
    """``text`` as YAML takes it: as it is, or between single quotes where a sign in it means something to YAML."""
    plain = _BARE.fullmatch(text) and text == text.strip()
    return text if plain else "'" + text.replace("'", "''") + "'"


Fix = str | tuple[str, str] | Replacement
"""The whole line as it should read, what stands at the place and what should stand there instead, or several lines."""


def excerpt(line: str, column: int) -> tuple[str, int]:
    """``line`` made visible, cut to `WIDEST`, and the place of ``column`` in it, from 1."""
    # Composed, so that one sign is one column and the caret stands under it.
    before = unicodedata.normalize("NFC", line[: column - 1][-_BEFORE:])
    after = unicodedata.normalize("NFC", line[column - 1 :][: WIDEST - len(before)])
    head = "…" if column - 1 > _BEFORE else ""
    tail = "…" if len(line) - column + 1 > WIDEST - len(before) else ""
    return head + _visible(before + after).rstrip() + tail, len(head) + len(before) + 1


def corrected(line: str, column: int, fix: Fix) -> str:
    """``line`` after ``fix``, or nothing if it would not help."""
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
    """The line with blanks for tabs at its start and for what cannot be seen."""
    line = line.rstrip()
    lead = len(line) - len(line.lstrip())
    line = line[:lead].replace("\t", TAB) + line[lead:]
    return "".join(sign if sign.isprintable() else " " for sign in line)


def illustrated(finding: Finding, lines: Sequence[str], fix: Fix = "") -> Finding:
    """The finding with its line and, if ``fix`` says how, the line as it should read."""
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
