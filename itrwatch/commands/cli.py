"""The command line of the administrator, with Portuguese messages."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from itrwatch import __version__
from itrwatch.config.reading import DEFAULT_PATH
from itrwatch.core.separators import FILE
from itrwatch.errors import Exit, ItrwatchError, UsageError

Command = Callable[[argparse.Namespace], Exit]

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("vigia a entrada e publica na saída, em primeiro plano (é o que o systemd inicia)", "run"),
    "once": ("trata tudo o que está completo na entrada e termina", "once"),
    "check": ("mostra o plano, as folhas e os avisos de uma pasta, sem escrever nada", "check"),
    "page": ("mostra tudo o que se descobre de uma página, para saber por que ela saiu assim", "page"),
    "status": ("mostra cada processo e em que etapa está, e como cada pasta é vigiada", "status"),
    "new": ("mostra um rascunho do processo.yaml de uma pasta de digitalizações", "new"),
    "separators": ("faz o PDF das folhas separadoras, para imprimir", "separators"),
    "schema": ("escreve o esquema JSON do processo.yaml, para editores de texto", "schema"),
    "demo": ("desenha um processo de exemplo, trata-o e diz onde olhar", "demo"),
    "setup": ("pergunta o que falta, escreve a configuração e liga o serviço (como root)", "setup"),
    "config": ("confere uma configuração; com --show, mostra o que vale e de onde vem", "config"),
    "doctor": ("examina a instalação e diz o que corrigir", "doctor"),
    "start": ("inicia em segundo plano, em máquinas sem systemd", "background"),
    "stop": ("para o que “start” iniciou", "background"),
    "restart": ("para e inicia de novo", "background"),
}
"""Each command with its description and its module in `itrwatch.commands`, which is imported only when it is called."""

CODES: dict[Exit, str] = {
    Exit.OK: "tudo bem",
    Exit.PENDING: "há o que corrigir (PENDENTE.txt)",
    Exit.STOPPED: "o serviço não está em execução (“status”)",
    Exit.USAGE: "comando não entendido",
    Exit.TEMPORARY: "agora não: outro itrwatch trabalha, ou uma pasta não responde",
    Exit.CONFIG: "configuração errada",
}
"""The exit codes, for the help."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code, one of `Exit`; ``--help`` and ``--version`` raise ``SystemExit(0)``."""
    try:
        options = make_parser().parse_args(arguments)
        return _function(options.command)(options)
    except ItrwatchError as fault:
        print(f"itrwatch: {fault}", file=sys.stderr)
        return fault.exit_code
    except KeyboardInterrupt:
        return Exit.TEMPORARY


def _function(name: str) -> Command:
    function: Command = getattr(import_module(f"itrwatch.commands.{COMMANDS[name][1]}"), name)
    return function


