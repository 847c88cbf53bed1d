r"""Changes values in the text of a configuration and keeps comments, order and other keys.

    edited("# a nossa\ninbox: /a\noutbox: /b\n", {"inbox": "/c"}) -> "# a nossa\ninbox: /c\noutbox: /b\n"

The text is edited line by line, so that the administrator's text stays. The caller parses the result and compares the
values: an unsupported form (a group in braces) is then reported, not damaged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping


def edited(text: str, values: Mapping[str, str]) -> str:
    """``text`` with each key of ``values`` (``inbox``, ``holidays.uf``) set to its YAML value."""
    lines = text.splitlines()
    for key, value in values.items():
        group, _, name = key.rpartition(".")
        start, end = _span(lines, group) if group else (0, len(lines))
        _put(lines, start, end, "  " if group else "", name, value)
    return "\n".join(lines) + "\n"


def _span(lines: list[str], group: str) -> tuple[int, int]:
    """Index of the first line after ``group:`` and of the line after its last; a missing group is appended to ``lines``."""
    for number, line in enumerate(lines):
        if re.match(rf"{group}\s*:", line):
            end = number + 1
            while end < len(lines) and re.match(r"\s|#|$", lines[end]):
                end += 1
            while end > number + 1 and not re.match(r"\s+\S", lines[end - 1]):
                end -= 1  # blank lines and comments at the margin belong to the following key
            return number + 1, end
    lines += ["", f"{group}:"]
    return len(lines), len(lines)


def _put(lines: list[str], start: int, end: int, indent: str, name: str, value: str) -> None:
    for number in range(start, end):
        if found := re.match(rf"(\s*){name}\s*:(.*)$", lines[number]):
            if indent and not found[1]:
                continue
            lines[number : _end_of_value(lines, number, end, len(found[1]))] = [
                _line(f"{found[1]}{name}: {value}", found[2])
            ]
            return
    lines.insert(end, f"{indent}{name}: {value}")


def _end_of_value(lines: list[str], number: int, end: int, depth: int) -> int:
    """Index of the line after a value, which may continue below its key, as a list with dashes does."""
    after = number + 1
    while after < end and re.match(rf"\s{{{depth + 1},}}[^\s#]|\s{{{depth}}}- ", lines[after]):
        after += 1
    return after


def _line(front: str, old: str) -> str:
    """The new line with the comment of the old one, from column 30 on if there is room."""
    comment = re.search(r"\s(#.*)$", old)
    return f"{front:<30} {comment[1]}" if comment else front
