"""The command line as an administrator uses it: in Portuguese, with exit codes that mean something."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from itrwatch import __version__
from itrwatch.commands.cli import CODES, COMMANDS
from itrwatch.config.reading import load_config
from itrwatch.core.settings import Config
from itrwatch.errors import ConfigError, Exit
from tests.office import CASE, scan_bytes

ROOT = Path(__file__).parents[2]
GOOD = "secoes:\n  - notificacao: noti.pdf\n"


def itrwatch(*arguments, cwd=None):
    command = [sys.executable, "-m", "itrwatch", *map(str, arguments)]
    environment = os.environ | {"COLUMNS": "200"}
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=cwd, env=environment)


@pytest.fixture
def config(office, tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(f"inbox: {office.inbox}\noutbox: {office.outbox}\nsettle_seconds: 0\n")
    return path


def test_once_publishes_what_is_there_and_says_so_with_its_exit_code(office, config):
    office.case(GOOD, noti_pdf=scan_bytes("N1"))
    done = itrwatch("once", "--config", config)
    assert done.returncode == 0, done.stderr
    assert office.manifest().published
    office.case("secoes:\n  - notificacao: nada.pdf\n", name="10265.226695-2023-03")
    assert itrwatch("once", "--config", config).returncode == 1
    assert "nada.pdf" in office.pending("10265.226695-2023-03")


def test_check_shows_plan_and_findings_and_writes_nothing(office, config):
    folder = office.case(GOOD, noti_pdf=scan_bytes("N1", "N2"))
    done = itrwatch("check", folder, "--config", config)
    assert done.returncode == 0
    assert "folha 2" in done.stdout
    assert "aviso: falta a seção “termo”" in done.stdout
    assert list(office.outbox.iterdir()) == []
    assert itrwatch("check", CASE, "--config", config).returncode == 0


def test_check_says_in_portuguese_why_a_page_is_left_out_and_nothing_else(office, config):
    sidecar = "secoes:\n  - tipo: notificacao\n    arquivo: noti.pdf\n    remover: [2]\n"
    folder = office.case(sidecar, noti_pdf=scan_bytes("N1", "N2"))
    done = itrwatch("check", folder, "--config", config)
    assert "retirada (retirada a pedido)" in done.stdout
    assert "DEBUG" not in done.stderr


def test_check_of_a_faulty_folder_reports_the_fault(office, config):
    folder = office.case("secoes:\n  - notificacao: nada.pdf\n", noti_pdf=scan_bytes("N1"))
    done = itrwatch("check", folder, "--config", config)
    assert done.returncode == 1
    assert "erro: processo.yaml:2:18: o arquivo “nada.pdf” não está na pasta" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["stats"], "comando desconhecido “stats”; você quis dizer “status”?"),
        ([], "falta dizer o comando"),
        (["check"], "falta dizer a pasta"),
        (["once", "--depressa"], "não entendi “--depressa”"),
        (["once", "--config"], "falta o valor de “--config”"),
        (["page", "scan.pdf", "três"], "“três” não é um número"),
        (["check", "/nada"], "a pasta “/nada” não existe"),
        (["new", "/nada"], "a pasta “/nada” não existe"),
    ],
)
def test_a_command_that_is_not_understood_says_so_in_portuguese(arguments, sentence):
    done = itrwatch(*arguments)
    assert done.returncode == 64
    assert sentence in done.stderr
    assert "usage" not in done.stderr


def test_help_is_in_portuguese():
    text = itrwatch("--help").stdout
    assert text.startswith("uso: itrwatch")
    for word in ("comandos", "opções", "vigia a entrada"):
        assert word in text
    assert "options" not in text
    one_line = " ".join(text.split())
    assert all(f"{code:d} {what}" in one_line for code, what in CODES.items())
    assert set(CODES) == set(Exit)


def test_help_of_a_command_shows_how_it_is_called():
    assert itrwatch("new", "--help").stdout.startswith("uso: itrwatch new [-h] [--config ARQUIVO] [--write] PASTA\n")


def test_the_configuration_may_be_named_before_the_command_too(office, config):
    office.case(GOOD, noti_pdf=scan_bytes("N1"))
    assert CASE in itrwatch("--config", config, "status").stdout
    assert CASE in itrwatch("--config", "/nada", "status", "--config", config).stdout
    missing = itrwatch("--config", "/nada", "status")
    assert missing.returncode == 78
    assert "a configuração “/nada” não existe" in missing.stderr


def test_the_version_is_reported():
    assert itrwatch("--version").stdout == f"itrwatch {__version__}\n"


def test_the_man_page_has_every_command_option_and_exit_code():
    page = (ROOT / "docs" / "itrwatch.1").read_text("utf-8").replace("\\-", "-")
    text = re.sub(r"^\.[A-Z]+ |\\f[RBI]|\"", "", page, flags=re.MULTILINE)
    words = set(re.findall(r"[\w-]+", text))
    options = re.findall(r"--[\w-]+", "".join(itrwatch(command, "--help").stdout for command in COMMANDS))
    assert words >= set(COMMANDS) | set(options) | {str(int(code)) for code in Exit}


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_the_man_page_is_formatted_without_a_complaint():
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "docs/itrwatch.1"], cwd=ROOT, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "inbox: /a\noutbox: /b\nsettle_secs: 3\n",
            "config.yaml:3:1: palavra desconhecida “settle_secs”; você quis dizer “settle_seconds”?",
        ),
        ("inbox: /a\n", "falta “outbox”"),
        ("inbox: /a\noutbox: /a/b\n", "não podem ser a mesma pasta nem uma ficar dentro da outra"),
        ("inbox: /a\noutbox: /b\nworkers: muitos\n", "config.yaml:3:10: “workers”: deve ser um número entre 1 e 256"),
        ("inbox: /a\noutbox: /b\nwatch: sempre\n", "deve ser um destes: auto, inotify, polling"),
        ("inbox: /a\noutbox: /b\numask: 022\n", "os papéis estão sob sigilo fiscal"),
        ("inbox: /a\noutbox: /b\nstamp:\n  format: Folha\n", "deve ter {n} uma vez"),
        ('inbox: /a\noutbox: /b\nstamp:\n  format: "Fôlha {n}"\n', "não tem estes sinais: ô"),
        ("inbox: /a\noutbox: /b\nimage:\n  quality: 200\n", "deve ser um número entre 30 e 95"),
        ("inbox: /a\noutbox: /b\nholidays:\n  municipal: [ontem]\n", "deve ser uma lista de datas"),
        ("inbox: /a\noutbox: /b\nholidays:\n  municipal: [31/04]\n", "deve ser uma lista de datas"),
        ("inbox: /a\noutbox: /b\nholidays:\n  municipal: [29/02/2023]\n", "deve ser uma lista de datas"),
        ("inbox: /a\noutbox: /b\nholidays:\n  uf: GX\n", "deve ser a sigla do estado, por exemplo GO"),
        ("inbox: /a\noutbox: /b\nlog: {rotation: às vezes}\n", "deve ser um tamanho, por exemplo 10 MB"),
        ("- a\n", "a configuração é uma lista de “chave: valor”"),
    ],
)
def test_a_wrong_configuration_is_refused_with_line_and_remedy(tmp_path, text, sentence):
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert sentence in str(caught.value)
    assert caught.value.remedy


def test_all_faults_of_a_configuration_are_reported_at_once_with_exit_78(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("inbox: /a\noutbox: /b\nworkers: x\nwatch: y\n")
    done = itrwatch("run", "--config", path)
    assert done.returncode == 78
    assert done.stderr.count("config.yaml:") == 2
    assert itrwatch("run", "--config", tmp_path / "nada.yaml").returncode == 78


def test_a_log_file_that_cannot_be_written_is_reported_with_its_remedy(office, tmp_path):
    (tmp_path / "registro").write_text("a file where a folder should be")
    path = tmp_path / "config.yaml"
    path.write_text(f"inbox: {office.inbox}\noutbox: {office.outbox}\nlog: {{file: registro/itrwatch.log}}\n")
    done = itrwatch("once", "--config", path)
    assert done.returncode == 75  # systemd tries again: the disk may only be full
    assert "não consegui salvar o registro" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_example_configuration_holds_the_defaults():
    config = load_config(ROOT / "config.example.yaml")
    assert config == Config(config.inbox, config.outbox)
