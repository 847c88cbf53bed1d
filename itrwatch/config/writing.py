"""Settings as text: a single value in YAML, and the effective configuration with the source of each value."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from itrwatch.config.keys import (
    SETTINGS,
    AnyPath,
    Days,
    Group,
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
from itrwatch.config.readers import plain
from itrwatch.config.reading import Checked
from itrwatch.core.excerpts import yaml_text

COLUMN = 40
"""Column of the sources. Chosen."""


def written(holds: Holds, value: Any) -> str:
    """A value in the notation of the file: ``True`` → “sim”, ``0o027`` → “027”, ``None`` → “auto”."""
    if isinstance(holds, AnyPath | Uf | GroupName | ShareName | ScreenText):
        return yaml_text(str(value)) if value and value != Path() else ""
    if isinstance(holds, Number):
        return "auto" if value is None else plain(value)
    if isinstance(holds, YesNo):
        return "sim" if value else "não"
    if isinstance(holds, Umask):
        return f"{value:03o}"
    if isinstance(holds, StampText):
        # In double quotes, as in the manual of the settings, unless they would have to be escaped.
        return yaml_text(value) if set(value) & set('"\\') else f'"{value}"'
    return f"[{', '.join(value)}]" if isinstance(holds, Days) else str(value)


def effective(checked: Checked, file: str) -> Iterator[str]:
    """The effective settings, one line each, in the form of a configuration: ``uf: GO      # config.yaml, linha 12``."""
    for key, setting in SETTINGS.items():
        value = getattr(checked.config, key)
        if not isinstance(setting, Group):
            yield _line(f"{key}: {written(setting.holds, value)}", checked.lines.get(key), file)
            continue
        yield f"{key}:"
        for name, one in setting.settings.items():
            line = checked.lines.get(f"{key}.{name}")
            yield _line(f"  {name}: {written(one.holds, getattr(value, name))}", line, file)


def _line(text: str, line: int | None, file: str) -> str:
    return f"{text.rstrip():<{COLUMN - 1}} # {f'{file}, linha {line}' if line else 'padrão'}"