class _Parser(argparse.ArgumentParser):
    """A parser with Portuguese error messages, which list the valid choices; argparse has only English ones."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(_refusal(message), f"{self.format_usage().strip()}\n  “{self.prog} --help” explica.")

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "uso: ", 1)

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", "uso: ", 1)


def _refusal(message: str) -> str:
    words = message.split("'")
    if "invalid choice" in message and len(words) > 1:
        near = difflib.get_close_matches(words[1], COMMANDS, n=1)
        return f"comando desconhecido “{words[1]}”" + (f"; você quis dizer “{near[0]}”?" if near else "")
    if "unrecognized arguments" in message:
        return f"não entendi “{message.partition(': ')[2]}”"
    if "not allowed with" in message:
        return f"“{words[0].split()[1].rstrip(':')}” e “{message.rsplit(maxsplit=1)[-1]}” não vão juntas"
    if "invalid int value" in message and len(words) > 1:
        return f"“{words[1]}” não é um número"
    if "expected one argument" in message:
        return f"falta o valor de “{message.split()[1].rstrip(':')}”"
    return "falta dizer a pasta" if "PASTA" in message else "falta dizer o comando"


def make_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = _Parser(
        prog="itrwatch",
        description="Dos processos de ITR digitalizados aos PDFs que o e-CAC aceita.",
        usage="itrwatch COMANDO [opções]",
        epilog=f"Códigos de saída: {'; '.join(f'{code:d} {what}' for code, what in CODES.items())}.",
        add_help=False,
    )
    _helps(parser)
    _config(parser, default=None)
    parser.add_argument("--version", action="version", version=f"itrwatch {__version__}", help="mostra a versão")
    subparsers = parser.add_subparsers(
        title="comandos", dest="command", required=True, metavar="COMANDO", parser_class=_Parser, prog="itrwatch"
    )
    for name, (what, _) in COMMANDS.items():
        _arguments(
            name, subparsers.add_parser(name, help=what, description=f"{what[:1].upper()}{what[1:]}.", add_help=False)
        )
    return parser


def _arguments(name: str, parser: argparse.ArgumentParser) -> None:
    _helps(parser)
    _config(parser, default=argparse.SUPPRESS)  # what stood before the command holds, unless it is said again
    if name in _OPTIONS:
        _OPTIONS[name](parser)


def _case(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="PASTA", help="a pasta do processo")


def _new(parser: argparse.ArgumentParser) -> None:
    _case(parser)
    parser.add_argument("--write", action="store_true", help="salva o rascunho, em vez de só mostrar")


def _separators(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="ARQUIVO", nargs="?", default=Path(FILE), help=f"onde salvar (padrão: ./{FILE})"
    )
    parser.add_argument("--duplex", action="store_true", help="para imprimir em frente e verso")


def _once(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--retry", action="store_true", help="tenta de novo também os pendentes que não mudaram")


def _background(parser: argparse.ArgumentParser) -> None:
    help_text = "arquivo do processo (padrão: em /run/itrwatch)"
    parser.add_argument("--pid-file", type=Path, metavar="ARQUIVO", default=None, help=help_text)


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", type=Path, metavar="PASTA", nargs="?", default=Path("demo"), help="onde desenhar (padrão: ./demo)"
    )


def _status(parser: argparse.ArgumentParser) -> None:
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="tudo em JSON, para outros programas")
    form.add_argument("--brief", action="store_true", help="uma linha só, para quem vigia o serviço (Zabbix, Nagios)")


def _doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--quiet", action="store_true", help="mostra só o que há a corrigir; nada, se está tudo em ordem"
    )


def _configuration(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="ARQUIVO", nargs="?", help="a configuração (padrão: a de --config)")
    parser.add_argument("--check", action="store_true", help="diz o que está errado (o que também se faz sem opção)")
    parser.add_argument("--show", action="store_true", help="mostra cada valor que vale, e a linha de onde vem")


def _setup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--inbox", metavar="PASTA", help="a pasta da entrada")
    parser.add_argument("--outbox", metavar="PASTA", help="a pasta da saída")
    parser.add_argument("--uf", metavar="SIGLA", help="o estado, para os feriados dele")
    parser.add_argument("--municipio", metavar="NOME", help="o município, para o nome dos compartilhamentos")
    parser.add_argument("--feriados", metavar="DATAS", help="os feriados do município: 26/08,24/10")
    parser.add_argument("--samba", action="store_true", help="acrescenta os compartilhamentos ao Samba desta máquina")
    parser.add_argument("--instance", metavar="NOME", help="mais uma repartição nesta máquina: itrwatch@NOME.service")
    parser.add_argument("--yes", action="store_true", help="não pergunta nada: o que não foi dito fica como está")


def _page(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scan", type=Path, metavar="ARQUIVO", help="a digitalização")
    parser.add_argument("number", type=int, metavar="PÁGINA", nargs="?", default=1, help="a página, a partir de 1")
    parser.add_argument("--pictures", type=Path, metavar="PASTA", help="salva também as imagens de cada passo")


_OPTIONS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "check": _case,
    "new": _new,
    "page": _page,
    "separators": _separators,
    "once": _once,
    "start": _background,
    "stop": _background,
    "restart": _background,
    "demo": _demo,
    "status": _status,
    "doctor": _doctor,
    "config": _configuration,
    "setup": _setup,
}
"""The arguments of each command besides ``--config``; commands without any are omitted."""


def _config(parser: argparse.ArgumentParser, default: str | None) -> None:
    help_text = f"arquivo de configuração (padrão: {DEFAULT_PATH})"
    parser.add_argument("--config", type=Path, metavar="ARQUIVO", help=help_text, default=default)


def _helps(parser: argparse.ArgumentParser) -> None:
    parser._optionals.title = "opções"  # noqa: SLF001 argparse offers no other way to translate it
    parser._positionals.title = "argumentos"  # noqa: SLF001
    parser.add_argument("-h", "--help", action="help", help="mostra esta ajuda")
