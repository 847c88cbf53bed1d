"""index.html: every case at one glance; written only when it differs, and never half."""

import gc
import os
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest

from itrwatch.core.codes import Code
from itrwatch.core.findings import error, warning
from itrwatch.core.manifest import Manifest
from itrwatch.core.status import CaseStatus, Root, StatusSnapshot
from itrwatch.daemon import panel
from itrwatch.daemon.case_state import hindrance
from itrwatch.daemon.panel import CHECK_SECONDS, Panel
from itrwatch.daemon.panel_thread import SHOW_AGAIN, PanelThread
from itrwatch.store.outbox import Outbox
from tests.daemon.test_daemon import Daemon
from tests.many_cases import NOW, fill, folder_name, manifest, office
from tests.office import scan_bytes
from tests.reports import EVIL, Page

LATER = timedelta(seconds=CHECK_SECONDS)


class Wall:
    """Where the panel hangs: the two roots, and what a reader sees of ``index.html``."""

    def __init__(self, root, count=0):
        self.config = office(root)
        self.status = fill(self.config, count)
        self.panel = Panel(Outbox(self.config.outbox), self.config)
        self.path = self.config.outbox / "index.html"

    def show(self, status=None) -> Page:
        self.panel.show(status or self.status)
        return Page(self.path.read_bytes())

    def line(self, *places, number=0, status=None) -> str:
        """What is said of one case, from its number in the first column to the next case."""
        text = self.show(status or replace(self.status, cases=(*self.status.cases, *places))).text
        return text[text.index(f"13153.{720000 + number}") :].partition(" 13153.")[0]


@pytest.fixture
def wall(tmp_path):
    return lambda count=0: Wall(tmp_path, count)


def test_the_panel_without_cases_says_how_to_begin(wall):
    text = wall().show().text
    assert "0 processos. Atualizado em 22/11/2026 às 20:05." in text
    assert (
        "Ainda não há processos. Crie na entrada uma pasta com o número do processo no nome e copie para ela as "
        "digitalizações e o processo.yaml."
    ) in text
    assert "Este painel se atualiza automaticamente." in text


def test_a_line_has_state_action_deadline_files_findings_and_change(wall):
    office_wall = wall(1)
    os.utime(office_wall.config.outbox / folder_name(0) / "NOTI.pdf", (NOW.timestamp(), NOW.timestamp()))
    page = office_wall.show()
    line = office_wall.line()
    assert line.startswith(
        "13153.720000/2026-00 Fazenda Boa Vista a solicitar Solicite a disponibilização do processo no e-CAC"
    )
    assert "terminou entre 30/10/2026 e 03/11/2026" in line
    assert "NOTI.pdf, 605 KB IMPUGNA.pdf, 205 KB" in line
    assert "2 lembretes 22/11/2026 às 20:05" in line
    assert "13153720000202600%20Fazenda%20Boa%20Vista/relatorio.html" in page.links


def test_the_cases_that_need_action_come_first(wall):
    text = wall(12).show().text
    states = [
        (" pendente Corrija", 4),
        (" solicitado A disponibilização foi solicitada", 1),
        ("com ressalvas", 7),
        (" a solicitar ", 0),
    ]
    places = [text.index(f"13153.{720000 + number}") for _, number in states]
    assert places == sorted(places)
    assert "Em primeiro lugar, os que exigem providência." in text
    assert "1 a corrigir, 2 lembretes" in text
    assert "1 a conferir, 2 lembretes" in text


def test_two_folders_with_one_number_are_told_of_each_other(wall):
    office_wall, twin = wall(1), folder_name(0) + " cópia"
    said = f"o mesmo número de processo está também na pasta “{twin}” da entrada: junte"
    found = replace(manifest(0), findings=(warning(Code.NAMESAKE, text=said),))
    (office_wall.config.outbox / folder_name(0) / "manifesto.json").write_text(found.to_json(), "utf-8")
    assert f" O mesmo número de processo está também na pasta “{twin}” da entrada: junte. " in office_wall.line()


def test_what_is_late_is_said_beside_what_to_do(wall):
    line = wall(2).line(number=1)
    assert "A disponibilização foi solicitada em 05/11/2026; os 5 dias úteis terminaram em" in line
    assert "se não está, entre em contato pelo e-mail equipeitr@rfb.gov.br." in line


