"""Examines the machine and the program (user, limits, versions, models), and the settings that each office must make."""

from __future__ import annotations

import os
import platform
import re
import resource
import shlex
from collections.abc import Iterator
from importlib import import_module, metadata
from pathlib import Path

from itrwatch import __version__
from itrwatch.config.reading import DEFAULT_PATH
from itrwatch.core.settings import Config
from itrwatch.doctor.verdict import CheckLine, attention, bad, good
from itrwatch.imaging.analysis.models import MODELS, ORIENTATION, READER, RecogniserMissing, load
from itrwatch.reading.recognise import FOLDER, PORTUGUESE
from itrwatch.setup.machine import program

OPEN_FILES = 256
"""Chosen: the main process holds about 30 and 3 for each page worker; a staging folder and its files come and go."""


def examine(config: Path = DEFAULT_PATH) -> Iterator[CheckLine]:
    """The lines that do not depend on the configuration; ``config``: its path, for the commands shown."""
    if os.geteuid() == 0:
        yield attention(
            "usuário",
            "este exame rodou como root, que pode tudo: as permissões das pastas não foram testadas",
            shlex.join(["runuser", "-u", "itrwatch", "--", *program(), "doctor", "--config", str(config)]),
        )
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < OPEN_FILES:
        yield attention(
            "limites",
            f"só {soft} arquivos abertos por processo",
            f"ulimit -n {OPEN_FILES}; no serviço, systemctl edit itrwatch, e nele [Service] e LimitNOFILE={OPEN_FILES}",
        )
    else:
        yield good("limites", f"{soft} arquivos abertos por processo")
    yield from _versions()
    yield _libraries()
    for model, folder in ((ORIENTATION, MODELS), (READER, MODELS), (PORTUGUESE, FOLDER)):
        try:
            load(model, folder)
        except RecogniserMissing as wrong:
            yield bad("modelos", str(wrong), "instale o itrwatch de novo; os modelos vêm dentro dele")
        else:
            yield good("modelos", f"{model.name} está completo e carrega")


def _libraries() -> CheckLine:
    """Whether all libraries can be loaded, including those that are loaded only on demand."""
    for module in (
        "itrwatch.workers.preload",
        "holidays",
        "itrwatch.commands.bars",
        "itrwatch.born_digital.choose",
        "asn1crypto.cms",
    ):
        try:
            import_module(module)
        except ImportError as wrong:
            return bad("bibliotecas", f"uma não pode ser carregada: {wrong}", "instale o itrwatch de novo com pip")
    return good("bibliotecas", "todas podem ser carregadas")


def _versions() -> Iterator[CheckLine]:
    try:
        needed = metadata.requires("itrwatch") or []
    except metadata.PackageNotFoundError:
        yield attention(
            "versões", f"itrwatch {__version__} roda sem estar instalado", "instale com pip em um ambiente próprio"
        )
        return
    found, missing = [], []
    for requirement in needed:
        match = re.match(r"[A-Za-z0-9._-]+", requirement)
        if match is None or "extra ==" in requirement:
            continue
        try:
            found.append(f"{match[0]} {metadata.version(match[0])}")
        except metadata.PackageNotFoundError:
            missing.append(match[0])
    if missing:
        yield bad("versões", f"faltam bibliotecas: {', '.join(missing)}", "instale o itrwatch de novo com pip")
    yield good("versões", f"itrwatch {__version__}, Python {platform.python_version()}, {', '.join(found)}")


def examine_settings(config: Config, path: Path) -> Iterator[CheckLine]:
    """The lines about settings whose default is not right for any office; ``path``: the configuration."""
    if config.holidays.uf:
        days = len(config.holidays.municipal) or "nenhum"
        yield good("feriados", f"nacionais, de {config.holidays.uf} e {days} do município")
    else:
        yield attention(
            "feriados",
            "“holidays.uf” está vazio: os feriados do estado não entram na conta do prazo, que pode sair errada",
            _setup(path),
        )
    if config.share_name:
        yield good("nome no Windows", f"os fiscais leem “{config.share_name}”")
    else:
        yield attention(
            "nome no Windows",
            f"“share_name” está vazio: o painel e o LEIA-ME.html dizem “{config.inbox}”, que ninguém reconhece no Windows",
            rf"escreva em {path}, por exemplo: share_name: \\{platform.node()}\entrada",
        )


def _setup(path: Path) -> str:
    """The command that asks for missing settings, for configurations that `itrwatch setup` writes."""
    if path == DEFAULT_PATH:
        return "itrwatch setup"
    if path.parent == DEFAULT_PATH.parent:
        return f"itrwatch setup --instance {path.stem}"
    return f"escreva em {path}, abaixo de “holidays:”, uf: e a sigla do seu estado"
