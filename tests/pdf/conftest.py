"""The part that the tests of writing and verifying look at: it is written once."""

import functools

import pytest

from tests.written_part import damage_copy, write_example


@pytest.fixture(scope="package")
def part(tmp_path_factory):
    path = tmp_path_factory.mktemp("part") / "NOTI.pdf"
    write_example(path)
    return path


@pytest.fixture
def damaged(part, tmp_path):
    """A function that copies the part and gives ``change`` its bytes or, with ``pdf``, the document."""
    return functools.partial(damage_copy, part, tmp_path / "NOTI.pdf")
