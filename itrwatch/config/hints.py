"""Hints for a key of config.yaml written in Portuguese or on the wrong level.

    saida: /srv/itr/saida      ->  a chave se chama “outbox”
    uf: GO (at the margin)     ->  fica dentro de “holidays”: …

The keys are English and the administrators speak Portuguese, so a search for the most similar spelling does not find the key.
"""

from __future__ import annotations

from collections.abc import Mapping

from itrwatch.config.keys import SETTINGS, Group
from itrwatch.core.text_matching import cited, fold, match

_PORTUGUESE: Mapping[str, str] = {
    "entrada": "inbox",
    "pasta de entrada": "inbox",
    "saida": "outbox",
    "pasta de saida": "outbox",
    "espera": "settle_seconds",
    "repouso": "settle_seconds",
    "segundos": "settle_seconds",
    "varredura": "rescan_seconds",
    "intervalo": "rescan_seconds",
    "vigiar": "watch",
    "vigilancia": "watch",
    "processos": "workers",
    "processadores": "workers",
    "tamanho maximo": "max_file_bytes",
    "limite": "max_file_bytes",
    "separadoras": "separators",
    "separadores": "separators",
    "folhas separadoras": "separators",
    "grupo": "group",
    "mascara": "umask",
    "direitos": "umask",
    "permissoes": "umask",
    "carimbo": "stamp",
    "formato": "stamp.format",
    "tamanho": "stamp.size",
    "imagem": "image",
    "imagens": "image",
    "qualidade": "image.quality",
    "brancas": "image.remove_blanks",
    "retirar brancas": "image.remove_blanks",
    "remover brancas": "image.remove_blanks",
    "girar": "image.turn_pages",
    "endireitar": "image.straighten",
    "registro": "log",
    "nivel": "log.level",
    "arquivo": "log.file",
    "feriados": "holidays",
    "estado": "holidays.uf",
    "municipio": "holidays.municipal",
    "municipais": "holidays.municipal",
    "feriados municipais": "holidays.municipal",
    "metricas": "metrics_file",
    "compartilhamento": "share_name",
}


def meant(key: str, here: tuple[str, ...]) -> str | None:
    """The full name of the setting that ``key`` means, not one of the valid keys ``here``; None if unknown."""
    if match(key, here):
        return None
    known = _PORTUGUESE.get(fold(key).replace("_", " "))
    return known or next((full for full in _full_names() if match(key, (full.rpartition(".")[2],))), None)


def hint(key: str, name: str, group: str) -> str:
    """The sentence about ``key``, written in ``group`` but meaning the setting ``name``."""
    parent, _, last = name.rpartition(".")
    if match(key, (last,)):
        return _level(key, name, group)
    where = f", dentro de {cited(parent)}" if parent and parent != group else ""
    return f"{cited(key)}: a chave se chama {cited(last)}{where}"


def _level(key: str, name: str, group: str) -> str:
    parent = name.rpartition(".")[0]
    beside = f", não de {cited(group)}" if group else ""
    if not parent:
        return f"{cited(key)} fica no primeiro nível, não dentro de {cited(group)}: escreva sem recuo"
    return f"{cited(key)} fica dentro de {cited(parent)}{beside}: escreva com recuo, numa linha abaixo de “{parent}:”"


def _full_names() -> tuple[str, ...]:
    inner = (f"{name}.{key}" for name, one in SETTINGS.items() if isinstance(one, Group) for key in one.settings)
    return (*SETTINGS, *inner)
