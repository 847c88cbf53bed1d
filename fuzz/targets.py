"""What is fuzzed, and what must hold for any bytes: one function for each reader of ours.

A promise that is broken is an AssertionError; any other exception is one that escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from itrwatch.core.dates import parse_date, proposed_date
from itrwatch.core.filenames import match_name, printable
from itrwatch.core.findings import Finding, Severity
from itrwatch.core.manifest import ManifestError, from_json
from itrwatch.core.processo import find_processo, same_processo
from itrwatch.core.ranges import BadPages, parse_pages, resolve
from itrwatch.sidecar import yaml_tree
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.store.mounts import mounts_of, parse_mountinfo

NAME = "processo.yaml"
_ENGLISH = re.compile(r"\b(the|while|found|expected|could|mapping|scanning|token|cannot|invalid|error|unknown)\b")
_QUOTED = re.compile("“[^”]*”")


def sidecar(data: bytes) -> None:
    """A tree or an error; every answer in Portuguese, at a place that the file has."""
    parsed = yaml_tree.read(data, NAME)
    findings = list(parsed.findings)
    if parsed.node is None:
        assert any(finding.severity is Severity.ERROR for finding in findings)
    else:
        read = read_sidecar(parsed.node, NAME, parsed.lines)
        assert (read.sidecar is None) == any(finding.severity is Severity.ERROR for finding in read.findings)
        findings += read.findings
    for finding in findings:
        _check(finding, max(1, len(parsed.lines)))


def _check(finding: Finding, lines: int) -> None:
    assert finding.file == NAME
    assert finding.line is not None
    assert 1 <= finding.line <= lines, finding
    assert finding.column is None or finding.column >= 1
    words = _QUOTED.sub("", finding.message)
    assert words, finding
    assert not _ENGLISH.search(words), finding
    picture = "\n".join(finding.picture())
    assert all(sign.isprintable() or sign == "\n" for sign in picture), finding


def pages(data: bytes) -> None:
    """Pages or a sentence; pages that are read mean the same when they are written again."""
    got = parse_pages(_text(data))
    if isinstance(got, BadPages):
        assert got.message
        return
    assert parse_pages(",".join(map(str, got.spans))).spans == got.spans  # type: ignore[union-attr]
    resolve(got.spans, 10)


def dates(data: bytes) -> None:
    """A date or a sentence."""
    assert parse_date(_text(data))
    proposed_date(_text(data))


def processo(data: bytes) -> None:
    """A number of 15 or 17 digits, or none."""
    found = find_processo(_text(data))
    assert found is None or len(found.digits) in (15, 17)
    assert found is None or (find_processo(str(found)) == found and same_processo(str(found), found))
    assert found is None or len(found.computed_check_digits) == 2


def manifest(data: bytes) -> None:
    """A manifest that can be written again, or `ManifestError`."""
    try:
        got = from_json(_text(data))
    except ManifestError:
        return
    assert from_json(got.to_json()) == got


def mountinfo(data: bytes) -> None:
    """Mounts, of which one may hold a folder."""
    mounts_of(Path("/srv/entrada"), parse_mountinfo(_text(data)))


def filenames(data: bytes) -> None:
    """A name found, or not; and one that can be shown."""
    written, *real = (name[:255] for name in _text(data).split("\n"))  # what a file system and the sidecar allow
    match_name(real[:20], written)
    assert printable(written).isprintable()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


TARGETS: dict[str, Callable[[bytes], None]] = {
    function.__name__: function for function in (sidecar, pages, dates, processo, manifest, mountinfo, filenames)
}
