"""What tests share: one pool of page workers, and an office for each test."""

from pathlib import Path

import pytest

from itrwatch.workers import Pool
from tests.office import Office

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


@pytest.fixture(scope="session")
def pool():
    with Pool(2) as pool:
        yield pool


@pytest.fixture
def office(tmp_path, pool):
    return Office(tmp_path, pool)


@pytest.fixture(scope="session")
def corpus():
    if not CORPUS.is_dir():
        pytest.skip("the shared corpus is not here")
    return CORPUS
