"""The process number: NNNNN.NNNNNN/AAAA-DD, 17 digits, or 15 digits in the old form with a two-digit year.

    find_processo("13153.720210-2019-34 Fazenda") -> Processo("13153720210201934")

Check digits: modulo 11, computed twice over the base digits, with weights that increase from the right,
starting at 2 (Portaria SLTI/MP 3/2003, Anexo). The manual's two examples fail the check, so a wrong digit
causes a warning and never a refusal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SEP = r"[.\-/_ –—]?"
_GROUPED = re.compile(rf"(?<!\d)(\d{{5}}){_SEP}(\d{{6}})({_SEP})(\d{{4}}|\d{{2}})({_SEP})(\d{{2}})(?!\d)")
_LOOSE = re.compile(rf"(?<!\d)(?:\d{_SEP}){{16}}\d(?!\d)")
_WITHOUT_CHECK_DIGITS = re.compile(rf"(?<!\d)(\d{{5}}){_SEP}(\d{{6}}){_SEP}((?:19|20)\d\d)(?!\d)")
_DIGITS = re.compile(rf"(?<!\d)(?:\d{_SEP}){{10,}}\d(?!\d)")
_CENTURIES = ("19", "20")


@dataclass(frozen=True, slots=True)
class Processo:
    """A process number; ``digits``: 17 characters, or 15 in the old form."""

    digits: str

    def __str__(self) -> str:
        """``13153.720210/2019-34``."""
        return f"{self.digits[:5]}.{self.digits[5:11]}/{self.digits[11:-2]}-{self.digits[-2:]}"

    @property
    def year(self) -> int:
        """The year of creation; the two digits of the old form are 1951 to 2050."""
        digits = self.digits[11:-2]
        return int(digits) if len(digits) == 4 else 1900 + int(digits) if int(digits) > 50 else 2000 + int(digits)

    @property
    def computed_check_digits(self) -> str:
        """The two check digits according to the rule."""
        base = self.digits[:-2]
        first = _check_digit(base)
        return first + _check_digit(base + first)

    @property
    def check_digits_agree(self) -> bool:
        """Whether the number ends in its computed check digits."""
        return self.digits.endswith(self.computed_check_digits)


def find_processo(text: str) -> Processo | None:
    """The first process number in ``text``, in any notation, or None.

    The grouping 5-6-4-2 is tried first, so that the words after the number in
    “10120.002180/96-77 2 via” are not taken for part of it.
    """
    for match in _GROUPED.finditer(text):
        first, second, before, year, between, check = match.groups()
        found = Processo(first + second + year + check)
        if len(year) == 2 and year in _CENTURIES:
            return None  # “2019” is a year without check digits, not the year 20 with 19
        if between == " " != before and not found.check_digits_agree:
            return None  # “2019 14 alqueires”: the digits after the year are not part of the number
        return found
    loose = _LOOSE.search(text)
    return Processo(re.sub(r"\D", "", loose.group())) if loose else None


def lacking(text: str) -> str:
    """The fault in a text that begins like a process number, in Portuguese; empty for other texts.

    ``13153.720210-2019 Fazenda 14`` → the check digits are missing, with their computed values.
    """
    if found := _WITHOUT_CHECK_DIGITS.search(text):
        number = Processo("".join(found.groups()) + "00")
        whole = f"{found[1]}.{found[2]}-{found[3]}-{number.computed_check_digits}"
        return (
            f"depois de {found[0]} faltam os dois algarismos verificadores; pelo cálculo seria {whole}: "
            "confira no processo e complete o nome da pasta"
        )
    digits = _DIGITS.search(text)
    if digits is None:
        return ""
    count = len(re.sub(r"\D", "", digits[0]))
    return f"{digits[0]} tem {count} algarismos, e o número do processo tem 17 (ou 15, na forma antiga); confira-o e renomeie a pasta"


def same_processo(written: str, of_folder: Processo) -> bool:
    """Whether the number written in the sidecar is the folder's, in any notation."""
    return re.sub(r"\D", "", written) == of_folder.digits


def _check_digit(digits: str) -> str:
    # Weights 2, 3, 4 … from the right. The digit is 11 minus the remainder; 10 becomes 0, 11 becomes 1.
    weighted = sum(int(digit) * weight for weight, digit in enumerate(reversed(digits), start=2))
    return str((11 - weighted % 11) % 10)
