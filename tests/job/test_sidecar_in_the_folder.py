"""What the folder has to do with the sidecar: Notepad's names, endings that Windows hides, files too large."""

from __future__ import annotations

from threading import Event

import pytest

from itrwatch.core.codes import Code
from itrwatch.core.findings import Finding
from itrwatch.job.intake import Case, read_case
from itrwatch.store.inbox import take_snapshot
from tests.office import CASE, scan_bytes

SIDECAR = "secoes:\n  - notificacao: scan 001.pdf\n  - termo: termo.pdf\n"


@pytest.fixture
def folder(office):
    folder = office.case(None)
    (folder / "scan 001.pdf").write_bytes(scan_bytes("A", "B", "C"))
    (folder / "termo.pdf").write_bytes(scan_bytes("T"))
    return folder


def read(folder, pool) -> Case:
    return read_case(take_snapshot(folder), pool, Event())


def written(case: Case) -> list[Finding]:
    """What there is to say of the writing; what the checklist misses is reported elsewhere."""
    return [finding for finding in case.findings if finding.code is Code.NOTIFICACAO_MISSING or not finding.rule]


def messages(case: Case) -> list[str]:
    """Everything about the sidecar itself, with what is shown under it."""
    own: list[Finding] = [finding for finding in written(case) if (finding.file or "").startswith("processo.")]
    return [line for finding in own for line in (f"{finding.severity.value} {finding}", *finding.picture())]


@pytest.mark.parametrize("name", ["processo.yaml.txt", "Processo.YAML.TXT", "processo.yml.txt", "processo.yaml.yaml"])
def test_what_notepad_makes_of_the_name_is_understood(folder, pool, name) -> None:
    (folder / name).write_text(SIDECAR, "utf-8")
    case = read(folder, pool)
    assert not case.faulty
    own = [str(finding) for finding in written(case) if finding.file == name]
    end = name[name.rindex(".") :]
    where = "(no Windows Explorer, marque Exibir > Extensões de nomes de arquivos)"
    assert own == [f"{name}: o arquivo foi entendido como processo.yaml; prefira tirar o fim “{end}” do nome {where}"]


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (
            ["processo.yaml", "processo.yaml.txt"],
            "há dois arquivos de descrição, “processo.yaml” e “processo.yaml.txt”; deixe só um deles na pasta",
        ),
        (
            ["processo.txt"],
            "falta o arquivo processo.yaml; se é “processo.txt”, mude o nome para processo.yaml (sem .txt nem outro fim), e salve-o como texto",
        ),
        (
            ["processo.docx"],
            "falta o arquivo processo.yaml; se é “processo.docx”, mude o nome para processo.yaml (sem .txt nem outro fim), e salve-o como texto",
        ),
    ],
)
def test_names_that_cannot_be_understood(folder, pool, names, sentence) -> None:
    for name in names:
        (folder / name).write_text(SIDECAR, "utf-8")
    assert sentence in [str(finding) for finding in read(folder, pool).findings]


def test_ten_megabytes_are_answered_by_their_size_alone(folder, pool) -> None:
    sidecar = folder / "processo.yaml"
    with sidecar.open("wb") as file:
        file.truncate(10 << 20)
    sidecar.chmod(0)  # not even opened
    assert messages(read(folder, pool)) == [
        "error processo.yaml:1: este arquivo é grande demais (10240 KB); o limite é 16 KB"
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("notificacao: SCAN 001.PDF", []),
        (
            "notificacao: scan 001",
            [
                "reminder processo.yaml:2:18: “scan 001” entendido como “scan 001.pdf”; prefira escrever o nome inteiro do arquivo",
                "está:      - notificacao: scan 001",
                "                          ^",
                "escreva:   - notificacao: scan 001.pdf",
            ],
        ),
        (
            "notificacao: scan 001 1 a 3",
            [
                "reminder processo.yaml:2:18: “scan 001 1 a 3” entendido como “scan 001.pdf 1-3”; prefira escrever o nome inteiro do arquivo",
                "está:      - notificacao: scan 001 1 a 3",
                "                          ^",
                "escreva:   - notificacao: scan 001.pdf 1-3",
            ],
        ),
        (
            "notificacao: scan 001.pdf.pdf",
            [
                "reminder processo.yaml:2:18: “scan 001.pdf.pdf” entendido como “scan 001.pdf”; prefira escrever o nome inteiro do arquivo",
                "está:      - notificacao: scan 001.pdf.pdf",
                "                          ^",
                "escreva:   - notificacao: scan 001.pdf",
            ],
        ),
        (
            "notificacao: scan001.pdf 1-3",
            [
                "error processo.yaml:2:18: o arquivo “scan001.pdf” não está na pasta; você quis dizer “scan 001.pdf”?",
                "está:      - notificacao: scan001.pdf 1-3",
                "                          ^",
                "escreva:   - notificacao: scan 001.pdf 1-3",
            ],
        ),
        (
            "notificacao: [scan 001.pdf 1-2, scan 001.pdf 1-3]",
            [
                "error processo.yaml:2:37: as páginas 1-2 de “scan 001.pdf” já foram usadas na linha 2; cada página entra uma vez só: corrija um dos dois intervalos",
                "está:      - notificacao: [scan 001.pdf 1-2, scan 001.pdf 1-3]",
                "                                             ^",
            ],
        ),
        (
            "notificacao: scan 001.pdf 1-4",
            [
                "error processo.yaml:2:31: “scan 001.pdf”: a página 4 não existe: o arquivo só tem 3 páginas; confira o número da página, e se a digitalização está completa",
                "está:      - notificacao: scan 001.pdf 1-4",
                "                                       ^",
            ],
        ),
    ],
)
def test_names_and_pages_held_against_the_folder(folder, pool, line, expected) -> None:
    (folder / "processo.yaml").write_text(f"secoes:\n  - {line}\n  - termo: termo.pdf\n", "utf-8")
    assert messages(read(folder, pool)) == expected


def test_a_number_that_is_not_the_folders_is_shown_in_its_line(folder, pool) -> None:
    (folder / "processo.yaml").write_text(f"{SIDECAR}processo: 13153.720210/2019-35\n", "utf-8")
    assert messages(read(folder, pool)) == [
        "error processo.yaml:4:11: o número do processo “13153.720210/2019-35” não é o da pasta (13153.720210/2019-34); corrija um dos dois",
        "está:    processo: 13153.720210/2019-35",
        "                   ^",
    ]
    assert CASE.startswith("13153.720210-2019-34")
