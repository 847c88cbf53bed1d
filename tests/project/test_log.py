"""The log: one line per thing that matters, in Portuguese, to stderr and to a rotating file."""

import pytest
from loguru import logger

from itrwatch.core.settings import LogConfig
from itrwatch.log import case_log, open_log


@pytest.fixture(autouse=True)
def fresh_logger():
    yield
    logger.remove()


def test_the_file_rotates_and_old_ones_are_dropped(tmp_path):
    path = tmp_path / "itrwatch.log"
    open_log(LogConfig(file=path, rotation="1 KB", retention=2), 0o027)
    for number in range(200):
        logger.info("caso {}: publicado", number)
    logger.complete()
    assert path.read_text("utf-8").splitlines()[-1].endswith("INFO: caso 199: publicado")
    assert len(list(tmp_path.iterdir())) == 3


def test_pages_are_reported_only_at_debug(capsys):
    open_log(LogConfig(), 0o027)
    logger.debug("página 1: bitonal")
    logger.info("publicado")
    assert capsys.readouterr().err == "INFO: publicado\n"


def test_a_case_keeps_its_own_lines(tmp_path):
    open_log(LogConfig(), 0o027, quiet=True)
    with case_log(tmp_path / "processo.log", "A"):
        logger.bind(case="A").info("linha de A")
        logger.bind(case="A").warning("ressalva de {nome}")
        logger.bind(case="B").info("linha de B")
        logger.info("linha deste trabalho")  # of what knows no case, as the pool of its pages
    logger.info("linha de ninguém")
    text = (tmp_path / "processo.log").read_text("utf-8")
    assert "linha de A" in text
    assert " aviso: ressalva de {nome}\n" in text  # the fiscal reads this one, from the report
    assert text.endswith(" linha deste trabalho\n")
    assert text.count("linha") == 2


def test_a_name_that_is_not_utf8_does_not_lose_the_line(tmp_path):
    path = tmp_path / "itrwatch.log"
    open_log(LogConfig(file=path), 0o027)
    logger.info("arquivo {}", b"Peti\xe7\xe3o.pdf".decode("utf-8", "surrogateescape"))
    logger.complete()
    assert "Peti" in path.read_text("utf-8")
