"""config.example.yaml and docs/configuracao.md, from the keys and defaults that the program itself uses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from itrwatch.config.keys import (
    SETTINGS,
    AnyPath,
    Choice,
    Days,
    FileSize,
    Group,
    GroupName,
    Number,
    ScreenText,
    Setting,
    ShareName,
    StampText,
    Uf,
    Umask,
    YesNo,
)
from itrwatch.config.readers import plain
from itrwatch.config.reading import DEFAULT_PATH
from itrwatch.config.writing import written
from itrwatch.core.settings import Config

DEFAULTS = Config(Path(), Path())
COLUMN = 31
"""Where the remarks of the example begin."""

HEAD = """\
# Configuração do itrwatch. Só “inbox” e “outbox” são obrigatórias; o resto mostra o valor padrão.
# Uma chave desconhecida é um erro: nada do que está escrito aqui deixa de valer em silêncio.
# O que cada chave aceita, e quando mudá-la: docs/configuracao.md.
"""

PAGE = f"""\
# Configuração

<!-- Feito por `python -m docs` a partir de itrwatch/config/keys.py e settings.py: mude lá, não aqui. -->

Para quem administra o servidor. O arquivo é `{DEFAULT_PATH}`, ou o que se diz com `--config`; é um texto YAML, uma
`chave: valor` por linha. Só `inbox` e `outbox` são obrigatórias: o que falta, ou está vazio, tem o valor padrão. Modelo:
[`config.example.yaml`](../config.example.yaml).

- **Depois de mudar:** `systemctl reload itrwatch`. Com um erro, a configuração antiga continua valendo, e o journal diz a linha, a
  chave e o que ela aceita. Quem inicia o serviço com um erro lê o mesmo, e ele termina com o código 78.
- **Chave desconhecida** é erro, com a mais parecida ao lado. Todos os erros são ditos de uma vez.
- **Conferir sem ligar nada:** `itrwatch config --check ARQUIVO`; o que vale, e de que linha vem: `itrwatch config --show`.
- Uma mudança vale para o que for feito daí em diante: o que já foi publicado não é refeito por causa dela.

O mínimo:

<!-- configuração -->
```yaml
inbox: /srv/itr/entrada
outbox: /srv/itr/saida
```
"""


def example() -> str:
    """config.example.yaml."""
    blocks, loose = [], list[str]()
    for key, setting in SETTINGS.items():
        if isinstance(setting, Group):
            blocks += ["".join(loose)] if loose else []
            loose = []
            own = getattr(DEFAULTS, key)
            lines = [_line(f"{key}:", setting.meaning)]
            lines += [_entry(name, one, getattr(own, name), "  ") for name, one in setting.settings.items()]
            blocks.append("".join(lines))
        else:
            loose.append(_entry(key, setting, getattr(DEFAULTS, key)))
            if key == "outbox":
                blocks.append("".join(loose))
                loose = []
    return "\n".join([HEAD, *blocks, "".join(loose)])


def page() -> str:
    """docs/configuracao.md."""
    top = [(key, one, getattr(DEFAULTS, key)) for key, one in SETTINGS.items() if isinstance(one, Setting)]
    parts = [PAGE, "\n## Chaves de primeiro nível\n\n", *_table(top)]
    for key, group in SETTINGS.items():
        if isinstance(group, Group):
            own = getattr(DEFAULTS, key)
            parts.append(f"\n## `{key}`: {group.meaning}\n\n")
            parts += _table([(name, one, getattr(own, name)) for name, one in group.settings.items()])
    return "".join(parts)


def _entry(key: str, setting: Setting, default: Any, indent: str = "") -> str:
    value = setting.example or written(setting.holds, default)
    remarks = [setting.meaning]
    if isinstance(setting.holds, Choice):
        remarks += [f"{word}: {what}" for word, what in setting.holds.words.items() if what]
    lines = [_line(f"{indent}{key}: {value}".rstrip(), remarks[0])]
    return "".join([*lines, *(_line("", f"  {remark}") for remark in remarks[1:])])


def _line(text: str, remark: str) -> str:
    return f"{text:<{COLUMN - 1}} # {remark}\n"


def _table(rows: list[tuple[str, Setting, Any]]) -> Iterator[str]:
    yield "| chave | o que leva | padrão | para que serve |\n|---|---|---|---|\n"
    for key, setting, default in rows:
        shown = written(setting.holds, default).strip('"')
        default_cell = "obrigatória" if setting.example else f"`{shown}`" if shown else "vazio"
        means = ". ".join(filter(None, (_capital(setting.meaning), setting.advice)))
        yield f"| `{key}` | {_takes(setting)} | {default_cell} | {means.rstrip('.')}. |\n"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_TAKES: dict[type, str] = {
    AnyPath: "caminho",
    YesNo: "`sim` ou `não`",
    StampText: "texto com `{n}`",
    FileSize: "tamanho em KB, MB ou GB",
    Uf: "duas letras",
    Days: "lista de datas, dd/mm ou dd/mm/aaaa",
    Umask: "três algarismos octais, o último 7",
    GroupName: "nome de um grupo da máquina",
    ShareName: r"nome da pasta no Windows",
    ScreenText: "texto da tela",
}


def _takes(setting: Setting) -> str:
    holds = setting.holds
    if isinstance(holds, Number):
        unit = f" {setting.unit}" if setting.unit else ""
        kind = "número inteiro" if holds.whole else "número"
        return f"{kind}, de {plain(holds.low)} a {plain(holds.high)}{unit}{', ou `auto`' if holds.auto else ''}"
    if isinstance(holds, Choice):
        return "; ".join(f"`{word}`: {what}" if what else f"`{word}`" for word, what in holds.words.items())
    return _TAKES[type(holds)]
