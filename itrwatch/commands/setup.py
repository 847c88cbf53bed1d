"""``itrwatch setup``: from an installed program to a running service."""

from __future__ import annotations

import argparse
import os
import platform
import re

from rich.console import Console

from itrwatch.config.reading import parse_config
from itrwatch.core.excerpts import yaml_text
from itrwatch.errors import Exit, ItrwatchError, UsageError
from itrwatch.setup import machine
from itrwatch.setup.edited_config import edited
from itrwatch.setup.office import Office, drop_in, shares, values
from itrwatch.setup.questions import Answers, ask_all


def setup(options: argparse.Namespace) -> Exit:
    """Ask what was not given as an option, write it down, examine the machine and start the service.

    Nothing is written before all answers are good; nothing is started while `doctor` finds something bad.
    """
    if os.geteuid() != 0:
        raise UsageError("este comando cria usuários, pastas e o serviço: precisa ser root", "sudo itrwatch setup")
    office = _office(options.instance)
    text = _present(office)
    answers = ask_all(options, office.config, text, parse_config(text.encode(), office.config).config)
    changed = _changed(office, text, answers)
    if options.samba:
        changed = edited(changed, {"share_name": yaml_text(rf"\\{platform.node()}\{office.share('entrada')}")})
    _put_in_place(office, answers, changed)
    _share(office, answers, add=options.samba)
    return _start(office)


def _office(name: str | None) -> Office:
    if name and not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,20}", name):
        raise UsageError(
            f"“{name}” não serve como nome", "use letras minúsculas, algarismos e hífens; por exemplo norte"
        )
    return Office(name or "")


def _present(office: Office) -> str:
    """The present configuration, or the initial one."""
    if office.config.exists():
        return office.config.read_text("utf-8")
    first = machine.shared("config.yaml").read_text("utf-8")
    return edited(first, {"inbox": str(office.inbox), "outbox": str(office.outbox)})


def _changed(office: Office, text: str, answers: Answers) -> str:
    """The configuration with the answers, parsed again; `ItrwatchError` if it does not contain them."""
    wanted = values(answers.inbox, answers.outbox, answers.uf, answers.days)
    new = edited(text, wanted)
    config = parse_config(new.encode(), office.config).config
    said = (config.inbox, config.outbox, config.holidays.uf, config.holidays.municipal)
    if said != (answers.inbox, answers.outbox, answers.uf, answers.days):
        lines = "".join(f"\n    {key}: {value}" for key, value in wanted.items())
        raise ItrwatchError(
            f"não consegui mudar “{office.config}” sem estragar o que está nele", f"escreva nele à mão:{lines}"
        )
    return new


def _put_in_place(office: Office, answers: Answers, config: str) -> None:
    machine.make_accounts(office)
    for folder in machine.make_folders(answers.inbox, answers.outbox, office):
        _say(f"pasta criada: {folder}")
    machine.write(office.config, config)
    _say(f"configuração: {office.config}")
    machine.place_unit(office)
    own = (answers.inbox, answers.outbox) != (office.inbox, office.outbox)
    machine.place_drop_in(office, drop_in(answers.inbox, answers.outbox) if own else "")


def _share(office: Office, answers: Answers, *, add: bool) -> None:
    text = shares(office, answers.inbox, answers.outbox, answers.municipality)
    if add:
        _say(f"compartilhamentos: {machine.add_shares(office, text)}")
        _say(
            f"  um usuário para cada pessoa: useradd -M -s /usr/sbin/nologin -g {office.readers} maria; smbpasswd -a maria"
        )
    else:
        _say(f"\nPara o Samba desta máquina (ou rode de novo com --samba, que acrescenta isto):\n\n{text}")


def _start(office: Office) -> Exit:
    code, said = machine.examine(office)
    if said:
        _say(said.rstrip())
    if code:
        raise ItrwatchError(
            "o serviço não foi iniciado: corrija antes as linhas com “erro”", f"depois: {_again(office)}"
        )
    if machine.start_service(office):
        _say(f"serviço: {office.unit} ligado, agora e a cada início da máquina")
    else:
        _say(f"aqui não há systemd: runuser -u itrwatch -- itrwatch start --config {office.config}")
    return Exit.OK


def _again(office: Office) -> str:
    return f"itrwatch setup --yes --instance {office.name}" if office.name else "itrwatch setup --yes"


def _say(words: str) -> None:
    Console().print(words, markup=False, highlight=False, soft_wrap=True)
