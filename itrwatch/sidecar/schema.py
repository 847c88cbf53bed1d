"""The JSON Schema of the sidecar (draft 2020-12), for editors that complete and check the text.

It is made from the same table as the validator (`itrwatch.sidecar.keys`). It accepts only the standard
spelling: an editor may underline variants that the validator accepts (accents, capitals, plurals) or
understands with a reminder.
"""

from __future__ import annotations

import json
import re
from functools import singledispatch
from pathlib import PurePath
from typing import Any

from itrwatch.core.choice import Choice
from itrwatch.core.filenames import SCHEMA_NAME
from itrwatch.core.ranges import CANONICAL, CLOSED, LAST_PAGE
from itrwatch.core.sections import Section
from itrwatch.sidecar.keys import (
    DEGREES,
    LONG,
    SECTIONS,
    SIDECAR,
    Block,
    Count,
    Day,
    FileName,
    Key,
    PageList,
    SectionList,
    Text,
    Turns,
    Value,
    WordList,
)

Schema = dict[str, Any]

_NL = Section.NOTIFICACAO.value
_IS_NL: Schema = {
    "anyOf": [{"required": [_NL]}, {"properties": {"tipo": {"const": _NL}}, "required": ["tipo"]}],
}
_NOTIFICACAO: Schema = {"if": {"required": ["complemento"]}, "else": {"properties": {"secoes": {"contains": _IS_NL}}}}
"""A sidecar without ``complemento`` must have a notificação."""

_FILE: Schema = {
    "type": ["string", "number"],
    "description": "O arquivo, ou o arquivo e as páginas: scan 001.pdf 1-5",
}
_DAY = r"^([0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})$"


def schema() -> Schema:
    """The schema as JSON values."""
    return (
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": "urn:itrwatch:processo:1",
            "title": "processo.yaml",
            "description": "O que é cada página de um processo de ITR digitalizado, para o itrwatch.",
        }
        | _block(SIDECAR)
        | _NOTIFICACAO
    )


def schema_text() -> str:
    """The schema as a file: UTF-8 text with a final newline."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def schema_line(inbox: PurePath, outbox: PurePath) -> str:
    """The comment that gives an editor the path from a sidecar to the schema, without a line end.

    The schema is at the top of the outbox. If inbox and outbox are siblings with names that need no
    escaping, one relative path is valid for a draft in the outbox and for its copy in the inbox.
    Otherwise the path is one level up, where the administrator may put a copy for the inbox. No address
    is on the internet, so no editor makes a request.
    """
    neighbours = inbox.parent == outbox.parent and re.fullmatch(r"[\w.-]+", outbox.name, re.ASCII)
    return f"# yaml-language-server: $schema={f'../../{outbox.name}' if neighbours else '..'}/{SCHEMA_NAME}"


def _block(block: Block) -> Schema:
    return {
        "type": "object",
        "properties": {key.word: _key(key) for key in block.keys},
        "required": [key.word for key in block.keys if key.required],
        "additionalProperties": False,
    } | _needs(block)


def _needs(block: Block) -> Schema:
    needs = {key.word: [key.needs] for key in block.keys if key.needs}
    return {"dependentRequired": needs} if needs else {}


def _key(key: Key) -> Schema:
    example = f" Exemplo: {key.word}: {key.example}" if key.example else ""
    shapes = _shapes(key.value) + ([] if key.required else [{"type": "null"}])
    return {"description": key.about + example} | (shapes[0] if len(shapes) == 1 else {"anyOf": shapes})


@singledispatch
def _shapes(_value: Value) -> list[Schema]:
    """The schemas of the value of a key; each kind of value has its own function below."""
    return [{}]


@_shapes.register
def _(_value: Text) -> list[Schema]:
    return [{"type": ["string", "number"]}]  # YAML reads a text of digits as a number


@_shapes.register
def _(_value: Day) -> list[Schema]:
    return [{"type": "string", "pattern": _DAY}]


@_shapes.register
def _(value: Choice) -> list[Schema]:
    return [{"const": word, "description": about} for word, about in value.words.items()]


@_shapes.register
def _(value: WordList) -> list[Schema]:
    words: list[Schema] = [{"enum": list(value.known)}, {"type": "string"}]
    return [{"type": "array", "items": {"anyOf": words}}, *words]


@_shapes.register
def _(_value: FileName) -> list[Schema]:
    return [_FILE]


@_shapes.register
def _(value: PageList) -> list[Schema]:
    pages: list[Schema] = [
        {"type": "integer", "minimum": 1, "maximum": LAST_PAGE},
        {"type": "string", "pattern": f"^{CLOSED if value.closed else CANONICAL}$"},
    ]
    return [*pages, {"type": "array", "items": {"anyOf": pages}}]


@_shapes.register
def _(value: Count) -> list[Schema]:
    return [{"type": "integer", "minimum": value.least, "maximum": LAST_PAGE}]


@_shapes.register
def _(_value: Turns) -> list[Schema]:
    pages = {"propertyNames": {"pattern": f"^{CLOSED}$"}}
    return [{"type": "object"} | pages | {"additionalProperties": {"enum": list(DEGREES)}}]


@_shapes.register
def _(value: Block) -> list[Schema]:
    return [_block(value)]


@_shapes.register
def _(_value: SectionList) -> list[Schema]:
    """A list of items, each a section word with its sources, or the long form."""
    one_level_down = _block(Block(LONG.keys[1:]))
    sources = {"anyOf": [_FILE, {"type": "array", "items": _FILE, "minItems": 1}, one_level_down]}
    short = {
        "type": "object",
        "properties": {word: {"description": heading} | sources for word, heading in SECTIONS.items()},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    return [{"type": "array", "items": {"oneOf": [short, _block(LONG)]}}]
