"""The manifest: the record of the processing of a case, page by page; commit record and ledger entry.

    from_json(manifest.to_json()) == manifest

The format is a contract with other programs: keys and shapes are fixed for each ``schema``. A pending case
has no files and at least one error; a set that was withdrawn has no files and no fingerprint. The manifest contains no
time of processing and no path, so the same case gives the same bytes.

Compatibility: a later version may add keys within a schema; unknown keys are ignored, and a missing
``evidence`` is None. A change that an older version would misread (a new word for ``reason``, another
shape) increases the schema number: older versions leave such a manifest untouched, and this version reads all earlier ones, so that an
upgrade makes no set again.

The module also defines `Outcome`, the result of one attempt at a case: published, pending, unsettled, or
still arriving, each with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from itrwatch.core.codes import Code
from itrwatch.core.findings import Finding, Severity
from itrwatch.core.pages import BlankEvidence, Encoding, Reason, Rung, Turn
from itrwatch.core.sections import Section

SCHEMA = 1
"""The schema that is written, and the last that is read."""
MANIFEST_NAME = "manifesto.json"
_CODES: dict[object, Code] = {code.value: code for code in Code}
"""Made once: at a start thousands of findings are read."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A published PDF: ``type`` and ``title`` for e-CAC, ``folhas``: the first and last number in it, or None without numbers."""

    name: str
    bytes: int
    sha256: str
    pages: int
    type: str
    title: str
    folhas: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class SectionSpan:
    """First and last folha of a section; None when it is not numbered."""

    kind: Section
    folhas: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class PageEntry:
    """The result for one scanned page; ``output_page`` counts from 1 in the file ``output``.

    ``evidence``: for a page that was removed as blank, or kept in doubt. ``rung``: the coding of a published page;
    ``why``: the reason with figures.
    """

    file: str
    page: int
    section: Section | None
    outcome: str  # published | removed | unclaimed
    reason: Reason | None = None
    folha: int | None = None
    output: str | None = None
    output_page: int | None = None
    turn: Turn = 0
    encoding: Encoding | None = None
    evidence: BlankEvidence | None = None
    rung: Rung | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """One file of a set, identified by its content."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The set that was sent: the number of ``juntadas`` noted so far; ``data`` and ``protocolo`` of the last, as text or empty."""

    juntadas: int
    data: str
    protocolo: str
    files: tuple[Digest, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The record of one case; the module docstring has its guarantees."""

    processo: str | None
    folder: str
    fingerprint: str
    version: str
    files: tuple[FileEntry, ...] = ()
    sections: tuple[SectionSpan, ...] = ()
    pages: tuple[PageEntry, ...] = ()
    findings: tuple[Finding, ...] = ()
    draft: bool = False
    """Whether only the sidecar is missing, and a draft of it is in the outbox."""
    sent: Sent | None = None
    """The set that was sent to the Receita; None until a juntada is noted."""
    before: tuple[Digest, ...] = ()
    """For a pending case: the files of the last published set."""
    complemento: int = 0
    """The number of the juntada for a complement; 0 for the case itself."""

    @property
    def published(self) -> bool:
        """Whether the outbox holds PDFs for this case."""
        return bool(self.files)

    def to_json(self) -> str:
        """The manifest as indented JSON with a final newline."""
        body = {"schema": SCHEMA} | asdict(self)
        # Keys that were added later are omitted if empty, so that the bytes of an old manifest do not change.
        for added in ("draft", "sent", "before", "complemento"):
            if not body[added]:
                del body[added]
        body["findings"] = [
            {
                "severity": f.severity,
                "message": _with_page(f),
                "rule": f.rule,
                "file": f.file,
                "line": f.line,
                "code": f.code,
                "page": f.page,
                "folha": f.folha,
            }
            for f in self.findings
        ]
        return _json(body)


class ManifestError(ValueError):
    """The text is not a manifest that this version can read."""


class NewerManifestError(ManifestError):
    """A manifest of a later schema; the message is the version that wrote it."""


def from_json(text: str, *, pages: bool = True) -> Manifest:
    """JSON → manifest, without ``pages`` if they are not needed. Raises `NewerManifestError` for a later schema, else `ManifestError`."""
    try:
        body: dict[str, Any] = json.loads(text)
        schema = body["schema"]
        if type(schema) is not int or not 1 <= schema <= SCHEMA:
            raise _foreign(body)
        return Manifest(
            processo=body["processo"],
            folder=body["folder"],
            fingerprint=body["fingerprint"],
            version=body["version"],
            files=tuple(FileEntry(**_known(FileEntry, f) | {"folhas": _span(f["folhas"])}) for f in body["files"]),
            sections=tuple(SectionSpan(Section(s["kind"]), _span(s["folhas"])) for s in body["sections"]),
            pages=tuple(_page(p) for p in body["pages"]) if pages else (),
            findings=tuple(map(_finding, body["findings"])),
            draft=bool(body.get("draft")),
            sent=_sent(body.get("sent")),
            before=tuple(Digest(**_known(Digest, one)) for one in body.get("before", ())),
            complemento=int(body.get("complemento", 0)),
        )
    except ManifestError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as wrong:
        raise ManifestError(str(wrong)) from wrong


def refreshed(text: str, fingerprint: str, sent: Sent | None) -> str:
    """The manifest in ``text`` with a new fingerprint and ``sent``; all other content stays, known or not."""
    body = json.loads(text) | {"fingerprint": fingerprint}
    body.pop("sent", None)
    return _json(body | ({"sent": asdict(sent)} if sent else {}))


def _sent(body: dict[str, Any] | None) -> Sent | None:
    if body is None:
        return None
    return Sent(**_known(Sent, body) | {"files": tuple(Digest(**_known(Digest, one)) for one in body["files"])})


def _json(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _foreign(body: Mapping[str, Any]) -> ManifestError:
    schema = body["schema"]
    if type(schema) is int and schema > SCHEMA:
        return NewerManifestError(str(body.get("version", "?")))
    return ManifestError(f"schema {schema!r}")


def _known(kind: type, body: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of an entry that this version knows."""
    return {field.name: body[field.name] for field in fields(kind) if field.name in body}


def _with_page(finding: Finding) -> str:
    """The message of a finding, with its page: the format has no field for the page of a scan."""
    return finding.message if finding.page is None else f"página {finding.page}: {finding.message}"


def _finding(body: dict[str, Any]) -> Finding:
    """The finding with the sentence that was stored, not the current wording; entries of older versions have no code."""
    code, page, folha = (body.get(key) for key in ("code", "page", "folha"))
    message = body["message"].removeprefix(f"página {page}: ").removeprefix(f"folha {folha}: ")
    return Finding(
        Severity(body["severity"]),
        _CODES.get(code, Code.OTHER),
        (("text", message), *((("rule", body["rule"]),) if body["rule"] else ())),
        body["file"],
        body["line"],
        page=page,
        folha=folha,
    )


def _span(pair: list[int] | None) -> tuple[int, int] | None:
    if pair is None:
        return None
    first, last = pair
    return (first, last)


def _evidence(body: dict[str, Any] | None) -> BlankEvidence | None:
    if body is None:
        return None
    at = body["at_mm"]
    return BlankEvidence(**_known(BlankEvidence, body) | {"at_mm": at and (at[0], at[1])})


def _page(body: dict[str, Any]) -> PageEntry:
    return PageEntry(
        **_known(PageEntry, body)
        | {
            "section": body["section"] and Section(body["section"]),
            "reason": body["reason"] and Reason(body["reason"]),
            "encoding": body["encoding"] and Encoding(body["encoding"]),
            "evidence": _evidence(body.get("evidence")),
            "rung": body.get("rung") and Rung(body["rung"]),
        }
    )


@dataclass(frozen=True, slots=True)
class Published:
    """The set is in the outbox."""

    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Pending:
    """The outbox has no PDF of the case; the manifest's errors tell the fiscal what to do."""

    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Unsettled:
    """The folder changed while it was read; nothing was published. ``why``: what changed, in Portuguese."""

    why: str


@dataclass(frozen=True, slots=True)
class Arriving:
    """The folder is at rest, but a file looks incomplete; ``why``: what is awaited, in Portuguese.

    Only a patient attempt ends like this; the last attempt writes the note instead.
    """

    why: str


Outcome = Published | Pending | Unsettled | Arriving


class KilledError(OSError):
    """A worker was killed twice on one task, not by itrwatch: the machine lacks memory. Trying again later may succeed."""


class Stopped(Exception):  # noqa: N818 - nothing is wrong: somebody asked itrwatch to stop
    """Raised when the service or this job is asked to stop: pages in progress are abandoned (F47); nothing of the case was published."""
