"""``itrwatch start``, ``stop``, ``restart``: the service on hosts without systemd."""

from __future__ import annotations

import argparse
import hashlib
import os
from dataclasses import replace
from pathlib import Path

from loguru import logger
from rich.console import Console

from itrwatch.commands.common import config_path, read_config, settle_in
from itrwatch.commands.run import serve
from itrwatch.config.reading import load_config
from itrwatch.core.settings import Config
from itrwatch.daemon import daemonize
from itrwatch.daemon.daemonize import PidFile
from itrwatch.daemon.systemd import Notifier
from itrwatch.errors import Exit, ItrwatchError

RUN = Path("/run/itrwatch")  # emptied by every reboot
LOG = Path("/var/log/itrwatch/itrwatch.log")
STOP_SECONDS = 20  # the page under way ends or is abandoned well within it; chosen


def start(options: argparse.Namespace) -> Exit:
    """Start the service in the background; returns after it reported READY, or raises its error."""
    daemonize.refuse_under_systemd()
    return _start(options, read_config(options))


def stop(options: argparse.Namespace) -> Exit:
    """Stop the service started by `start` and wait for its end; `ItrwatchError` if it still runs after `STOP_SECONDS`."""
    return _stop(options)


def restart(options: argparse.Namespace) -> Exit:
    """Stop and start; with an invalid configuration the old service keeps running."""
    daemonize.refuse_under_systemd()
    config = read_config(options)
    ended = _stop(options)
    return _start(options, config) if ended is Exit.OK else ended


def pid_file(options: argparse.Namespace) -> PidFile:
    """The file that ``--pid-file`` names, else one for the configuration: two configurations on one host are two services."""
    if options.pid_file:
        return PidFile(Path(os.path.abspath(options.pid_file)))
    config = config_path(options)
    digest = hashlib.sha256(os.fsencode(os.path.realpath(config))).hexdigest()[:8]
    return PidFile(RUN / f"{config.stem}-{digest}.pid")


def _start(options: argparse.Namespace, config: Config) -> Exit:
    config, path = _logged(config), config_path(options)  # absolute: the service leaves the folder of the caller

    def work(notifier: Notifier) -> None:
        settle_in(config)
        try:
            serve(config, lambda: _logged(load_config(path)), notifier)
        except Exception as wrong:
            logger.opt(exception=not isinstance(wrong, ItrwatchError)).error("o serviço terminou: {}", wrong)
            raise

    pid = daemonize.start(pid_file(options), config.umask, work)
    _say(f"itrwatch em execução (processo {pid}); registro em {config.log.file}")
    return Exit.OK


def _logged(config: Config) -> Config:
    """The configuration with a log file: in the background there is no journal."""
    return config if config.log.file else replace(config, log=replace(config.log, file=LOG))


def _stop(options: argparse.Namespace) -> Exit:
    try:
        pid = daemonize.stop(pid_file(options), STOP_SECONDS)
    except TimeoutError:
        raise ItrwatchError(
            f"o itrwatch ainda não terminou depois de {STOP_SECONDS} s; ele para assim que puder",
            "espere e repita “itrwatch stop”; um compartilhamento que não responde pode segurá-lo",
        ) from None
    _say("o itrwatch não está em execução" if pid is None else f"itrwatch parado (processo {pid})")
    return Exit.OK


def _say(words: str) -> None:
    Console().print(words, markup=False, highlight=False, soft_wrap=True)
