"""The JSON Schema of the sidecar: valid, from the validator's own table, and of one mind with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import PurePosixPath

import pytest
import yaml
from jsonschema import Draft202012Validator

from itrwatch.core.filenames import SCHEMA_NAME
from itrwatch.sidecar.keys import CIENCIA, IMPUGNACAO, LONG, SECTIONS, SIDECAR, Key
from itrwatch.sidecar.schema import schema, schema_line, schema_text
from itrwatch.sidecar.sidecar import KEYS, read_sidecar
from itrwatch.sidecar.yaml_tree import parse
from tests.project.test_docs import sidecars
from tests.sidecar.test_sidecar import EXAMPLE

NOTI = "secoes:\n  - notificacao: n.pdf\n"


class EditorLoader(yaml.SafeLoader):
    """YAML as an editor reads it: 1.2, without dates, sixty-based numbers or yes and no."""


EditorLoader.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":int", ":float", ":null", ":merge"))]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def with_text_keys(node):
    if isinstance(node, dict):
        return {str(key): with_text_keys(value) for key, value in node.items()}
    return [with_text_keys(item) for item in node] if isinstance(node, list) else node


def underlined(text: str) -> list[str]:
    """What an editor with our schema would underline: the paths of the faults."""
    node = with_text_keys(yaml.load(text, EditorLoader))
    faults = Draft202012Validator(schema()).iter_errors(node)
    return ["/".join(map(str, fault.absolute_path)) for fault in faults]


def refused(text: str) -> list[str]:
    tree = parse(text, "processo.yaml")
    assert tree.node is not None, tree.findings
    return [str(f) for f in (*tree.findings, *read_sidecar(tree.node, "processo.yaml").findings)]


def test_it_is_a_schema_of_the_draft_it_names() -> None:
    Draft202012Validator.check_schema(schema())
    assert schema()["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


def test_the_command_prints_it_in_utf8_whatever_the_locale() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "itrwatch", "schema"], capture_output=True, env={"LC_ALL": "C"}, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.decode() == schema_text()
    assert json.loads(ran.stdout) == schema()


def test_a_reader_that_closes_the_pipe_gets_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        ran = subprocess.run(
            [sys.executable, "-m", "itrwatch", "schema"], stdout=gone, stderr=subprocess.PIPE, check=False
        )
    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.parametrize("block", [*sidecars(), pytest.param(EXAMPLE, id="contract")])
def test_every_sidecar_that_we_show_pleases_the_editor(block: str) -> None:
    assert underlined(block) == []


def needed(key: Key) -> str:
    """What an item must have so that this key means something."""
    return next((f"{other.word}: {other.example}, " for other in LONG.keys if other.word == key.needs), "")


def above(key: Key) -> str:
    """The line without which a key of the first level means nothing."""
    return next((f"{other.word}: {other.example}\n" for other in SIDECAR.keys if other.word == key.needs), "")


def everywhere(example) -> list[tuple[str, Key]]:
    """Every key of the table with a sidecar that holds its example."""
    return [
        *((f"{NOTI}{above(key)}{example(key)}" if key.word != "secoes" else example(key), key) for key in SIDECAR.keys),
        *((f"{NOTI}ciencia: {{{example(key)}}}\n", key) for key in CIENCIA.keys),
        *((f"{NOTI}impugnacao: {{{example(key)}}}\n", key) for key in IMPUGNACAO.keys),
        *((f"{NOTI}  - {{tipo: tif, arquivo: x.pdf, {needed(key)}{example(key)}}}\n", key) for key in LONG.keys[2:]),
        *((f"{NOTI}  - {{{example(LONG.keys[0])}, {example(LONG.keys[1])}}}\n", key) for key in LONG.keys[:2]),
    ]


@pytest.mark.parametrize(("text", "key"), everywhere(lambda key: f"{key.word}: {key.example}"))
def test_every_example_of_the_table_pleases_editor_and_validator(text: str, key: Key) -> None:
    assert key.about.endswith(".")
    assert underlined(text) == []
    assert refused(text) == []


@pytest.mark.parametrize("word", SECTIONS)
def test_every_section_word_is_known_to_both(word: str) -> None:
    text = f"{NOTI}  - {word}: [x.pdf, y.pdf 1-3]\n  - {{tipo: {word}, arquivo: z.pdf}}\n"
    assert (underlined(text), refused(text)) == ([], [])


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("processo: 1\n", ""),
        ("secoes:\n  - capa: c.pdf\n", "secoes"),
        (NOTI + "andamneto: x\n", ""),
        ("secoes:\n  - notificaco: n.pdf\n  - notificacao: n.pdf\n", "secoes/0"),
        (NOTI + "  - tipo: tif\n", "secoes/1"),
        (NOTI + "  - {tipo: tiff, arquivo: x.pdf}\n", "secoes/1"),
        (NOTI + "  - {tipo: tif, arquivo: x.pdf, paginas: 1-x}\n", "secoes/1"),
        (NOTI + "  - {tipo: tif, arquivo: x.pdf, manter: 4-}\n", "secoes/1"),
        (NOTI + "  - {tipo: tif, arquivo: x.pdf, girar: {3: 45}}\n", "secoes/1"),
        (NOTI + "ciencia: {modo: pesoal}\n", "ciencia"),
        (NOTI + "ciencia: {data: ontem}\n", "ciencia"),
        (NOTI + "impugnacao: {via: pombo}\n", "impugnacao"),
        (NOTI + "numeracao: papl\n", "numeracao"),
        (NOTI + "contribuinte: [a, b]\n", "contribuinte"),
    ],
)
def test_what_the_validator_refuses_the_editor_underlines(text: str, path: str) -> None:
    assert refused(text)
    assert underlined(text) == [path]


def test_a_complement_needs_no_notificacao() -> None:
    text = "complemento: 2\nprimeira_folha: 77\nsecoes:\n  - impugnacao: nova.pdf\n"
    assert (underlined(text), refused(text)) == ([], [])
    assert underlined("primeira_folha: 77\n" + NOTI)
    assert refused("primeira_folha: 77\n" + NOTI)


def test_a_new_key_shows_in_both() -> None:
    assert set(KEYS) == set(schema()["properties"])
    assert all(entry["description"] for entry in schema()["properties"].values())


@pytest.mark.parametrize(
    ("inbox", "outbox", "path"),
    [
        ("/srv/itr/entrada", "/srv/itr/saida", "../../saida/"),
        ("/srv/itr/entrada", "/srv/itr/saída pronta", "../"),
        ("/srv/itr/entrada", "/srv/itr/saída", "../"),
        ("/srv/entrada", "/mnt/saida", "../"),
    ],
)
def test_the_first_line_of_a_draft_leads_to_it(inbox: str, outbox: str, path: str) -> None:
    line = schema_line(PurePosixPath(inbox), PurePosixPath(outbox))
    assert line == f"# yaml-language-server: $schema={path}{SCHEMA_NAME}"