def test_a_folder_or_a_sidecar_without_permission_does_not_stop_the_panel(wall, monkeypatch):
    office_wall = wall(2)
    locked, name = "13153.999999-2026-01", folder_name(1)
    looked = panel.take_snapshot

    def refused(folder):
        if folder.name in (locked, name):
            raise PermissionError(13, "Permission denied", str(folder))
        return looked(folder)

    monkeypatch.setattr(panel, "take_snapshot", refused)
    trouble = CaseStatus(locked, "a tentar de novo", hindrance(PermissionError(13, "Permission denied", locked)))
    text = office_wall.show(replace(office_wall.status, cases=(*office_wall.status.cases, trouble))).text
    assert "sem permissão para o itrwatch; dê a ele o direito de ler" in text
    assert f"13153.{720001}" in text


def test_a_folder_that_comes_back_to_the_inbox_is_read_with_its_sidecar(wall):
    office_wall = wall(2)
    gone = office_wall.line(status=replace(office_wall.status, cases=()))
    assert "A pasta não está mais na entrada." in gone
    assert "terminou entre" not in gone
    assert "terminou entre 30/10/2026 e 03/11/2026" in office_wall.line()


def test_old_accepted_cases_fold_away_into_a_page_for_each_year(wall, monkeypatch):
    monkeypatch.setattr("itrwatch.report.panel_page.RECENT", 1)
    office_wall = wall(17)  # every sixth is accepted: 4, 10 and 16; 4 is pending
    for number, year in ((10, 2024), (16, 2026)):
        moment = NOW.replace(year=year).timestamp()
        os.utime(office_wall.config.outbox / folder_name(number) / "NOTI.pdf", (moment, moment))
    page = office_wall.show()
    assert "17 processos." in page.text
    assert "13153.720016" in page.text
    assert "13153.720010" not in page.text
    assert "aceitos-2024.html" in page.links
    year = Page((office_wall.config.outbox / "aceitos-2024.html").read_bytes())
    assert "Processos de ITR aceitos em 2024 1 processo." in year.text
    assert "13153.720010" in year.text
    assert "index.html" in year.links


def test_a_panel_of_thousands_is_drawn_before_all_is_read(wall):
    office_wall = wall(4)
    panel = Panel(Outbox(office_wall.config.outbox), office_wall.config, seconds=-1.0)
    panel.show(office_wall.status)
    text = Page(office_wall.path.read_bytes()).text
    assert "o painel ainda está lendo a saída e mostra 0 de 4 processos; ele se completa automaticamente" in text
    assert panel.unread == 4
    panel._seconds = 60.0  # noqa: SLF001 - time passes
    panel.show(office_wall.status)
    text = Page(office_wall.path.read_bytes()).text
    assert "ainda está lendo" not in text
    assert "4 processos." in text


def test_a_deleted_panel_is_written_again(wall):
    office_wall = wall(1)
    office_wall.show()
    office_wall.path.unlink()
    assert "13153.720000" in office_wall.show().text


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (2, "solicitado, com ressalvas"),
        (3, "juntado, em análise Em análise na Receita desde 20/11/2026 (protocolo 123.456)"),
        (5, "rejeitado A Receita rejeitou a juntada (motivo: falta o AR): corrija e junte os documentos novamente."),
        (10, "aceito Imprima o Termo de Análise de Solicitação de Juntada, junte-o ao processo em papel e arquive"),
    ],
)
def test_the_way_at_the_receita_is_reported(wall, number, said):
    assert said in wall(number + 1).line(number=number)


@pytest.mark.parametrize(
    ("case_status", "said"),
    [
        (CaseStatus("13153.999999-2026-01", "em trabalho", done=12, total=76), "em trabalho 12 de 76 páginas"),
        (CaseStatus("13153.999999-2026-01", "em trabalho"), "em trabalho"),
        (
            CaseStatus("13153.999999-2026-01", "aguardando", "“scan 001.pdf” ainda está crescendo"),
            "aguardando “scan 001.pdf” ainda está crescendo",
        ),
        (
            CaseStatus("13153.999999-2026-01", "aguardando"),
            "aguardando Nova ou mudada: o trabalho começa quando a pasta ficar um tempo sem mudanças.",
        ),
        (
            CaseStatus("13153.999999-2026-01", "na fila"),
            "na fila Na fila, depois das que estão na frente.",
        ),
        (
            CaseStatus("13153.999999-2026-01", "a tentar de novo"),
            "a tentar de novo Não deu para ler ou salvar agora; o itrwatch tenta de novo automaticamente.",
        ),
        (CaseStatus("13153.999999-2026-01", "vazias"), "vazia Sem digitalizações e sem processo.yaml."),
    ],
)
def test_a_case_without_a_set_says_what_it_waits_for(wall, case_status, said):
    assert said in wall(1).line(case_status, number=279999)


