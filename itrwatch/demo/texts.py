"""Generates plausible Portuguese text for the sample case: sentences of an ITR audit with random numbers and invented names.

audit_paragraphs(rng, 3) -> ["O imóvel rural denominado Fazenda Boa Vista, NIRF 1.234.567-8, …", …]
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

MUNICIPALITY = "PREFEITURA MUNICIPAL DE SERRA DO IPÊ"
OFFICE = "Secretaria Municipal da Fazenda · Fiscalização do ITR"
OWNER = "Fazenda Boa Vista Ltda"
FARM = "Fazenda Boa Vista"
NIRF = "1.234.567-8"

_AUDIT = (
    (
        "O imóvel rural denominado {farm}, NIRF {nirf}, com área total de {ha} hectares, foi objeto de verificação no "
        "exercício de {year}, nos termos do art. {art} da Lei nº 9.393, de 19 de dezembro de 1996."
    ),
    (
        "O contribuinte declarou Valor da Terra Nua de R$ {money}, o que corresponde a R$ {small} por hectare, abaixo do "
        "valor constante do Sistema de Preços de Terras, de R$ {small} por hectare, para a aptidão agrícola {letter}."
    ),
    (
        "Intimado em {date} a comprovar a área de preservação permanente de {ha} ha e a área de reserva legal de {ha} ha, "
        "o sujeito passivo não apresentou o Ato Declaratório Ambiental nº {big} no prazo de {days} dias."
    ),
    (
        "Apurou-se imposto suplementar de R$ {money}, acrescido de multa de ofício de 75,00 % e de juros de mora de "
        "{pct} % calculados até {date}, totalizando R$ {money}."
    ),
    (
        "A área de pastagem aceita foi de {ha} ha, considerado o rebanho ajustado de {count} cabeças e o índice de lotação "
        "mínima de 0,{days} cabeça por hectare da zona de pecuária do município, código {code}."
    ),
    (
        "Conforme a matrícula nº {code} do Cartório de Registro de Imóveis, livro 2, folha {count}, a área registrada é de "
        "{ha} ha, divergente em {ha} ha da informada no DIAT, quadro {art}, linha {days}."
    ),
    (
        "O grau de utilização passou de {pct} % para {pct} %, com alteração da alíquota de 0,30 % para {pct} %, conforme a "
        "tabela anexa à Lei nº 9.393/1996 e o art. {art} do Decreto nº 4.382/2002."
    ),
    (
        "Fica o contribuinte intimado a apresentar laudo técnico, emitido por profissional habilitado, com Anotação de "
        "Responsabilidade Técnica nº {big}, segundo a NBR 14.653-3, grau de fundamentação {days}."
    ),
)

_PETITION = (
    (
        "A impugnante é proprietária do imóvel {farm}, NIRF {nirf}, com {ha} ha, e tomou ciência do lançamento em {date}, "
        "sendo tempestiva a presente defesa, apresentada no dia {date}."
    ),
    (
        "O valor da terra nua arbitrado, de R$ {small} por hectare, não considera as {ha} ha de afloramento rochoso nem a "
        "distância de {count} km da sede, como demonstra o laudo de fls. {count}."
    ),
    (
        "A área de reserva legal de {ha} ha está averbada à margem da matrícula nº {code} desde {date}, razão pela qual deve "
        "ser excluída da área tributável, nos termos do art. 10, § 1º, inciso II, da Lei nº 9.393/1996."
    ),
    (
        "A multa de R$ {money} incide sobre base que não subsiste: refeito o cálculo, o imposto devido é de R$ {small}, já "
        "recolhido por DARF em {date}, código de receita {code}."
    ),
    (
        "Requer seja julgado improcedente o lançamento nº {big}, com o cancelamento do crédito tributário de R$ {money}, ou, "
        "sucessivamente, a sua redução para R$ {small}."
    ),
    (
        "Protesta pela juntada de novos documentos no prazo de {days} dias e pela realização de perícia, indicando {days} "
        "quesitos na forma do art. {art} do Decreto nº 70.235/1972."
    ),
)


def filled(sentence: str, rng: np.random.Generator) -> str:
    """``sentence`` with a random value for each of its places: “{ha} ha” → “1.204,5 ha”."""
    return sentence.format_map(_Facts(rng))


def _grouped(number: float, decimals: int) -> str:
    """A number in Brazilian notation: 1.234,56."""
    return f"{number:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def date(rng: np.random.Generator) -> str:
    """A random date between 2019 and 2023, DD/MM/AAAA."""
    return f"{rng.integers(1, 29):02d}/{rng.integers(1, 13):02d}/{rng.integers(2019, 2024)}"


def money(rng: np.random.Generator, low: float = 2_000, high: float = 900_000) -> str:
    """A random amount in reais, without the currency sign."""
    return _grouped(float(rng.uniform(low, high)), 2)


def hectares(rng: np.random.Generator) -> str:
    """A random area in hectares with one decimal, as in the DITR."""
    return _grouped(float(rng.uniform(5, 2_400)), 1)


class _Facts(dict[str, str]):
    """A mapping for `str.format_map` that generates a new random value for each access."""

    def __init__(self, rng: np.random.Generator) -> None:
        super().__init__(farm=FARM, nirf=NIRF, owner=OWNER)
        self._rng = rng

    def __missing__(self, key: str) -> str:
        return _BY_CHANCE[key](self._rng)


def _whole(low: int, high: int) -> Callable[[np.random.Generator], str]:
    return lambda rng: str(rng.integers(low, high))


_BY_CHANCE: dict[str, Callable[[np.random.Generator], str]] = {
    "ha": hectares,
    "money": money,
    "small": lambda rng: money(rng, 900, 30_000),
    "date": date,
    "letter": lambda rng: "lavoura de aptidão " + ("boa", "regular", "restrita")[rng.integers(3)],
    "pct": lambda rng: _grouped(float(rng.uniform(1, 98)), 2),
    "year": _whole(2018, 2023),
    "big": lambda rng: f"{rng.integers(10_000, 99_999)}.{rng.integers(100_000, 999_999)}/{rng.integers(2018, 2024)}",
    "code": lambda rng: _grouped(float(rng.integers(1_000, 60_000)), 0),
    "art": _whole(2, 26),
    "count": _whole(12, 900),
    "days": _whole(10, 46),
}


def audit_paragraphs(rng: np.random.Generator, count: int) -> list[str]:
    """``count`` paragraphs in the style of the tax office."""
    return _paragraphs(rng, _AUDIT, count)


def petition_paragraphs(rng: np.random.Generator, count: int) -> list[str]:
    """``count`` paragraphs in the style of the landowner's defence."""
    return _paragraphs(rng, _PETITION, count)


def _paragraphs(rng: np.random.Generator, sentences: tuple[str, ...], count: int) -> list[str]:
    """``count`` paragraphs of one or two sentences; each sentence is used once before any is repeated."""
    order: list[int] = []
    result = []
    for _ in range(count):
        picked = []
        for _ in range(int(rng.integers(1, 3))):
            order = order or list(rng.permutation(len(sentences)))
            picked.append(filled(sentences[order.pop()], rng))
        result.append(" ".join(picked))
    return result
