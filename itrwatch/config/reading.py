"""Reads the configuration: one YAML file; most settings have a default.

    load_config(Path("/etc/itrwatch/config.yaml")) -> Config(inbox=…, outbox=…, settle_seconds=30.0, …)

Unknown keys are errors: a setting that is silently ignored misleads the administrator (failures F10). All
faults are reported at once, each with its line.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from itrwatch.config.hints import hint, meant
from itrwatch.config.keys import SETTINGS, Group, Settings
from itrwatch.config.readers import BadValueError, Reader, reader_of
from itrwatch.core.finding_collector import FindingCollector
from itrwatch.core.findings import Finding, Severity
from itrwatch.core.settings import Config
from itrwatch.core.text_matching import cited
from itrwatch.core.tree import Mapping, Node, Scalar, is_empty
from itrwatch.errors import ConfigError, reason
from itrwatch.sidecar import yaml_tree
from itrwatch.sidecar.reading import keyed

DEFAULT_PATH = Path("/etc/itrwatch/config.yaml")


@dataclass(frozen=True, slots=True)
class Checked:
    """A valid configuration; ``warnings``: unusual points in it.

    ``lines``: full name of a setting (``holidays.uf``) → its line, for the settings that the file contains.
    """

    config: Config
    warnings: tuple[Finding, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)


def load_config(path: Path) -> Config:
    """Read the file ``path``; raises `ConfigError` with all faults and their lines."""
    return check_config(path).config


def check_config(path: Path) -> Checked:
    """`load_config` with warnings, and the line of each setting; raises `ConfigError`."""
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise ConfigError(
            f"a configuração “{path}” {'não existe' if isinstance(fault, FileNotFoundError) else reason(fault)}",
            f"copie {_example()} para lá, ajuste “inbox” e “outbox”, ou aponte outro arquivo com --config",
        ) from fault
    return parse_config(data, path)


def parse_config(data: bytes, path: Path) -> Checked:
    """The configuration in ``data``, as if it were the file ``path``; raises `ConfigError`."""
    parsed = yaml_tree.read(data, path.name)
    collector = FindingCollector(path.name)
    lines: dict[str, int] = {}
    config = _config(parsed.node, path.parent, collector, lines) if parsed.node else None
    found = (*parsed.findings, *collector.findings())
    faults = [finding for finding in found if finding.severity is Severity.ERROR]
    if config is None or faults:
        raise ConfigError(_listed(path, faults), "corrija o arquivo e confira: itrwatch config --check " + str(path))
    check_roots(config)
    return Checked(config, tuple(found), lines)


def check_roots(config: Config) -> None:
    """Refuse an outbox inside the inbox, and the reverse: itrwatch would read its own output (failures F36)."""
    inbox, outbox = (Path(os.path.realpath(root)) for root in (config.inbox, config.outbox))
    if inbox == outbox or inbox in outbox.parents or outbox in inbox.parents or _same_folder(inbox, outbox):
        raise ConfigError(
            f"a entrada ({inbox}) e a saída ({outbox}) não podem ser a mesma pasta nem uma ficar dentro da outra",
            "escolha duas pastas separadas em “inbox” e “outbox”",
        )


def _same_folder(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _example() -> Path:
    """The path of the example configuration, in the installation or in the repository."""
    beside = Path(sys.prefix, "share", "itrwatch", "config.example.yaml")
    return beside if beside.exists() else Path("config.example.yaml")


def _config(node: Node, base: Path, collector: FindingCollector, lines: dict[str, int]) -> Config | None:
    if not isinstance(node, Mapping):
        collector.error(node.place, "a configuração é uma lista de “chave: valor”; veja config.example.yaml")
        return None
    level = _Level("", SETTINGS, Config, base, collector, lines)
    values = level.read(node)
    for root in ("inbox", "outbox"):
        if root not in values and root not in lines:
            example = getattr(SETTINGS[root], "example", "")
            collector.error(node.place, f"falta “{root}”: o caminho completo da pasta, por exemplo {root}: {example}")
    return None if collector.failed() else Config(**values)


@dataclass(frozen=True, slots=True)
class _Level:
    """The keys of the first level (``name`` empty) or of a group."""

    name: str
    settings: Settings
    defaults: Any
    base: Path
    collector: FindingCollector
    lines: dict[str, int]

    def read(self, node: Mapping) -> dict[str, Any]:
        """The values in the file; `AssertionError` if `itrwatch.core.settings` and the table of keys differ."""
        undefined = set(self.settings) ^ {setting.name for setting in fields(self.defaults)}
        assert not undefined, f"in config/keys.py or in core/settings.py, but not in both: {undefined}"
        values: dict[str, Any] = {}
        for key, (word, value) in keyed(self._plain(node), tuple(self.settings), self.collector).items():
            if is_empty(value):
                continue
            try:
                values[key] = self._reader(key)(value, self.base, self.collector)
            except BadValueError as bad:
                self.collector.error(bad.place or value.place, f"{cited(word.text)}: {bad}")
            self.lines[f"{self.name}.{key}" if self.name else key] = word.place.line
        return values

    def _plain(self, node: Mapping) -> Iterator[tuple[Scalar, Node]]:
        """The pairs, except for keys that are misplaced or in Portuguese, for which an error is noted here."""
        for key, value in node.pairs:
            if name := meant(key.text, tuple(self.settings)):
                self.collector.error(key.place, hint(key.text, name, self.name))
                self.lines[name] = key.place.line
            else:
                yield key, value

    def _reader(self, key: str) -> Reader:
        setting = self.settings[key]
        if not isinstance(setting, Group):
            return reader_of(setting.holds)
        inner = _Level(key, setting.settings, getattr(_DEFAULTS, key), self.base, self.collector, self.lines)

        def read(node: Node, _base: Path, _collector: FindingCollector) -> Any:
            if not isinstance(node, Mapping):
                raise BadValueError(f"leva as chaves {', '.join(inner.settings)}, cada uma na sua linha")
            return replace(inner.defaults, **inner.read(node))

        return read


_DEFAULTS = Config(Path(), Path())


def _listed(path: Path, faults: list[Finding]) -> str:
    lines = [f"a configuração {path} não pode ser usada:"]
    return "\n".join(lines + [f"  {fault}" for fault in faults])
