"""The process number: NNNNN.NNNNNN/AAAA-DD, 17 digits, or 15 in the old form with a two-digit year.

Check digits: module 11 twice over the base digits, with weights that rise from the right,
starting at 2. The manual's own two examples fail the check, so a wrong digit is a warning and
never a refusal (Portaria SLTI/MP 3/2003, Anexo; Manual, 1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SEP = r"[.\-/_ –—]?"
_GROUPED = re.compile(rf"(?<!\d)(\d{{5}}){_SEP}(\d{{6}}){_SEP}(\d{{4}}|\d{{2}}){_SEP}(\d{{2}})(?!\d)")
_LOOSE = re.compile(rf"(?<!\d)(?:\d{_SEP}){{16}}\d(?!\d)")
_LENGTHS = (17, 15)


@dataclass(frozen=True, slots=True)
class Processo:
    """A process number; ``digits`` are 17, or 15 for processes of the old form."""

    digits: str

    def __str__(self) -> str:
        """``13153.720210/2019-34``."""
        return f"{self.digits[:5]}.{self.digits[5:11]}/{self.digits[11:-2]}-{self.digits[-2:]}"

    @property
    def year(self) -> int:
        """The year in which it was created; the old form has two digits and ended with the century."""
        digits = self.digits[11:-2]
        return int(digits) if len(digits) == 4 else 1900 + int(digits) if int(digits) > 50 else 2000 + int(digits)

    @property
    def computed_check_digits(self) -> str:
        """The two digits that the rule gives."""
        base = self.digits[:-2]
        first = _check_digit(base)
        return first + _check_digit(base + first)

    @property
    def check_digits_agree(self) -> bool:
        """Whether the number ends in the digits that the rule gives."""
        return self.digits.endswith(self.computed_check_digits)


def find_processo(text: str) -> Processo | None:
    """The first process number in ``text``, in any notation, or None.

    The grouping 5-6-4-2 is tried first, so that «10120.002180/96-77 2 via» is not read on
    into the words behind the number.
    """
    for match in _GROUPED.finditer(text):
        return Processo("".join(match.groups()))
    loose = _LOOSE.search(text)
    return Processo(re.sub(r"\D", "", loose.group())) if loose else None


def same_processo(written: str, of_folder: Processo) -> bool:
    """Whether the number written in the sidecar is the folder's, whatever the notation."""
    return re.sub(r"\D", "", written) == of_folder.digits


def _check_digit(digits: str) -> str:
    weighted = sum(int(digit) * weight for weight, digit in enumerate(reversed(digits), start=2))
    return str((11 - weighted % 11) % 10)
