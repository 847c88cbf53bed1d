"""docs/itrwatch.bash: the commands and options that bash completes, from the command line itself."""

from __future__ import annotations

import argparse

from itrwatch.commands.cli import COMMANDS, make_parser

_SCRIPT = """\
# Feito por `python -m docs` a partir da linha de comando: não mude aqui.
_itrwatch() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} command=${{COMP_WORDS[1]}}
    if [ "$COMP_CWORD" = 1 ]; then
        COMPREPLY=($(compgen -W "{commands}" -- "$word"))
        return
    fi
    case $command in
{cases}
    esac
    [[ $word == -* ]] || COMPREPLY=($(compgen -f -- "$word"))
}}
complete -o filenames -F _itrwatch itrwatch
"""


def script() -> str:
    """The text of the file."""
    (commands,) = (action for action in make_parser()._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001
    cases = [
        f'    {name}) COMPREPLY=($(compgen -W "{" ".join(_options(parser))}" -- "$word")) ;;'
        for name, parser in commands.choices.items()
    ]
    return _SCRIPT.format(commands=" ".join(COMMANDS), cases="\n".join(cases))


def _options(parser: argparse.ArgumentParser) -> list[str]:
    return [option for action in parser._actions for option in action.option_strings if option.startswith("--")]  # noqa: SLF001
