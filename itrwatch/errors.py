"""Exit codes, and the errors for the administrator, each with its remedy.

The fiscal's faults (sidecar, scans) are values, `core.findings`; these are exceptions that
end a command.
"""

from __future__ import annotations

import errno
from enum import IntEnum

from itrwatch.core.filenames import printable


class Exit(IntEnum):
    """The exit codes of all commands; 64, 75 and 78 are from sysexits.h."""

    OK = 0
    PENDING = 1
    STOPPED = 2
    USAGE = 64
    TEMPORARY = 75
    CONFIG = 78


class ItrwatchError(Exception):
    """Ends a command: ``message`` is the fault, ``remedy`` what to do, both in Portuguese."""

    exit_code = Exit.TEMPORARY

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n  {self.remedy}" if self.remedy else self.message


class ConfigError(ItrwatchError):
    """The configuration cannot be used."""

    exit_code = Exit.CONFIG


class UsageError(ItrwatchError):
    """The command line is invalid."""

    exit_code = Exit.USAGE


class BusyError(ItrwatchError):
    """Another itrwatch uses this outbox."""


_SILENT = (errno.EIO, errno.ESTALE, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENOTCONN, errno.ETIMEDOUT)
_REASONS = {
    errno.ENOENT: "não existe (o compartilhamento está montado?)",
    errno.ENOTDIR: "não é uma pasta",
    errno.EACCES: "sem permissão para o itrwatch; dê a ele o direito de ler e, na saída, o de escrever",
    errno.EPERM: "o sistema não permite",
    errno.EROFS: "só permite leitura",
    errno.ENOSPC: "o disco está cheio",
    errno.EDQUOT: "a cota de disco acabou",
    errno.EISDIR: "é uma pasta, e não um arquivo",
    errno.EEXIST: "já existe",
    errno.ENOTEMPTY: "não está vazia",
    errno.EBUSY: "está em uso por outro programa",
    errno.ETXTBSY: "está em uso por outro programa",
    errno.EAGAIN: "está em uso por outro programa",
    errno.ENAMETOOLONG: "tem um nome comprido demais",
    errno.ELOOP: "é um link simbólico que não leva a lugar nenhum",
    errno.EINVAL: "o sistema de arquivos não aceita isto",
    errno.EOPNOTSUPP: "o sistema de arquivos não oferece isto",
    errno.EMFILE: "há arquivos abertos demais",
    errno.ENFILE: "há arquivos abertos demais nesta máquina",
    errno.ENOMEM: "falta memória",
    errno.EFBIG: "o arquivo é grande demais para este sistema de arquivos",
    errno.ENXIO: "o disco não está mais aí (a montagem se perdeu?)",
    errno.EXDEV: "as duas pastas ficam em discos diferentes",
} | dict.fromkeys(_SILENT, "o disco ou o servidor da pasta não responde como devia")


def reason(fault: OSError) -> str:
    """Why a folder or file cannot be used, in Portuguese; the system's message if there is no sentence for the error."""
    return _REASONS.get(fault.errno or 0, fault.strerror or str(fault))


def reason_with_path(fault: OSError) -> str:
    """`reason` with the path, if known."""
    place = printable(str(fault.filename)) if fault.filename else ""
    return f"“{place}” {reason(fault)}" if place else reason(fault)
