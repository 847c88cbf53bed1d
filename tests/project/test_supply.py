"""What runs on the server: pinned with hashes, of the versions that are tested, each with its reason."""

import importlib.metadata
import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from release.audit import judge

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "dependencias.md"


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(name):
    """Package → version and number of hashes of a lock file."""
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text())
    found = (re.match(r"([\w.-]+)==(\S+)", entry) for entry in entries)
    return {
        plain(match[1]): (match[2], entry.count("--hash=sha256:"))
        for match, entry in zip(found, entries, strict=True)
        if match
    }


def needed():
    """Everything that the product needs at run time, as installed here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    waiting, found = [Requirement(text) for text in project["dependencies"]], set()
    while waiting:
        requirement = waiting.pop()
        name = plain(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        waiting += map(Requirement, importlib.metadata.requires(name) or ())
    return found


def test_the_lock_has_exactly_what_is_needed_with_hashes_and_the_tested_versions():
    lock = pinned("requirements.lock")
    assert set(lock) == needed()
    constraints = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line)
    tested = {plain(name): version for name, version in constraints.items()}
    assert {name: version for name, (version, _) in lock.items()} == {name: tested[name] for name in lock}
    assert all(hashes for _, hashes in lock.values())


def test_what_builds_the_package_is_pinned_as_well():
    lock = pinned("requirements-build.lock")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for text in project["build-system"]["requires"]:
        requirement = Requirement(text)
        version, hashes = lock[plain(requirement.name)]
        assert version in requirement.specifier
        assert hashes


def rows():
    """The table rows of the document: cells of each package."""
    lines = [line for line in DOCUMENT.read_text("utf-8").splitlines() if re.match(r"\| [\w-]+ \| (?!licença)", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_dependency_has_its_licence_weight_reason_and_substitute():
    table = {plain(cells[0]): cells for cells in rows()}
    assert set(table) == needed()
    assert all(all(cells) and len(cells) == 5 for cells in table.values())


@pytest.mark.parametrize("cells", rows(), ids=lambda cells: cells[0])
def test_the_licence_is_the_one_that_the_package_states(cells):
    facts = importlib.metadata.metadata(cells[0])
    stated = " ".join(
        [facts.get("License-Expression") or "", facts.get("License") or "", *(facts.get_all("Classifier") or ())]
    ).lower()
    family = re.split(r"-|\s", cells[1])[0].lower()
    assert family in stated


@pytest.mark.parametrize(
    ("report", "code", "words"),
    [
        (None, 0, "nothing was audited"),
        ([{"name": "a", "version": "1", "vulns": []}], 0, "1 packages, no known vulnerability"),
        ([{"name": "a", "skip_reason": "not found"}, {"name": "b", "version": "1", "vulns": []}], 0, "for 1 of 2"),
        (
            [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}],
            1,
            "a 1: CVE-1, mended in 2",
        ),
        (
            [
                {"name": "b", "skip_reason": "x"},
                {"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": []}]},
            ],
            1,
            "no version yet",
        ),
    ],
)
def test_an_audit_fails_for_a_flaw_and_says_when_it_could_not_look(tmp_path, report, code, words):
    path = tmp_path / "audit.json"
    if report is not None:
        path.write_text(json.dumps({"dependencies": report}))
    judged, said = judge(path)
    assert judged == code
    assert words in said
