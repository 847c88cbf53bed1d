"""Finds and reads the sidecar of a folder.

find_sidecar(take_snapshot(folder)) -> (Sidecar(…), "processo.yaml", findings, lines)
"""

from __future__ import annotations

from pathlib import Path

from itrwatch.core.case_description import Sidecar
from itrwatch.core.codes import Code
from itrwatch.core.filenames import SIDECAR_NAME, SIDECARS, name_key, printable
from itrwatch.core.findings import Finding, error, reminder
from itrwatch.scans.plain_file import open_plain
from itrwatch.sidecar import yaml_tree
from itrwatch.sidecar.draft import unconfirmed
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.store.inbox import Snapshot


def find_sidecar(snapshot: Snapshot) -> tuple[Sidecar | None, str, list[Finding], tuple[str, ...]]:
    """The readable part of the sidecar, its name, its findings, and its lines; without a sidecar, None and the finding about it."""
    if not snapshot.sidecars:
        return None, SIDECAR_NAME, [error(Code.SIDECAR_MISSING, text=_no_sidecar(snapshot))], ()
    if len(snapshot.sidecars) > 1:
        names = " e ".join(f"“{printable(file.name)}”" for file in snapshot.sidecars)
        message = f"há {'dois' if len(snapshot.sidecars) == 2 else len(snapshot.sidecars)} arquivos de descrição, {names}; deixe só um deles na pasta"
        return None, SIDECAR_NAME, [error(Code.SIDECAR_SEVERAL, text=message)], ()
    name, size = snapshot.sidecars[0].name, snapshot.sidecars[0].size
    if size > yaml_tree.MAX_BYTES:
        return None, name, [error(Code.SIDECAR_UNREADABLE, text=yaml_tree.too_large(size), file=name, line=1)], ()
    misnamed = _misnamed(name)
    try:
        data = _read(snapshot.folder / name)
    except OSError as fault:
        return (
            None,
            name,
            [error(Code.SIDECAR_UNREADABLE, why=fault.strerror, file=name)],
            (),
        )
    sidecar, name, findings, lines = parse_sidecar(data, name)
    return sidecar, name, [*misnamed, *findings], lines


def parse_sidecar(data: bytes, name: str) -> tuple[Sidecar | None, str, list[Finding], tuple[str, ...]]:
    """The same for ``data``, the bytes of a sidecar called ``name``."""
    parsed = yaml_tree.read(data, name)
    if parsed.node is None:
        return None, name, list(parsed.findings), parsed.lines
    read = read_sidecar(parsed.node, name, parsed.lines)
    left = unconfirmed(data.decode("utf-8", "replace"), name)
    return read.readable, name, [*parsed.findings, *read.findings, *left], parsed.lines


def _misnamed(name: str) -> list[Finding]:
    """Findings for ``processo.yaml.txt``: Windows hides the last extension and shows it as ``processo.yaml``."""
    if name.casefold() in SIDECARS:
        return []
    understood = f"o arquivo foi entendido como {SIDECAR_NAME}; prefira tirar o fim “{Path(name).suffix}” do nome"
    advice = "(no Windows Explorer, marque Exibir > Extensões de nomes de arquivos)"
    return [reminder(Code.SIDECAR_MISNAMED, text=f"{understood} {advice}", file=name)]


def _read(path: Path) -> bytes:
    """At most one byte more than a sidecar may have, which shows that it is too large; links and pipes are refused."""
    with open_plain(path) as file:
        return file.read(yaml_tree.MAX_BYTES + 1)


def _no_sidecar(snapshot: Snapshot) -> str:
    links = [refused for refused in snapshot.refused if refused.name.casefold().startswith("processo.y")]
    if links:
        return f"“{printable(links[0].name)}” {links[0].why}"
    if near := meant_for_sidecar(snapshot):
        advice = f"mude o nome para {SIDECAR_NAME} (sem .txt nem outro fim), e salve-o como texto"
        return f"falta o arquivo {SIDECAR_NAME}; se é “{printable(near)}”, {advice}"
    return (
        f"falta o arquivo {SIDECAR_NAME}, que diz o que é cada página; o itrwatch deixa um rascunho dele, com o mesmo nome, na "
        "pasta deste processo na SAÍDA: confira-o, corrija o que for preciso e salve-o na ENTRADA, junto com as digitalizações"
    )


def meant_for_sidecar(snapshot: Snapshot) -> str:
    """A file that is probably the sidecar under another name; empty if there is none."""
    links = (refused.name for refused in snapshot.refused if refused.name.casefold().startswith("processo.y"))
    others = (file.name for file in snapshot.others if name_key(file.name).startswith("processo"))
    return next(iter((*links, *others)), "")
