"""The configuration: one YAML file, every setting with a default that suits most offices.

Unknown keys are errors, never ignored: a setting without effect is worse than none (failures
F10). All faults are told at once, each with its line.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from itrwatch.config.keys import (
    SETTINGS,
    AnyPath,
    Choice,
    Days,
    FileSize,
    Group,
    GroupName,
    Holds,
    Number,
    Settings,
    StampText,
    Uf,
    Umask,
    YesNo,
)
from itrwatch.core.calendar import UFS
from itrwatch.core.dates import parse_date
from itrwatch.core.finding_collector import FindingCollector
from itrwatch.core.findings import Finding, Severity
from itrwatch.core.settings import Config, StampConfig
from itrwatch.core.text_matching import cited
from itrwatch.core.tree import Mapping, Node, Scalar, Sequence, is_empty
from itrwatch.errors import ConfigError, reason
from itrwatch.sidecar import yaml_tree
from itrwatch.sidecar.reading import keyed

DEFAULT_PATH = Path("/etc/itrwatch/config.yaml")


class _BadValue(ValueError):  # noqa: N818 caught a few lines below
    """A value that a setting does not take: how it should read, in Portuguese."""


def _example() -> Path:
    """The example that came with the program: beside it where a wheel was installed, else the one of the repository."""
    beside = Path(sys.prefix, "share", "itrwatch", "config.example.yaml")
    return beside if beside.exists() else Path("config.example.yaml")


def load_config(path: Path) -> Config:
    """Read ``path``; `ConfigError` tells everything that is wrong with it, with lines."""
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise ConfigError(
            f"a configuração «{path}» {'não existe' if isinstance(fault, FileNotFoundError) else reason(fault)}",
            f"copie {_example()} para lá, ajuste «inbox» e «outbox», ou aponte outro arquivo com --config",
        ) from fault
    parsed = yaml_tree.read(data, path.name)
    notes = FindingCollector(path.name)
    config = _config(parsed.node, path.parent, notes) if parsed.node else None
    faults = [f for f in (*parsed.findings, *notes.findings()) if f.severity is Severity.ERROR]
    if config is None or faults:
        raise ConfigError(
            _listed(path, faults), "corrija o arquivo e inicie de novo; config.example.yaml explica cada chave"
        )
    check_roots(config)
    return config


def check_roots(config: Config) -> None:
    """Refuse an outbox inside the inbox or the reverse: itrwatch would read its own output (failures F36)."""
    inbox, outbox = (Path(os.path.realpath(root)) for root in (config.inbox, config.outbox))
    if inbox == outbox or inbox in outbox.parents or outbox in inbox.parents or _same_folder(inbox, outbox):
        raise ConfigError(
            f"a entrada ({inbox}) e a saída ({outbox}) não podem ser a mesma pasta nem uma ficar dentro da outra",
            "escolha duas pastas separadas em «inbox» e «outbox»",
        )


def _same_folder(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _config(node: Node, base: Path, notes: FindingCollector) -> Config | None:
    if not isinstance(node, Mapping):
        notes.error(node.place, "a configuração é uma lista de «chave: valor»; veja config.example.yaml")
        return None
    values = _values(node, _READERS, base, notes)
    for root in ("inbox", "outbox"):
        if root not in values:
            notes.error(
                node.place, f"falta «{root}»: o caminho completo da pasta, por exemplo {root}: /srv/itr/entrada"
            )
    return None if notes.failed() else Config(**values)


def _values(node: Mapping, readers: dict[str, Reader], base: Path, notes: FindingCollector) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, (key, value) in keyed(node.pairs, tuple(readers), notes).items():
        if is_empty(value):
            continue
        try:
            values[name] = readers[name](value, base, notes)
        except _BadValue as bad:
            notes.error(value.place, f"{cited(key.text)}: {bad}")
    return values


Reader = Callable[[Node, Path, FindingCollector], Any]


def _text(node: Node, _base: Path, _notes: FindingCollector) -> str:
    if not isinstance(node, Scalar):
        raise _BadValue("leva um valor só")
    return node.text.strip()


def _path(node: Node, base: Path, notes: FindingCollector) -> Path:
    return base / Path(_text(node, base, notes)).expanduser()


def _number(low: float, high: float, kind: type[int | float]) -> Reader:
    def read(node: Node, base: Path, notes: FindingCollector) -> int | float:
        try:
            number = kind(_text(node, base, notes).replace("_", "" if kind is int else "_"))
        except ValueError:
            number = kind(low) - 1
        if not low <= number <= high:
            raise _BadValue(f"deve ser um número entre {low:g} e {high:g}")
        return number

    return read


def _one_of(*choices: str) -> Reader:
    def read(node: Node, base: Path, notes: FindingCollector) -> str:
        text = _text(node, base, notes)
        chosen = {choice.lower(): choice for choice in choices}.get(text.lower())
        if chosen is None:
            raise _BadValue(f"deve ser um destes: {', '.join(choices)}")
        return chosen

    return read


def _yes_no(node: Node, base: Path, notes: FindingCollector) -> bool:
    answer = {"sim": True, "true": True, "yes": True, "não": False, "nao": False, "false": False, "no": False}
    text = _text(node, base, notes).lower()
    if text not in answer:
        raise _BadValue("deve ser sim ou não")
    return answer[text]


def _or_auto(number: Reader) -> Reader:
    def read(node: Node, base: Path, notes: FindingCollector) -> Any:
        return None if _text(node, base, notes).lower() == "auto" else number(node, base, notes)

    return read


def _umask(node: Node, base: Path, notes: FindingCollector) -> int:
    text = _text(node, base, notes)
    if not re.fullmatch(r"0?[0-7]{3}", text):
        raise _BadValue("deve ser octal de três algarismos, por exemplo 027")
    if int(text, 8) & 0o007 != 0o007:
        raise _BadValue("os papéis estão sob sigilo fiscal: o último algarismo deve ser 7, por exemplo 027")
    return int(text, 8)


def _stamp_format(node: Node, base: Path, notes: FindingCollector) -> str:
    text = _text(node, base, notes)
    if text.count("{n}") != 1 or text.count("{") != 1 or text.count("}") != 1 or len(text) > 40:
        raise _BadValue("deve ter {n} uma vez, no lugar do número, e até 40 letras; por exemplo Fls. {n}")
    if text == StampConfig().format:
        return text
    from itrwatch.pdf.typeface import typeface  # noqa: PLC0415  the libraries for it are loaded by workers only, else

    if missing := typeface().missing(text.replace("{n}", "")):
        raise _BadValue(f"a letra do carimbo não tem estes sinais: {missing}; use letras sem acento")
    return text


def _dates(node: Node, _base: Path, _notes: FindingCollector) -> tuple[str, ...]:
    items = node.items if isinstance(node, Sequence) else (node,)
    texts = [item.text.strip() for item in items if isinstance(item, Scalar)]
    if len(texts) != len(items) or not all(map(_is_date, texts)):
        raise _BadValue("deve ser uma lista de datas dd/mm ou dd/mm/aaaa, por exemplo [26/08, 02/11/2026]")
    return tuple(texts)


def _is_date(text: str) -> bool:
    """``dd/mm`` of any year, or ``dd/mm/aaaa``, that the calendar has."""
    full = text if text.count("/") == 2 else f"{text}/2024"  # a leap year
    return bool(re.fullmatch(r"\d\d/\d\d/\d{4}", full)) and isinstance(parse_date(full), date)


def _uf(node: Node, base: Path, notes: FindingCollector) -> str:
    text = _text(node, base, notes).upper()
    if text not in UFS:
        raise _BadValue("deve ser a sigla do estado, por exemplo GO")
    return text


def _file_size(node: Node, base: Path, notes: FindingCollector) -> str:
    text = _text(node, base, notes).upper()
    if not re.fullmatch(r"[1-9]\d{0,5} ?[KMG]B", text):
        raise _BadValue("deve ser um tamanho, por exemplo 10 MB")
    return text


def _group(default: Any, group: Group) -> Reader:
    readers = _readers(group.settings, default)

    def read(node: Node, base: Path, notes: FindingCollector) -> Any:
        if not isinstance(node, Mapping):
            raise _BadValue(f"leva as chaves {', '.join(readers)}, cada uma na sua linha")
        return replace(default, **_values(node, readers, base, notes))

    return read


_PLAIN: dict[type, Reader] = {
    AnyPath: _path,
    YesNo: _yes_no,
    StampText: _stamp_format,
    FileSize: _file_size,
    Uf: _uf,
    Days: _dates,
    Umask: _umask,
    GroupName: _text,
}


def _reader(holds: Holds) -> Reader:
    if isinstance(holds, Number):
        number = _number(holds.low, holds.high, int if holds.whole else float)
        return _or_auto(number) if holds.auto else number
    return _one_of(*holds.words) if isinstance(holds, Choice) else _PLAIN[type(holds)]


def _readers(settings: Settings, defaults: type[Config] | Any) -> dict[str, Reader]:
    """How each key is read; whoever adds a setting adds its default too, and the reverse."""
    assert set(settings) == {setting.name for setting in fields(defaults)}
    return {
        key: _group(getattr(DEFAULTS, key), setting) if isinstance(setting, Group) else _reader(setting.holds)
        for key, setting in settings.items()
    }


DEFAULTS = Config(Path(), Path())
_READERS = _readers(SETTINGS, Config)


def _listed(path: Path, faults: list[Finding]) -> str:
    lines = [f"a configuração {path} não pode ser usada:"]
    return "\n".join(lines + [f"  {fault}" for fault in faults])
