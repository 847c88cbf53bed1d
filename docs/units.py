"""systemd/itrwatch@.service, the unit of one office among several: that of the only one, with the name in its paths."""

from __future__ import annotations

from pathlib import Path

ONE = Path(__file__).parents[1] / "systemd" / "itrwatch.service"

_HEAD = """\
# Uma repartição entre várias na mesma máquina: itrwatch@NOME.service, com /etc/itrwatch/NOME.yaml.
# “itrwatch setup --instance NOME” escreve a configuração e liga o serviço.
#
# Feito por `python -m docs` a partir de itrwatch.service: mude lá, não aqui.
"""


def template() -> str:
    """The text of the template."""
    _, _, rest = ONE.read_text("utf-8").partition("\n\n")
    for old, new in (
        ("Description=itrwatch:", "Description=itrwatch %i:"),
        ("/srv/itr/", "/srv/itr/%i/"),
        ("/etc/itrwatch/config.yaml", "/etc/itrwatch/%i.yaml"),
    ):
        assert old in rest, old
        rest = rest.replace(old, new)
    return f"{_HEAD}\n{rest}"
