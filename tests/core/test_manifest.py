"""The manifest: what is written is read back whole, by machines and, if need be, by a person."""

import json

import pytest

from itrwatch.core.codes import Code
from itrwatch.core.findings import error, warning
from itrwatch.core.manifest import SCHEMA, FileEntry, Manifest, ManifestError, PageEntry, SectionSpan, from_json
from itrwatch.core.pages import BlankEvidence, Encoding, Reason
from itrwatch.core.sections import Section

SEEN = BlankEvidence(ink=0.0012, largest_mm=3.5, at_mm=(12.0, 250.5), confidence=0.9)
WHOLE = Manifest(
    processo="13153.720210/2019-34",
    folder="13153.720210-2019-34 São João",
    fingerprint="a:b",
    version="1",
    files=(FileEntry("NOTI.pdf", 9, "ff", 1, "NOTIFICAÇÃO DE LANÇAMENTO", "", (1, 1)),),
    sections=(SectionSpan(Section.NOTIFICACAO, (1, 1)),),
    pages=(
        PageEntry("n.pdf", 1, Section.NOTIFICACAO, "published", None, 1, "NOTI.pdf", 1, 90, Encoding.MIXED),
        PageEntry("n.pdf", 2, Section.NOTIFICACAO, "removed", Reason.BLANK, None, None, None, 0, None, SEEN),
        PageEntry("x.pdf", 1, None, "unclaimed", None, None, None, None, 0, None),
    ),
    findings=(
        warning(Code.OTHER, text="confira", rule="Manual, 3", file="n.pdf"),
        error(Code.OTHER, text="corrija", file="processo.yaml", line=3),
    ),
)


def test_what_is_written_is_read_back_whole():
    assert from_json(WHOLE.to_json()) == WHOLE


def test_a_person_can_read_it():
    lines = WHOLE.to_json().splitlines()
    assert ' "folder": "13153.720210-2019-34 São João",' in lines
    assert '   "type": "NOTIFICAÇÃO DE LANÇAMENTO",' in lines


def test_a_blank_page_on_which_there_is_no_mark_at_all():
    body = json.loads(WHOLE.to_json())
    body["pages"][1]["evidence"]["at_mm"] = None
    assert from_json(json.dumps(body)).pages[1].evidence.at_mm is None


def test_a_manifest_of_before_evidence_was_kept_is_read():
    body = json.loads(WHOLE.to_json())
    for page in body["pages"]:
        del page["evidence"]
    assert [page.evidence for page in from_json(json.dumps(body)).pages] == [None, None, None]


def test_a_manifest_of_an_earlier_schema_is_read(monkeypatch):
    """With a section more comes the next schema; what was published and sent before it must still be known."""
    written = WHOLE.to_json()
    monkeypatch.setattr("itrwatch.core.manifest.SCHEMA", SCHEMA + 1)
    assert from_json(written) == WHOLE


def test_a_later_schema_is_refused_by_the_version_that_wrote_it():
    body = json.loads(WHOLE.to_json()) | {"schema": SCHEMA + 1}
    with pytest.raises(ManifestError, match=r"^1$"):
        from_json(json.dumps(body))


def test_anything_else_is_refused_with_what_was_wrong():
    with pytest.raises(ManifestError, match="schema"):
        from_json("{}")
    with pytest.raises(ManifestError, match="Expecting value"):
        from_json("")
