"""The set that was sent to the Receita is known: noted with the juntada, reported when it changes, never dropped."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from itrwatch.core.calendar import Calendar
from itrwatch.core.case_description import Event, Evento
from itrwatch.core.case_summary import case_summary
from itrwatch.core.manifest import Digest, FileEntry, Manifest, Sent, from_json
from itrwatch.core.sent import carried, differs
from itrwatch.core.tree import START
from itrwatch.store.history import Retention, prune
from itrwatch.store.inbox import take_snapshot
from itrwatch.store.ledger import Ledger, OutboxStatus
from itrwatch.store.outbox import Outbox
from tests.office import CASE, NOW, scan_bytes
from tests.reports import sidecar

STEPS = "andamento:\n  - requerimento: 10/02/2024\n  - juntada: 16/02/2024 protocolo 123456\n"
ACCEPTED = STEPS + "  - aceita: 26/02/2024\n"
NOTI = "secoes:\n  - notificacao: noti.pdf\n"


def names_in(folder):
    return sorted(entry.name for entry in folder.iterdir())


def event(kind, day=None):
    return Event(kind, day, START)


def manifest(*files, **changes):
    entries = tuple(FileEntry(name, 1, sha, 1, "T", "", None) for name, sha in files)
    return Manifest("13153.720210/2019-34", CASE, "a:b", "0.1.0", files=entries, **changes)


JUNTADA = event(Evento.JUNTADA, date(2024, 2, 16))
OLD, NEW = manifest(("NOTI.pdf", "old")), manifest(("NOTI.pdf", "new"))
SENT_OLD = Sent(1, "16/02/2024", "", (Digest("NOTI.pdf", "old"),))


@pytest.mark.parametrize(
    ("new", "old", "events", "sent"),
    [
        (NEW, None, (), None),
        (OLD, None, (JUNTADA,), SENT_OLD),  # a case that comes with its juntada noted
        (OLD, OLD, (JUNTADA,), SENT_OLD),
        (NEW, OLD, (JUNTADA,), SENT_OLD),  # noted together with a change: the new files cannot have been sent
        (NEW, manifest(before=(Digest("NOTI.pdf", "old"),)), (JUNTADA,), SENT_OLD),  # the set was taken back meanwhile
        (NEW, manifest(("NOTI.pdf", "old"), sent=SENT_OLD), (JUNTADA,), SENT_OLD),
        (NEW, manifest(("NOTI.pdf", "old"), sent=SENT_OLD), (), None),  # the note was a mistake
        # A sidecar that cannot be read says nothing.
        (NEW, manifest(("NOTI.pdf", "old"), sent=SENT_OLD), None, SENT_OLD),
        (
            NEW,
            manifest(("NOTI.pdf", "new"), sent=SENT_OLD),
            (JUNTADA, event(Evento.REJEITADA), event(Evento.JUNTADA, date(2024, 3, 1))),
            Sent(2, "01/03/2024", "", (Digest("NOTI.pdf", "new"),)),
        ),
    ],
)
def test_what_was_sent_is_the_set_that_was_there_when_the_juntada_was_noted(new, old, events, sent):
    got = carried(new, old, events)
    assert got.sent == sent
    assert from_json(got.to_json()).sent == sent


def test_a_manifest_without_a_juntada_is_as_it_always_was():
    assert not {"sent", "before", "draft"} & {
        line.strip().split('"')[1] for line in NEW.to_json().splitlines() if '"' in line
    }


def summary(published, text):
    return case_summary(published, sidecar(NOTI + text), Calendar(frozenset(), frozenset()), date(2024, 3, 1))


def test_accepted_never_sticks_to_other_bytes():
    same = summary(manifest(("NOTI.pdf", "old"), sent=SENT_OLD), ACCEPTED)
    assert str(same.step.stage) == "aceito"
    other = summary(manifest(("NOTI.pdf", "new"), sent=SENT_OLD), ACCEPTED)
    assert str(other.step.stage) == "mudou depois da juntada"
    assert other.todo == (
        "O que está publicado não é o que foi juntado em 16/02/2024. O que foi juntado está em "
        "“anteriores”, na pasta que termina com “- juntado”. Se a mudança deve ir à Receita, junte os arquivos de novo e anote a "
        "nova juntada em “andamento”; se não, desfaça a mudança na entrada. Se a juntada já foi aceita e só chegaram papéis novos, "
        "tire-os desta pasta e faça com eles um complemento (veja o último passo de “Consulte o resultado”, no relatório)."
    )
    rejected = summary(manifest(("NOTI.pdf", "new"), sent=SENT_OLD), STEPS + "  - rejeitada: 20/02/2024\n")
    assert str(rejected.step.stage) == "rejeitado"  # to be corrected and sent again


def test_a_case_that_changes_after_the_juntada_says_so_and_keeps_what_was_sent(office):
    folder = office.case(NOTI, noti_pdf=scan_bytes("N1"))
    first = office.do()
    (folder / "processo.yaml").write_text(NOTI + STEPS)  # nothing is made anew
    ledger = Ledger(Outbox(office.outbox))
    assert ledger.status_of(take_snapshot(folder), moving=False) is OutboxStatus.PUBLISHED
    noted = office.manifest()
    assert noted.files == first.files
    assert noted.sent == Sent(1, "16/02/2024", "123456", (Digest("NOTI.pdf", first.files[0].sha256),))
    assert not differs(noted)
    (folder / "processo.yaml").write_text(NOTI + "  - termo: noti.pdf\n" + STEPS.replace("noti", "x"))  # a slip
    assert ledger.status_of(take_snapshot(folder), moving=False) is OutboxStatus.TO_DO  # the set was withdrawn
    office.do(now=NOW + timedelta(minutes=1))
    assert office.manifest().sent == noted.sent
    (folder / "termo.pdf").write_bytes(scan_bytes("T"))
    (folder / "processo.yaml").write_text(NOTI + "  - termo: termo.pdf\n" + STEPS)
    changed = office.do(now=NOW + timedelta(minutes=2))
    assert changed.sent == noted.sent
    assert differs(changed)
    assert "O que está publicado não é o que foi juntado em 16/02/2024" in (office.out() / "relatorio.html").read_text(
        "utf-8"
    )
    (kept,) = (office.out() / "anteriores").glob("* - juntado")
    assert from_json((kept / "manifesto.json").read_text("utf-8")).files == first.files


def test_previous_sets_are_deleted_as_configured_but_never_the_one_that_was_sent(tmp_path):
    names = [f"2026-11-{day:02d} 10h00m00s" for day in range(1, 7)]
    for name in (*names, "2026-01-01 10h00m00s - juntado", "notas da Maria"):
        (tmp_path / name).mkdir()
    prune(tmp_path, Retention(), NOW)
    assert len(names_in(tmp_path)) == 8  # off unless it is asked for
    prune(tmp_path, Retention(sets=4), NOW)
    assert names_in(tmp_path) == ["2026-01-01 10h00m00s - juntado", *names[2:], "notas da Maria"]
    prune(tmp_path, Retention(days=18), NOW)  # of the 22nd of November, 20:05
    assert names_in(tmp_path) == ["2026-01-01 10h00m00s - juntado", *names[4:], "notas da Maria"]
    prune(tmp_path / "none", Retention(sets=1), NOW)


def test_sets_are_kept_as_the_configuration_says(office):
    office.case(NOTI, noti_pdf=scan_bytes("N1"))
    office.set(keep_sets=1)
    for minute, stamp in enumerate(("Fls. {n}", "fl. {n}", "Folha {n}")):
        office.set(stamp=office.config.stamp.__class__(format=stamp))
        office.do(now=NOW + timedelta(minutes=minute))
    assert names_in(office.out() / "anteriores") == ["2026-11-22 20h07m12s"]
