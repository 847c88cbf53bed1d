"""What report and panel say of ten kinds of case, as complete texts that were read by eye.

After a change that is meant: ``GOLDEN=write python -m pytest tests/report/test_golden.py``, then read the difference.
"""

import os
from pathlib import Path

import pytest

from tests.report.golden_cases import CASES, golden_text

FOLDER = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", CASES)
def test_what_the_fiscal_reads(name):
    path = FOLDER / f"{name}.txt"
    if os.environ.get("GOLDEN") == "write":
        path.write_text(golden_text(name), "utf-8")
    assert golden_text(name) == path.read_text("utf-8")


def test_every_text_belongs_to_a_case():
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(CASES)
