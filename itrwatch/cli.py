"""The command line: what the administrator types, answered in Portuguese."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from itrwatch import __version__
from itrwatch.commands.background import restart, start, stop
from itrwatch.commands.check import check
from itrwatch.commands.demo import demo
from itrwatch.commands.doctor import doctor
from itrwatch.commands.new import new
from itrwatch.commands.once import once
from itrwatch.commands.run import run
from itrwatch.commands.schema import schema
from itrwatch.commands.status import status
from itrwatch.config import DEFAULT_PATH
from itrwatch.errors import Exit, ItrwatchError, UsageError

Command = Callable[[argparse.Namespace], Exit]

COMMANDS: dict[str, tuple[str, Command]] = {
    "run": ("vigia a entrada e publica na saída, em primeiro plano (é o que o systemd inicia)", run),
    "once": ("trata tudo o que está em repouso na entrada e termina", once),
    "check": ("mostra o plano, as folhas e os avisos de uma pasta, sem gravar nada", check),
    "status": ("mostra cada processo e em que pé está", status),
    "schema": ("escreve o esquema JSON do processo.yaml, para editores de texto", schema),
    "demo": ("desenha um processo de exemplo, trata-o e diz onde olhar", demo),
    "new": ("rascunho do processo.yaml (em preparação)", new),
    "start": ("inicia em segundo plano, em máquinas sem systemd", start),
    "stop": ("para o que «start» iniciou", stop),
    "restart": ("para e inicia de novo", restart),
    "doctor": ("examina a instalação e diz o que corrigir", doctor),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is one of `Exit`."""
    try:
        options = _parser().parse_args(arguments)
        return COMMANDS[options.command][1](options)
    except ItrwatchError as fault:
        print(f"itrwatch: {fault}", file=sys.stderr)
        return fault.exit_code
    except KeyboardInterrupt:
        return Exit.TEMPORARY


class _Parser(argparse.ArgumentParser):
    """argparse speaks English; what it refuses is said here in Portuguese, with what exists."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(_refusal(message), self.format_usage().strip())

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "uso: ", 1)

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", "uso: ", 1)


def _refusal(message: str) -> str:
    words = message.split("'")
    if "invalid choice" in message and len(words) > 1:
        near = difflib.get_close_matches(words[1], COMMANDS, n=1)
        return f"comando desconhecido «{words[1]}»" + (f"; você quis dizer «{near[0]}»?" if near else "")
    if "unrecognized arguments" in message:
        return f"não entendi «{message.partition(': ')[2]}»"
    if "expected one argument" in message:
        return f"falta o valor de «{message.split()[1].rstrip(':')}»"
    return "falta dizer a pasta" if "PASTA" in message else "falta dizer o comando"


def _parser() -> _Parser:
    parser = _Parser(
        prog="itrwatch",
        description="Dos processos de ITR digitalizados aos PDFs que o e-CAC aceita.",
        usage="itrwatch COMANDO [opções]",
        add_help=False,
    )
    _helps(parser)
    parser.add_argument("--version", action="version", version=f"itrwatch {__version__}", help="mostra a versão")
    subparsers = parser.add_subparsers(
        title="comandos", dest="command", required=True, metavar="COMANDO", parser_class=_Parser
    )
    for name, (what, _) in COMMANDS.items():
        _arguments(name, subparsers.add_parser(name, help=what, description=what.capitalize() + ".", add_help=False))
    return parser


def _arguments(name: str, parser: argparse.ArgumentParser) -> None:
    _helps(parser)
    parser.add_argument(
        "--config", type=Path, metavar="ARQUIVO", help=f"arquivo de configuração (padrão: {DEFAULT_PATH})", default=None
    )
    if name in ("check", "new"):
        parser.add_argument("folder", type=Path, metavar="PASTA", help="a pasta do processo")
    if name == "once":
        parser.add_argument("--retry", action="store_true", help="tenta de novo também os pendentes que não mudaram")
    if name in ("start", "stop", "restart"):
        parser.add_argument(
            "--pid-file",
            type=Path,
            metavar="ARQUIVO",
            default=None,
            help="arquivo do processo (padrão: em /run/itrwatch)",
        )
    if name == "demo":
        parser.add_argument(
            "folder", type=Path, metavar="PASTA", nargs="?", default=Path("demo"), help="onde desenhar (padrão: ./demo)"
        )


def _helps(parser: argparse.ArgumentParser) -> None:
    parser._optionals.title = "opções"  # noqa: SLF001 argparse offers no other way to translate it
    parser._positionals.title = "argumentos"  # noqa: SLF001
    parser.add_argument("-h", "--help", action="help", help="mostra esta ajuda")


if __name__ == "__main__":
    sys.exit(main())
