"""Shares that are away, replaced, read-only or silent: degraded, told, and resumed by itself."""

from itrwatch.cases import State
from itrwatch.core.settings import Config
from itrwatch.outbox import Outbox
from tests.shell import CASE, cases_of, fill, job, pdf, work

LOST = "nada é apagado, e o trabalho continua sozinho quando a pasta voltar"


def test_a_lost_inbox_is_not_an_empty_one(config: Config, outbox: Outbox, said: list[str]) -> None:
    fill(config)
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox))
    work(cases, 30, job(outbox))
    config.inbox.rename(config.inbox.with_name("desmontada"))
    for now in (60, 120):
        assert work(cases, now, job(outbox)) == []
    cases_lost = f"sem acesso à entrada: «{config.inbox}» não existe (o compartilhamento está montado?)"
    assert cases.lost == cases_lost
    assert cases.due() == float("inf")
    assert pdf(config) == b"%PDF-1"
    config.inbox.with_name("desmontada").rename(config.inbox)
    assert work(cases, 180, job(outbox)) == []
    assert [line for line in said if line.startswith("ERROR")] == [f"ERROR: {cases_lost}; {LOST}"]
    assert said[-1] == "INFO: a entrada e a saída estão de volta"


def test_a_bare_mount_point_deletes_nothing(config: Config, outbox: Outbox, said: list[str]) -> None:
    fill(config)
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox))
    work(cases, 30, job(outbox))
    (config.inbox / CASE).rename(config.inbox.with_name("desmontada"))
    cases.scan(60)
    assert said[-1] == "WARNING: a entrada ficou vazia, onde havia pastas (antes: 1); a saída fica como está"
    config.inbox.with_name("desmontada").rename(config.inbox / CASE)
    assert work(cases, 90, job(outbox)) == []
    assert cases.counts == {State.PUBLISHED: 1}
