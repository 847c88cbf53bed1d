"""PyYAML's complaints in words that help: what is wrong with the line, and how it should read.

PyYAML reports where its grammar breaks, which is often one line after the slip. The sentences
below come from trying each slip (a missing colon, dash, quote …) and looking at what it says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from itrwatch.core.tree import Place
from itrwatch.core.words import shown


@dataclass(frozen=True, slots=True)
class Problem:
    """What PyYAML says: ``context`` began at ``opened``, ``problem`` was found at ``place``."""

    context: str
    problem: str
    place: Place
    opened: Place


def explain(problem: Problem, lines: list[str]) -> tuple[Place, str]:
    """Where the slip is and what to do about it."""
    return next(
        (
            rule(problem, lines)
            for context, sign, rule in _RULES
            if context in problem.context and sign in problem.problem
        ),
        (problem.place, "não entendi esta linha; confira o recuo, os dois-pontos e as aspas dela e da linha de cima"),
    )


Explained = tuple[Place, str]


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _written_above(lines: list[str], number: int) -> int:
    """Number of the nearest line above ``number`` with more than a comment; 0 if there is none."""
    return next((above for above in range(number - 1, 0, -1) if re.match(r" *[^ #]", lines[above - 1])), 0)


def _colon(problem: Problem, lines: list[str]) -> Explained:
    """A colon where none may be: a second one, or one on a line that continues the line above."""
    line = _line(lines, problem.place.line)
    first = re.search(r":(?: |$)", line[: problem.place.column - 1])
    if first:
        head, value = line[: first.end()].strip(), line[first.end() :].partition(" #")[0].strip()
        mark = "'" if '"' in value else '"'
        proposal = shown(f"{head} {mark}{value}{mark}")
        return (
            problem.place,
            f"há dois-pontos no meio do valor; se fazem parte dele, use aspas: {proposal}; senão, apague-os",
        )
    above = _written_above(lines, problem.place.line)
    if above and not re.search(r":(?: |$)", lines[above - 1]):
        return _missing_colon(Place(above, _start(lines[above - 1])), lines)
    return Place(
        problem.place.line, _start(line)
    ), "esta linha está recuada demais; alinhe-a com as outras do mesmo nível"


def _start(line: str) -> int:
    """Column of the first sign of ``line`` after blanks and the dash of an item."""
    found = re.match(r" *(?:- +)*", line)
    return (found.end() if found else 0) + 1


def _missing_colon(place: Place, lines: list[str]) -> Explained:
    text = _line(lines, place.line)[place.column - 1 :].strip()
    glued = re.match(r"(\w+):(\S.*)", text)
    if glued:
        return place, f"falta um espaço depois dos dois-pontos; escreva {shown(f'{glued[1]}: {glued[2]}')}"
    head, _, rest = text.partition(" ")
    return place, f"faltam os dois-pontos depois de {shown(head)}; escreva {shown(f'{head}: {rest}')}"


def _no_colon(problem: Problem, lines: list[str]) -> Explained:
    return _missing_colon(problem.opened, lines)


def _dash(problem: Problem, lines: list[str]) -> Explained:
    text = _line(lines, problem.place.line).strip()
    return problem.place, f"falta o traço no começo desta linha; escreva {shown(f'- {text}')}"


def _outside(problem: Problem, lines: list[str]) -> Explained:
    directive = next((n for n, line in enumerate(lines[: problem.place.line], 1) if line.startswith("%")), 0)
    if directive:
        return Place(directive, 1), "a linha não pode começar com %; apague o sinal ou ponha o valor entre aspas"
    return (
        problem.place,
        "esta linha não combina com o começo do arquivo; comece as palavras do primeiro nível na margem esquerda",
    )


def _after_quotes(problem: Problem, lines: list[str]) -> Explained:
    before = _line(lines, problem.place.line)[: problem.place.column - 1].rstrip()
    if before.endswith(('"', "'")):
        return problem.place, "há texto depois de fechar as aspas; ponha o valor inteiro entre as aspas, ou tire-as"
    return problem.place, "esta parte ficou solta; confira as aspas e os dois-pontos desta linha e da linha de cima"


def _bracket(problem: Problem, lines: list[str]) -> Explained:
    opening, closing = ("{", "}") if "mapping" in problem.context else ("[", "]")
    line = _line(lines, problem.opened.line)
    hint = " (o que vem depois de # é comentário)" if " #" in line else ""
    return (
        problem.opened,
        f"falta fechar com {closing} o que começa com {opening}, ou falta uma vírgula entre os itens{hint}",
    )


def _first_sign(problem: Problem, lines: list[str]) -> Explained:
    place = problem.opened if "block scalar" in problem.context else problem.place
    if "alias" in problem.context or "anchor" in problem.context or "tag" in problem.context:
        place = problem.opened
    sign = _line(lines, place.line)[place.column - 1 : place.column]
    return place, f"o valor não pode começar com {sign}; ponha-o entre aspas, ou apague o sinal"


def _same_line_dash(problem: Problem, lines: list[str]) -> Explained:
    text = _line(lines, problem.place.line)[problem.place.column - 1 :].strip()
    if text == "-":
        return problem.place, "o traço sozinho não é um valor; apague-o, ou deixe vazio depois dos dois-pontos"
    return (
        problem.place,
        f"a lista não pode começar nesta linha; passe {shown(text)} para a linha de baixo, com dois espaços na frente",
    )


def _at(where: Callable[[Problem], Place], message: str) -> Callable[[Problem, list[str]], Explained]:
    return lambda problem, _lines: (where(problem), message)


def _here(problem: Problem) -> Place:
    return problem.place


def _opened(problem: Problem) -> Place:
    return problem.opened


_RECUO = "o recuo desta linha não combina com o das linhas de cima; o que é do mesmo nível começa na mesma coluna"
_BACKSLASH = "entre aspas duplas a barra invertida (\\) não serve; use aspas simples (')"

_RULES: tuple[tuple[str, str, Callable[[Problem, list[str]], Explained]], ...] = (
    ("", "mapping values are not allowed", _colon),
    ("simple key", "could not find expected ':'", _no_colon),
    ("", "sequence entries are not allowed", _same_line_dash),
    ("", "mapping keys are not allowed", _first_sign),
    ("block scalar", "", _first_sign),
    ("block collection", "found '?'", _dash),
    ("block mapping", "found '<scalar>'", _after_quotes),
    ("block mapping", "found ':'", _at(_here, "falta a palavra antes dos dois-pontos")),
    ("block", "found '<block", _at(_here, _RECUO)),
    ("block", "found '?'", _at(_here, _RECUO)),
    ("block", "but found", _at(_here, "este sinal ficou solto; apague-o, ou ponha o valor inteiro entre aspas")),
    (
        "quoted scalar",
        "end of stream",
        _at(_opened, "as aspas abertas aqui não foram fechadas; feche-as no fim do valor"),
    ),
    (
        "quoted scalar",
        "document separator",
        _at(_opened, "as aspas abertas aqui não foram fechadas; feche-as no fim do valor"),
    ),
    ("double-quoted scalar", "escape", _at(_here, _BACKSLASH)),
    ("flow", "", _bracket),
    ("", "<document start>", _outside),
    ("", "YAML document", _outside),
    ("directive", "", _outside),
    ("", "cannot start any token", _first_sign),
    ("alias", "", _first_sign),
    ("anchor", "", _first_sign),
    ("tag", "", _first_sign),
)
