"""PyYAML's error → a Portuguese sentence with the fault and the correction of the line.

    explain(problem, lines) -> Remedy(place, "faltam os dois-pontos depois de “notificacao”; …", fix)

PyYAML reports the place where its grammar fails, often one line after the fault. The cases below were
found by making each error (a missing colon, dash, quote …) and reading PyYAML's message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from itrwatch.core.excerpts import Replacement
from itrwatch.core.filenames import SCAN_SUFFIXES
from itrwatch.core.text_matching import cited
from itrwatch.core.tree import Place


@dataclass(frozen=True, slots=True)
class Problem:
    """An error of PyYAML: ``context`` began at ``opened``, ``problem`` was found at ``place``."""

    context: str
    problem: str
    place: Place
    opened: Place


@dataclass(frozen=True, slots=True)
class Remedy:
    """The place of the fault, the sentence with the remedy, and the corrected line, if known.

    ``sure``: reading can continue with the corrected line; never set if ``fix`` has several lines.
    """

    place: Place
    message: str
    fix: str | Replacement = ""
    sure: bool = True


Lines = Sequence[str]

_SCAN_AND_MORE = re.compile(rf"(?:{'|'.join(map(re.escape, SCAN_SUFFIXES))})\b.* (\w+ *: .*)", re.IGNORECASE)


def explain(problem: Problem, lines: Lines) -> Remedy:
    """PyYAML's error and the lines of the file → place and remedy."""
    return next(
        (
            rule(problem, lines)
            for context, sign, rule in _RULES
            if context in problem.context and sign in problem.problem
        ),
        Remedy(
            problem.place,
            "não entendi esta linha; confira o recuo, os dois-pontos e as aspas dela e da linha de cima",
        ),
    )