def test_a_case_that_left_the_inbox_says_so(wall):
    office_wall = wall(1)
    assert "A pasta não está mais na entrada." in office_wall.line(status=replace(office_wall.status, cases=()))


def test_a_set_that_was_taken_back_leads_to_the_note(wall):
    office_wall = wall(1)
    case = office_wall.config.outbox / folder_name(0)
    (case / "relatorio.html").unlink()
    (case / "PENDENTE.txt").write_text("A pasta mudou")
    withdrawn = Manifest(
        "13153.720000/2026-00", folder_name(0), "", "0.1.0", findings=(error(Code.OTHER, text="mudou"),)
    )
    (case / "manifesto.json").write_text(withdrawn.to_json(), "utf-8")
    page = office_wall.show()
    assert "Nada: os PDFs estão sendo refeitos." in page.text
    assert any(link.endswith("/PENDENTE.txt") for link in page.links)


def test_roots_that_are_away_and_notices_stand_on_top(wall):
    office_wall = wall()
    roots = (Root("entrada", "/srv/entrada", "polling", "sem acesso a “/srv/entrada”"), Root("saída", "/srv/saida"))
    text = office_wall.show(StatusSnapshot(NOW, roots, notices=("disco quase cheio",))).text
    assert (
        "Entrada (/srv/entrada): sem acesso a “/srv/entrada”. Nada é apagado, e o trabalho continua automaticamente quando a "
        "pasta voltar."
    ) in text
    assert "disco quase cheio" in text
    assert "Entrada: /srv/entrada, acompanhada por polling." in text
    assert "/srv/saida" not in text  # who reads this page is there


def test_a_note_in_andamento_is_shown_by_the_next_drawing(wall):
    office_wall = wall(1)
    assert "a solicitar" in office_wall.line()
    sidecar = office_wall.config.inbox / folder_name(0) / "processo.yaml"
    sidecar.write_text(sidecar.read_text("utf-8") + "andamento:\n  - juntada: {data: 21/11/2026}\n", "utf-8")
    later = replace(office_wall.status, at=NOW + LATER)
    assert "juntado, em análise" in office_wall.line(status=later)


def test_a_change_that_the_service_reports_is_drawn_at_once(wall):
    office_wall = wall(1)
    office_wall.show()
    sidecar = office_wall.config.inbox / folder_name(0) / "processo.yaml"
    sidecar.write_text(sidecar.read_text("utf-8") + "andamento:\n  - juntada: {data: 21/11/2026}\n", "utf-8")
    (case,) = office_wall.status.cases
    assert "a solicitar" in office_wall.line()
    changed = replace(office_wall.status, cases=(replace(case, changed=case.changed + 1),))
    assert "juntado, em análise" in office_wall.line(status=changed)


def test_a_slip_in_andamento_is_reported_with_its_line(wall):
    office_wall = wall(1)
    sidecar = office_wall.config.inbox / folder_name(0) / "processo.yaml"
    sidecar.write_text(sidecar.read_text("utf-8") + "andamento:\n  - juntda: {data: 21/11/2026}\n", "utf-8")
    line = office_wall.line()
    assert "processo.yaml, linha 6: palavra desconhecida “juntda”" in line
    assert "Fazenda Boa Vista" in line


def test_what_ecac_gave_back_is_named(wall):
    office_wall = wall(1)
    (office_wall.config.inbox / folder_name(0) / "Recibo da juntada.pdf").write_bytes(b"%PDF-")
    assert "Recibo da solicitação de juntada na entrada: Recibo da juntada.pdf" in office_wall.line()


def test_nothing_is_read_again_and_nothing_written_while_nothing_changes(wall, monkeypatch):
    office_wall = wall(3)
    office_wall.show()
    written = office_wall.path.stat().st_ino
    monkeypatch.setattr(Outbox, "read_manifest", lambda *_: pytest.fail("a manifest was read again"))
    office_wall.show(replace(office_wall.status, at=NOW + LATER))
    assert office_wall.path.stat().st_ino == written


def test_a_new_day_moves_the_deadlines(wall):
    office_wall = wall(1)
    folder = office_wall.config.inbox / folder_name(0)
    (folder / "processo.yaml").write_text(
        "secoes:\n  - notificacao: a.pdf\nciencia: {modo: pessoal, data: 20/11/2026}\n"
    )
    today = office_wall.line()
    tomorrow = office_wall.line(status=replace(office_wall.status, at=NOW + timedelta(days=1)))
    assert "faltam" in today
    assert today != tomorrow


