"""What the documents show is what the program takes: sidecars, commands, exit codes, links."""

import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest

from docs import imports_picture
from docs.__main__ import made
from itrwatch.commands.cli import COMMANDS, make_parser
from itrwatch.config.reading import load_config
from itrwatch.core.findings import Severity
from itrwatch.core.settings import Config
from itrwatch.errors import Exit
from itrwatch.sidecar import yaml_tree
from itrwatch.sidecar.sidecar import read_sidecar

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def sidecars():
    for document in DOCUMENTS:
        blocks = re.findall(r"(<!-- configuração -->\n)?```yaml\n(.*?)```", document.read_text("utf-8"), re.DOTALL)
        for number, (configuration, block) in enumerate(blocks, start=1):
            if not configuration:
                yield pytest.param(block, id=f"{document.name}-{number}")


@pytest.mark.parametrize("block", list(sidecars()))
def test_every_sidecar_in_the_documents_is_accepted(block):
    parsed = yaml_tree.read(block.encode(), "processo.yaml")
    read = read_sidecar(parsed.node, "processo.yaml")
    assert [f for f in (*parsed.findings, *read.findings) if f.severity is Severity.ERROR] == []
    assert read.sidecar.sections


@pytest.mark.parametrize("path", list(made()), ids=lambda path: path.name)
def test_what_is_made_from_the_code_is_made_anew(path):
    assert path.read_text("utf-8") == made()[path], "run: python -m docs"


def test_the_smallest_configuration_of_the_document_is_enough(tmp_path):
    page = (ROOT / "docs" / "configuracao.md").read_text("utf-8")
    (tmp_path / "config.yaml").write_text(re.search(r"<!-- configuração -->\n```yaml\n(.*?)```", page, re.DOTALL)[1])
    config = load_config(tmp_path / "config.yaml")
    assert config == Config(config.inbox, config.outbox)


def test_every_module_that_the_map_names_exists_and_every_room_is_on_it():
    page = (ROOT / "docs" / "arquitetura.md").read_text("utf-8")
    for name in re.findall(r"`([\w/]+\.py)`", page):
        assert any((ROOT / folder / name).exists() for folder in ("itrwatch", "tests", ".")), name
    for room in (path.parent.name for path in (ROOT / "itrwatch").glob("*/__init__.py")):
        assert f"{room}/" in page + imports_picture.picture(), room


def test_no_module_is_missing_in_the_picture():
    trees = imports_picture.modules()
    drawn = imports_picture.picture()
    for name in trees:
        if name.count(".") == 1:
            continue  # the few at the top, which everything may import
        assert re.search(rf"[> ]{re.escape(name.split('.')[-1])}[ <]|\.{re.escape(name.split('.')[-1])}[ <]", drawn), (
            name
        )


def test_the_readme_lists_every_command_and_exit_code():
    readme = (ROOT / "README.md").read_text("utf-8")
    for command in COMMANDS:
        assert f"`{command}" in readme or f"itrwatch {command}" in readme, command
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", readme, re.MULTILINE)}
    assert codes == {int(code) for code in Exit}


def commands():
    """Every ``itrwatch …`` that stands as code in a document, as words."""
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
        lines = [line for block in blocks for line in re.split(r"\n|&&", block)]
        lines += re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
        for line in lines:
            if found := re.match(
                r"(?:runuser -u itrwatch -- )?(?:\S*/bin/)?itrwatch (.*)", line.split(" #")[0].strip()
            ):
                yield pytest.param(shlex.split(re.sub(r"[\[\]]", "", found[1])), id=f"{document.name}: {found[0]}")


@pytest.mark.parametrize("words", list(commands()))
def test_every_command_in_the_documents_is_understood(words):
    make_parser().parse_args(words)


def test_every_tool_of_the_house_that_a_document_names_is_there():
    named = {name for path in DOCUMENTS for name in re.findall(r"python -m ([a-z_.]+)", path.read_text("utf-8"))}
    assert {"bench", "docs", "fuzz"} <= named
    assert {name for name in named if find_spec(name) is None} == set()


def test_contributing_has_the_test_command_of_the_readme():
    """Apart, so that the second can be called again; and the third is what the gate does."""
    block = (
        (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("<!-- contributing -->\n```sh\n")[2].partition("```")[0]
    )
    install, tests, style = block.splitlines()
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"{install} && {tests}" in readme
    gate = (ROOT / ".ci" / "run").read_text("utf-8")
    assert all(
        tool in style and tool in gate for tool in (".venv/bin/ruff check .", ".venv/bin/mypy", ".venv/bin/ruff format")
    )


def anchors(document):
    """The headings of a page, as those who show Markdown name them in links."""
    headings = re.findall(
        r"^#+ (.+)$", re.sub(r"```.*?```", "", document.read_text("utf-8"), flags=re.DOTALL), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_inside_the_repository_lead_somewhere(document):
    for target, _, anchor in (link.partition("#") for link in re.findall(r"\]\(([^)]+)", document.read_text("utf-8"))):
        if target.startswith("http"):
            continue
        page = document.parent / target if target else document
        assert page.exists(), target
        assert not anchor or anchor in anchors(page), f"{target}#{anchor}"


def test_ci_runs_the_test_command_of_the_readme():
    readme = (ROOT / "README.md").read_text("utf-8")
    command = readme.partition("<!-- tests -->")[2].splitlines()[2]
    assert command.startswith("python3 -m venv")
    assert command.endswith("-m pytest -q")
    assert "README.md" in (ROOT / ".ci" / "run").read_text("utf-8")


def failures():
    """The rows of docs/failures.md: number → (what happens here, names of tests)."""
    rows = {}
    for line in (ROOT / "docs" / "failures.md").read_text("utf-8").splitlines():
        if match := re.match(r"\| F(\d+) \| [^|]+ \| ([^|]+) \| ([^|]*) \|$", line):
            assert int(match[1]) not in rows, line
            rows[int(match[1])] = match[2], re.findall(r"`(test_\w+)`", match[3])
    return rows


def test_every_failure_of_the_field_has_its_row():
    assert list(failures()) == list(range(1, 67))


def test_every_test_named_beside_a_failure_exists():
    written = "".join(path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py")))
    there = set(re.findall(r"^(?:async )?def (test_\w+)\(", written, re.MULTILINE))
    for number, (here, names) in failures().items():
        assert names or here.startswith(("cannot happen", "not answered yet")), f"F{number}"
        assert set(names) <= there, f"F{number}"
