"""Converts the administrator's answers to configuration values, the drop-in of the systemd unit and Samba shares.

    drop_in(Path("/dados/entrada"), Path("/dados/saida")) -> "… [Unit] RequiresMountsFor=/dados/entrada /dados/saida …"

An office is one pair of folders with one service. The first office of a machine has no name; every other one has a name and,
derived from it, its own configuration, unit, folders and group of readers:

    Office("")       /etc/itrwatch/config.yaml    itrwatch.service             /srv/itr/entrada             fiscais
    Office("norte")  /etc/itrwatch/norte.yaml     itrwatch@norte.service       /srv/itr/norte/entrada       fiscais-norte
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from itrwatch.core.excerpts import yaml_text

CONFIGURATIONS = Path("/etc/itrwatch")
ROOT = Path("/srv/itr")


@dataclass(frozen=True, slots=True)
class Office:
    """One pair of folders with one service; ``name``: letters, digits and hyphens, or "" for the first office."""

    name: str

    @property
    def config(self) -> Path:
        """The path of its configuration."""
        return CONFIGURATIONS / f"{self.name or 'config'}.yaml"

    @property
    def unit(self) -> str:
        """The name of its unit for systemctl."""
        return f"itrwatch@{self.name}.service" if self.name else "itrwatch.service"

    @property
    def inbox(self) -> Path:
        """The default inbox of its unit."""
        return ROOT / self.name / "entrada"

    @property
    def outbox(self) -> Path:
        """The default outbox of its unit."""
        return ROOT / self.name / "saida"

    @property
    def readers(self) -> str:
        """The group of the users of its shares."""
        return f"fiscais-{self.name}" if self.name else "fiscais"

    def share(self, word: str) -> str:
        """The name of a share: ``entrada``, or ``norte-entrada``."""
        return f"{self.name}-{word}" if self.name else word


def values(inbox: Path, outbox: Path, uf: str, days: tuple[str, ...]) -> Mapping[str, str]:
    """The answers as configuration keys and YAML values."""
    return {
        "inbox": yaml_text(str(inbox)),
        "outbox": yaml_text(str(outbox)),
        "holidays.uf": uf,
        "holidays.municipal": f"[{', '.join(days)}]",
    }


def drop_in(inbox: Path, outbox: Path) -> str:
    """The drop-in for folders other than the default ones of the unit: mounts and access rights."""
    reads, writes = _quoted(inbox), _quoted(outbox)
    return (
        "# Escrito por “itrwatch setup”: as pastas desta configuração.\n"
        f"[Unit]\nRequiresMountsFor={reads} {writes}\n\n"
        f"[Service]\nReadOnlyPaths=\nReadOnlyPaths={reads}\nReadWritePaths=\nReadWritePaths={writes}\n"
    )


def _quoted(path: Path) -> str:
    """A path in systemd syntax: percent signs, backslashes and quotes escaped, in quotes if it has spaces."""
    text = str(path).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{text}"' if " " in text else text


def shares(office: Office, inbox: Path, outbox: Path, municipality: str) -> str:
    """The text of the two Samba shares, for a file that ``smb.conf`` includes."""
    of = f" de {municipality}" if municipality else ""
    return f"""\
[{office.share("entrada")}]
   comment = ITR{of}: digitalizações
   path = {inbox}
   valid users = @{office.readers}
   read only = no
   # Quem quer que salve, o dono é o mesmo, e o itrwatch (grupo) pode ler e não escrever.
   force user = itr-entrada
   force group = itrwatch
   create mask = 0640
   directory mask = 2750
   # Sem isto o Windows guarda na própria memória partes de um arquivo que aqui já parece inteiro.
   oplocks = no
   level2 oplocks = no

[{office.share("saida")}]
   comment = ITR{of}: PDFs para o e-CAC e relatórios
   path = {outbox}
   valid users = @{office.readers}
   read only = yes
   # A pasta de trabalho do itrwatch não é para ser vista nem aberta.
   veto files = /.itrwatch/
   # Um PDF que é substituído nunca é mostrado a partir de uma cópia guardada no Windows.
   oplocks = no
   level2 oplocks = no
"""