def test_a_share_that_fails_leaves_the_panel_as_it_was(wall, monkeypatch):
    office_wall = wall(2)
    before = office_wall.show().text

    def away(*_args, **_options):
        raise OSError(116, "Stale file handle")

    monkeypatch.setattr("itrwatch.daemon.panel.take_snapshot", away)
    sidecar = office_wall.config.inbox / folder_name(0) / "processo.yaml"
    sidecar.write_text("secoes: []\n")
    later = replace(office_wall.status, at=NOW + LATER)
    assert office_wall.show(later).text == before
    monkeypatch.setattr(Outbox, "names", away)
    office_wall.panel.show(replace(later, at=NOW + 2 * LATER))
    assert Page(office_wall.path.read_bytes()).text == before


def test_without_a_service_the_roots_say_how_a_case_stands(wall):
    office_wall = wall(5)
    (office_wall.config.inbox / "13153.999999-2026-01").mkdir()
    (office_wall.config.inbox / "13153.999999-2026-02" / "scans" / "dia 29").mkdir(parents=True)
    (office_wall.config.inbox / "13153.999999-2026-03").mkdir()
    (office_wall.config.inbox / "13153.999999-2026-03" / "processo.yaml").write_text("secoes: []\n")
    office_wall.panel.show_without_service(NOW)
    text = Page(office_wall.path.read_bytes()).text
    assert "13153.720000/2026-00 Fazenda Boa Vista a solicitar" in text
    assert "13153.720004/2026-04 Chácara Ipê pendente" in text
    assert "13153.999999-2026-01 vazia Sem digitalizações e sem processo.yaml." in text
    subfolder = "“scans/dia 29” é uma pasta dentro de uma subpasta, que não é lida"
    assert f"13153.999999-2026-02 vazia {subfolder}" in text
    assert "13153.999999-2026-03 aguardando" in text


def test_the_service_writes_the_panel(tmp_path):
    daemon = Daemon(tmp_path)
    try:
        (daemon.case() / "noti.pdf").write_bytes(scan_bytes("N1"))
        daemon.until(lambda: "com ressalvas" in panel_of(daemon))
        assert daemon.stop() == 0
    finally:
        daemon.process.kill()


def panel_of(daemon):
    path = daemon.outbox / "index.html"
    return Page(path.read_bytes()).text if path.exists() else ""


def test_names_are_escaped_and_lead_where_they_should(wall):
    office_wall = wall()
    name = f"13153.720210-2019-34 {EVIL}#?%"
    case = office_wall.config.outbox / name
    case.mkdir()
    (case / "relatorio.html").write_text("x")
    page = office_wall.show(StatusSnapshot(NOW, cases=(CaseStatus(name, "aguardando", EVIL),)))
    assert "img" not in page.tags
    assert (
        "13153.720210-2019-34%20%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E.pdf%23%3F%25/relatorio.html" in page.links
    )


def test_a_name_that_is_no_utf8_has_its_line(wall):
    office_wall = wall()
    (office_wall.config.inbox / "13153.720210-2019-34 S\udce3o").mkdir()
    page = office_wall.show(StatusSnapshot(NOW, cases=(CaseStatus("13153.720210-2019-34 S\udce3o", "vazias"),)))
    assert "13153.720210-2019-34 S\\xe3o" in page.text


def test_the_panel_is_drawn_again_when_the_status_changed_or_days_may_have_passed(monkeypatch):
    monkeypatch.setattr("itrwatch.daemon.panel_thread.SHOW_SECONDS", 0.01)
    shown, halt, seen = [], Event(), Event()
    panel_thread = PanelThread(lambda status: (shown.append(status.at), seen.set()), halt)
    snapshots = [
        StatusSnapshot(NOW),
        StatusSnapshot(NOW + timedelta(minutes=1)),
        StatusSnapshot(NOW + SHOW_AGAIN),
    ]
    panel_thread.put(snapshots[0])
    panel_thread.start()
    assert seen.wait(20)
    seen.clear()
    panel_thread.put(snapshots[1])
    assert not seen.wait(0.2)
    panel_thread.put(snapshots[2])
    assert seen.wait(20)
    halt.set()
    panel_thread.join()
    assert shown == [snapshots[0].at, snapshots[2].at]
    assert gc.get_freeze_count()  # what is known is not searched for garbage any more …
    gc.unfreeze()
