"""Where composing starts, by what is known of the case."""

from __future__ import annotations

from itrwatch.core.propose import propose
from itrwatch.report.compose_start import beginning
from itrwatch.report.result import Result
from tests.reports import manifest, sidecar

PUBLISHED = manifest()
SCAN = "scan 001.pdf"


def test_a_case_that_separator_sheets_published_starts_with_the_pictures_of_its_report():
    pages = sum(page.file == SCAN for page in PUBLISHED.pages)
    result = Result(
        PUBLISHED, sidecar("secoes:\n  - notificacao: scan 001.pdf\n"), proposal=propose({SCAN: pages}, {}, {})
    )
    start = beginning(result)
    assert [page.picture for page in start.pages] == [f"p{number}" for number in range(1, len(PUBLISHED.pages) + 1)]
    assert not start.movable


def test_nothing_starts_where_no_page_was_seen():
    assert beginning(Result(manifest(files=(), pages=()))) is None
