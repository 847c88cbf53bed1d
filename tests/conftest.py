"""What tests share: one pool of page workers, an office for each test, folders for the shell."""

import os
import posix
import tempfile
from pathlib import Path

import pytest
from loguru import logger

from itrwatch.core.settings import Config
from itrwatch.store.outbox import Outbox
from itrwatch.workers.pool import Pool
from tests.office import Office
from tests.shell import SETTLE, Listener

HERE = Path(__file__).parent
PATHS = [str(HERE.parent), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
if os.environ.get("COVERAGE_PROCESS_CONFIG"):  # `--cov`: coverage tells the processes that the tests start, and us
    PATHS.insert(0, str(HERE / "measuring"))
    # Children that tests fork by the hundred to kill them at every step save nothing: all they do is known from elsewhere.
    os._exit = posix._exit  # noqa: SLF001 the one that coverage put its own over
os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(PATHS))
"""For the programs that the tests start: they are those of this tree."""

CORPUS = HERE.parents[1] / "shared" / "corpus"


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


@pytest.fixture
def config():
    """Inbox and outbox in memory where there is one: every publication is flushed to its disk."""
    shm = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shm if os.access(shm, os.W_OK) else None) as folder:
        root = Path(folder)
        for name in ("entrada", "saida"):
            (root / name).mkdir()
        yield Config(root / "entrada", root / "saida", settle_seconds=SETTLE, watch="polling")


@pytest.fixture
def outbox(config):
    return Outbox(config.outbox)


@pytest.fixture
def said():
    """The log: level and message."""
    lines = []
    number = logger.add(lambda message: lines.append(str(message).rstrip()), format="{level}: {message}", level="INFO")
    yield lines
    logger.remove(number)


@pytest.fixture
def listener(tmp_path):
    """Systemd's end of the socket."""
    made = Listener(str(tmp_path / "notify"))
    yield made
    made.close()