def _line(lines: Lines, number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _written_above(lines: Lines, number: int) -> int:
    """Number of the nearest line above ``number`` that is neither empty nor a comment; 0 if there is none."""
    return next((above for above in range(number - 1, 0, -1) if re.match(r" *[^ #]", lines[above - 1])), 0)


def _start(line: str) -> int:
    """Column of the first character of ``line`` after blanks and the dash of an item."""
    found = re.match(r" *(?:- +)*", line)
    return (found.end() if found else 0) + 1


def _colon(problem: Problem, lines: Lines) -> Remedy:
    """A colon in a wrong place: a second one, or one on a line that continues the line above."""
    line = _line(lines, problem.place.line)
    # An earlier colon on the line: this one is in the value, or the line has two items.
    first = re.search(r":(?: |$)", line[: problem.place.column - 1])
    if first:
        return _second_colon(problem.place, line[: first.end()], line[first.end() :])
    above = _written_above(lines, problem.place.line)
    if above and not re.search(r":(?: |$)", lines[above - 1]):
        return _missing_colon(Place(above, _start(lines[above - 1])), lines)
    place = Place(problem.place.line, _start(line))
    message = "esta linha está recuada demais; alinhe-a com as outras do mesmo nível"
    return Remedy(place, message, _aligned(place.line, lines))


def _second_colon(place: Place, head: str, rest: str) -> Remedy:
    value, remark, comment = rest.partition(" #")
    head, value = head.rstrip(), value.strip()
    if re.fullmatch(r"[0-9]+ *: *-?[0-9]+", value):  # girar: 3: 90
        braced = f"{head} {{{value}}}"
        return Remedy(place, f"faltam as chaves; escreva {cited(braced)}", braced + remark + comment)
    if second := _SCAN_AND_MORE.search(value):
        message = f"há dois itens nesta linha; passe {cited(second[1])} para a linha de baixo, com um traço na frente"
        return Remedy(place, message, _parted(head, value[: second.start(1)], second[1] + remark + comment))
    # The kind of quote that does not occur in the value.
    quote = "'" if '"' in value else '"'
    quoted = f"{head} {quote}{value}{quote}"
    message = f"há dois-pontos no meio do valor; se fazem parte dele, use aspas: {cited(quoted)}; senão, apague-os"
    return Remedy(place, message, quoted + remark + comment)


def _parted(head: str, first: str, second: str) -> str | Replacement:
    """The two items of one line on separate lines; empty if the line does not begin with a dash."""
    lead = re.match(r" *- +", head)
    return Replacement(f"{head} {first.strip()}\n{lead[0]}{second}") if lead else ""


def _missing_colon(place: Place, lines: Lines) -> Remedy:
    line = _line(lines, place.line)
    lead, text = line[: place.column - 1], line[place.column - 1 :].strip()
    if glued := re.match(r"(\w+):(\S.*)", text):
        fixed = f"{glued[1]}: {glued[2]}"
        message = f"falta um espaço depois dos dois-pontos; escreva {cited(fixed)}"
    elif other := re.match(r"(\w+) *([=;]|[-–—](?= )) *(.*)", text):
        fixed = f"{other[1]}: {other[3]}".strip()
        message = f"no lugar de {cited(other[2])} ponha dois-pontos; escreva {cited(fixed)}"
    elif re.fullmatch(r"[^\W\d]+(?: .*)?", text):
        head, _, rest = text.partition(" ")
        fixed = f"{head}: {rest}".strip()
        message = f"faltam os dois-pontos depois de {cited(head)}; escreva {cited(fixed)}"
    else:
        return _left_alone(place, text, lines)
    return Remedy(place, message, lead + fixed)


def _left_alone(place: Place, text: str, lines: Lines) -> Remedy:
    """A value on a separate line below the line to which it belongs."""
    above = _written_above(lines, place.line)
    if not above:
        return Remedy(place, f"não entendi {cited(text)}; falta a palavra com dois-pontos na frente")
    line = lines[above - 1].rstrip()
    message = f"{cited(text)} ficou sozinho na linha {place.line}; escreva-o no fim desta linha e apague aquela"
    fix = Replacement(f"{line} {text}", 2) if place.line == above + 1 else ""
    return Remedy(Place(above, len(line) + 1), message, fix, sure=False)


def _no_colon(problem: Problem, lines: Lines) -> Remedy:
    return _missing_colon(problem.opened, lines)


def _dash(problem: Problem, lines: Lines) -> Remedy:
    line = _line(lines, problem.place.line)
    text = line.strip()
    message = f"falta o traço no começo desta linha; escreva {cited(f'- {text}')}"
    return Remedy(problem.place, message, line[: len(line) - len(line.lstrip())] + f"- {text}")


def _aligned(number: int, lines: Lines) -> str:
    """Line ``number`` indented like the nearest line of its kind above (item, or key)."""
    line = _line(lines, number)
    text = line.lstrip(" ")
    item = text.startswith("- ")
    starts = []
    reached = len(line)  # a less indented line in between ends all deeper blocks above it
    for above in reversed(lines[: number - 1]):
        body = above.lstrip(" ")
        start = len(above) - len(body)
        if body.startswith("#") or not body or start > reached:
            continue
        if item and body.startswith("- "):
            starts.append(start)
        elif not item and re.search(r":(?: |$)", body) and _start(above) - 1 <= reached:
            starts.append(_start(above) - 1)
        reached = min(reached, start)
    indent = len(line) - len(text)
    # If two are equally near, the deeper one: a missing blank is the more common error.
    nearest = min(starts, key=lambda start: (abs(start - indent), -start), default=indent)
    return " " * nearest + text


def _uneven(problem: Problem, lines: Lines) -> Remedy:
    message = "o recuo desta linha não combina com o das linhas de cima; o que é do mesmo nível começa na mesma coluna"
    return Remedy(problem.place, message, _aligned(problem.place.line, lines))


def _dash_below(problem: Problem, lines: Lines) -> Remedy:
    """The remedy for a dash below lines without dashes, or below a dash in another column."""
    if _line(lines, problem.opened.line).lstrip().startswith("-"):
        return _uneven(problem, lines)
    if any(line.lstrip().startswith("- ") for line in lines[problem.opened.line : problem.place.line - 1]):
        message = "este traço está mais à esquerda que os outros; alinhe-o com eles"
        return Remedy(problem.place, message, _aligned(problem.place.line, lines))
    return _dash(Problem("", "", problem.opened, problem.opened), lines)


def _outside(problem: Problem, lines: Lines) -> Remedy:
    directive = next((n for n, line in enumerate(lines[: problem.place.line], 1) if line.startswith("%")), 0)
    if directive:
        message = "a linha não pode começar com %; apague o sinal ou ponha o valor entre aspas"
        return Remedy(Place(directive, 1), message, _line(lines, directive).lstrip("% "), sure=False)
    first = _written_above(lines, problem.place.line + 1)
    # Search up to the first significant line of the file, which sets the margin.
    while above := _written_above(lines, first):
        first = above
    line = _line(lines, first)
    if line.startswith(" "):
        message = "as palavras do primeiro nível começam na margem esquerda; apague os espaços no começo desta linha"
        return Remedy(Place(first, 1), message, line.lstrip())
    message = "esta linha não combina com o começo do arquivo; comece as palavras do primeiro nível na margem esquerda"
    return Remedy(problem.place, message)


def _after_quotes(problem: Problem, lines: Lines) -> Remedy:
    line = _line(lines, problem.place.line)
    before = line[: problem.place.column - 1].rstrip()
    if not before.endswith(('"', "'")):
        message = "esta parte ficou solta; confira as aspas e os dois-pontos desta linha e da linha de cima"
        return Remedy(problem.place, message)
    message = "há texto depois de fechar as aspas; ponha o valor inteiro entre as aspas, ou tire-as"
    quote = before[-1]
    start, value = line.find(quote), line[line.find(quote) :].rstrip()
    if value.endswith(quote) and value.count(quote) > 2:
        other = '"' if quote == "'" else "'"
        return Remedy(problem.place, message, f"{line[:start]}{other}{value[1:-1]}{other}")
    return Remedy(problem.place, message, f"{line[:start]}{quote}{value.replace(quote, '')}{quote}")


def _unclosed(problem: Problem, lines: Lines) -> Remedy:
    line = _line(lines, problem.opened.line).rstrip()
    quote = line[problem.opened.column - 1 : problem.opened.column]
    message = "as aspas abertas aqui não foram fechadas; feche-as no fim do valor"
    return Remedy(problem.opened, message, line + quote, sure="end of stream" in problem.problem)


def _backslash(problem: Problem, lines: Lines) -> Remedy:
    line = _line(lines, problem.place.line)
    path = re.search(r'"(?:[A-Za-z]:|\\)[^"]*[\\/]([^"\\/]+\.\w{2,4})"', line)
    if path:
        message = f"o arquivo deve estar na própria pasta do processo, sem caminho; escreva só {cited(path[1])}"
        fixed = f'{line[: path.start()]}"{path[1]}"{line[path.end() :]}'
        return Remedy(Place(problem.place.line, path.start() + 1), message, fixed)
    message = "entre aspas duplas a barra invertida (\\) não serve; use aspas simples (')"
    return Remedy(problem.place, message, line.replace('"', "'") if "'" not in line else "")


def _bracket(problem: Problem, lines: Lines) -> Remedy:
    opening, closing = ("{", "}") if "mapping" in problem.context else ("[", "]")
    line = _line(lines, problem.opened.line).rstrip()
    hint = " (o que vem depois de # é comentário)" if " #" in line else ""
    message = f"falta fechar com {closing} o que começa com {opening}, ou falta uma vírgula entre os itens{hint}"
    open_ended = line.count(opening) == line.count(closing) + 1 and not line.endswith(("]", "}")) and not hint
    return Remedy(problem.opened, message, line.rstrip(",") + closing if open_ended else "", sure=False)


def _first_sign(problem: Problem, lines: Lines) -> Remedy:
    inside = any(word in problem.context for word in ("block scalar", "alias", "anchor", "tag"))
    place = problem.opened if inside else problem.place
    line = _line(lines, place.line)
    sign = line[place.column - 1 : place.column]
    return Remedy(place, bad_start(sign), in_quotes(line, place.column))


def bad_start(sign: str) -> str:
    """The sentence about a value that YAML misreads because of its first character."""
    return f"o valor não pode começar com {sign}; ponha-o entre aspas, ou apague o sinal"


def in_quotes(line: str, column: int) -> str:
    """``line`` with quotes around the text from ``column`` to the end; empty if it has quotes already."""
    value = line[column - 1 :].rstrip()
    return "" if '"' in value or value[-1:] in "]}," else f'{line[: column - 1]}"{value}"'


def _same_line_dash(problem: Problem, lines: Lines) -> Remedy:
    line = _line(lines, problem.place.line)
    text = line[problem.place.column - 1 :].strip()
    if text == "-":
        message = "o traço sozinho não é um valor; apague-o, ou deixe vazio depois dos dois-pontos"
        return Remedy(problem.place, message, line[: problem.place.column - 1])
    said = f"a lista não pode começar nesta linha; passe {cited(text)} para a linha de baixo"
    head = line[: problem.place.column - 1].rstrip()
    below = f"{head}\n{' ' * (len(head) - len(head.lstrip()) + 2)}{text}"
    return Remedy(problem.place, f"{said}, com dois espaços na frente", Replacement(below), sure=False)


def _at(where: Callable[[Problem], Place], message: str) -> Callable[[Problem, Lines], Remedy]:
    return lambda problem, _lines: Remedy(where(problem), message)


def _here(problem: Problem) -> Place:
    return problem.place


_RULES: tuple[tuple[str, str, Callable[[Problem, Lines], Remedy]], ...] = (
    ("", "mapping values are not allowed", _colon),
    ("simple key", "could not find expected ':'", _no_colon),
    ("", "sequence entries are not allowed", _same_line_dash),
    ("", "mapping keys are not allowed", _first_sign),
    ("block scalar", "", _first_sign),
    ("block collection", "found '?'", _dash),
    ("block mapping", "found '<scalar>'", _after_quotes),
    ("block mapping", "found ':'", _at(_here, "falta a palavra antes dos dois-pontos")),
    ("block mapping", "found '-'", _dash_below),
    ("block", "found '<block", _uneven),
    ("block", "found '?'", _uneven),
    ("block", "but found", _at(_here, "este sinal ficou solto; apague-o, ou ponha o valor inteiro entre aspas")),
    ("quoted scalar", "end of stream", _unclosed),
    ("quoted scalar", "document separator", _unclosed),
    ("double-quoted scalar", "escape", _backslash),
    ("flow", "", _bracket),
    ("", "<document start>", _outside),
    ("", "YAML document", _outside),
    ("directive", "", _outside),
    ("", "cannot start any token", _first_sign),
    ("alias", "", _first_sign),
    ("anchor", "", _first_sign),
    ("tag", "", _first_sign),
)
