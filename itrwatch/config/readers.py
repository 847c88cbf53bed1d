"""Readers of the kinds of settings: YAML node → value; `BadValueError` has the expected form."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path, PureWindowsPath
from typing import Any

from itrwatch.config.keys import (
    AnyPath,
    Days,
    FileSize,
    GroupName,
    Holds,
    Number,
    ScreenText,
    ShareName,
    StampText,
    Uf,
    Umask,
    YesNo,
)
from itrwatch.core.calendar import UFS
from itrwatch.core.choice import Choice
from itrwatch.core.dates import parse_date
from itrwatch.core.finding_collector import FindingCollector
from itrwatch.core.settings import StampConfig
from itrwatch.core.text_matching import cited
from itrwatch.core.tree import Node, Place, Scalar, Sequence


class BadValueError(ValueError):
    """An invalid value: the message is the expected form, in Portuguese; ``place`` if only part of the value is wrong."""

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(message)
        self.place = place


Reader = Callable[[Node, Path, FindingCollector], Any]
"""Arguments: the value, the base folder of relative paths, the collector of warnings."""


def reader_of(holds: Holds) -> Reader:
    """The reader for a kind of value."""
    if isinstance(holds, Number):
        return _or_auto(_number(holds)) if holds.auto else _number(holds)
    return _one_of(*holds.words) if isinstance(holds, Choice) else _PLAIN[type(holds)]


def plain(value: float) -> str:
    """A number in ordinary notation: ``1e9`` → “1000000000”, ``0.5`` → “0.5”."""
    return f"{value:.0f}" if value == int(value) else f"{value}"


def _text(node: Node, _base: Path, _collector: FindingCollector) -> str:
    if not isinstance(node, Scalar):
        raise BadValueError("leva um valor só")
    return node.text.strip()


_OF_WINDOWS = re.compile(r"[A-Za-z]:([\\/]|$)|\\\\|//")
"""Windows names of a folder, ``Z:\\saida`` and ``\\\\servidor\\saida``, which are not paths on the server."""


def _path(node: Node, base: Path, collector: FindingCollector) -> Path:
    text = _text(node, base, collector)
    if _OF_WINDOWS.match(text) or "\\" in text:
        raise BadValueError(
            f"{cited(text)} é um caminho do Windows; escreva o da pasta neste servidor, por exemplo "
            f"/srv/itr/{PureWindowsPath(text).name or 'entrada'} "
            "(uma pasta de outro servidor é montada antes; findmnt mostra onde)"
        )
    path = Path(text).expanduser()
    if not path.is_absolute():
        collector.warning(
            node.place, f"{cited(text)} é um caminho relativo: vale “{base / path}”; prefira o caminho completo"
        )
    return base / path


def _number(holds: Number) -> Reader:
    kind = int if holds.whole else float
    range_ = f"deve ser um número entre {plain(holds.low)} e {plain(holds.high)}"

    def read(node: Node, base: Path, collector: FindingCollector) -> int | float:
        try:
            number = kind(_text(node, base, collector).replace("_", "" if holds.whole else "_"))
        except ValueError:
            raise BadValueError(range_) from None
        if not holds.low <= number <= holds.high:
            raise BadValueError(range_)
        return number

    return read


def _one_of(*choices: str) -> Reader:
    def read(node: Node, base: Path, collector: FindingCollector) -> str:
        text = _text(node, base, collector)
        chosen = {choice.lower(): choice for choice in choices}.get(text.lower())
        if chosen is None:
            raise BadValueError(f"deve ser um destes: {', '.join(choices)}")
        return chosen

    return read


def _yes_no(node: Node, base: Path, collector: FindingCollector) -> bool:
    answer = {"sim": True, "true": True, "yes": True, "não": False, "nao": False, "false": False, "no": False}
    text = _text(node, base, collector).lower()
    if text not in answer:
        raise BadValueError("deve ser sim ou não")
    return answer[text]


def _or_auto(number: Reader) -> Reader:
    def read(node: Node, base: Path, collector: FindingCollector) -> Any:
        return None if _text(node, base, collector).lower() == "auto" else number(node, base, collector)

    return read


def _umask(node: Node, base: Path, collector: FindingCollector) -> int:
    text = _text(node, base, collector)
    if not re.fullmatch(r"0?[0-7]{3}", text):
        raise BadValueError("deve ser octal de três algarismos, por exemplo 027")
    if int(text, 8) & 0o007 != 0o007:
        raise BadValueError("os papéis estão sob sigilo fiscal: o último algarismo deve ser 7, por exemplo 027")
    return int(text, 8)


def _stamp_format(node: Node, base: Path, collector: FindingCollector) -> str:
    text = _text(node, base, collector)
    if text.count("{n}") != 1 or text.count("{") != 1 or text.count("}") != 1 or len(text) > 40:
        raise BadValueError("deve ter {n} uma vez, no lugar do número, e até 40 letras; por exemplo Fls. {n}")
    if text == StampConfig().format:
        return text
    from itrwatch.pdf.typeface import typeface  # noqa: PLC0415  otherwise only workers load its libraries

    if missing := typeface().missing(text.replace("{n}", "")):
        raise BadValueError(f"a letra do carimbo não tem estes sinais: {missing}; use letras sem acento")
    return text


def _dates(node: Node, _base: Path, _collector: FindingCollector) -> tuple[str, ...]:
    """A list of dates as text; the error has the place of the first item that is not a date."""
    items = node.items if isinstance(node, Sequence) else (node,)
    for item in items:
        if not isinstance(item, Scalar):
            raise BadValueError("deve ser uma lista de datas, por exemplo [26/08, 02/11/2026]", item.place)
        if not _is_date(item.text.strip()):
            raise BadValueError(
                f"{cited(item.text.strip())} não é uma data do calendário; "
                "deve ser uma lista de datas dd/mm ou dd/mm/aaaa, por exemplo [26/08, 02/11/2026]",
                item.place,
            )
    return tuple(item.text.strip() for item in items if isinstance(item, Scalar))


def _is_date(text: str) -> bool:
    """Whether the text is an existing date: ``dd/mm`` of any year, or ``dd/mm/aaaa``."""
    full = text if text.count("/") == 2 else f"{text}/2024"  # a leap year
    return bool(re.fullmatch(r"\d\d/\d\d/\d{4}", full)) and isinstance(parse_date(full), date)


def _uf(node: Node, base: Path, collector: FindingCollector) -> str:
    text = _text(node, base, collector).upper()
    if text not in UFS:
        raise BadValueError("deve ser a sigla do estado, por exemplo GO")
    return text


def _file_size(node: Node, base: Path, collector: FindingCollector) -> str:
    text = _text(node, base, collector).upper()
    if not re.fullmatch(r"[1-9]\d{0,5} ?[KMG]B", text):
        raise BadValueError("deve ser um tamanho, por exemplo 10 MB")
    return text


_PLAIN: dict[type, Reader] = {
    AnyPath: _path,
    YesNo: _yes_no,
    StampText: _stamp_format,
    FileSize: _file_size,
    Uf: _uf,
    Days: _dates,
    Umask: _umask,
    GroupName: _text,
    ShareName: _text,
    ScreenText: _text,
}
