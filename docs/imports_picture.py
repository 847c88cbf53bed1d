"""docs/imports.svg: the modules of itrwatch in boxes, and which box imports which, read from the code with `ast`.

A folder is a box; the few modules at the top, which all may import, are left out. What a page worker loads by its
name (`itrwatch.workers.pool.InWorker`) is no import, and is drawn as a broken line.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = "itrwatch"

Graph = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Box:
    """What is written over its modules; its row from the top; left edge and width in px."""

    title: str
    row: int
    x: int
    width: int
    colour: str

    @property
    def middle(self) -> float:
        """Half way along, px."""
        return self.x + self.width / 2


BOXES = {
    "commands": Box("commands/ what a person types", 0, 20, 400, "#e8eef7"),
    "setup": Box("setup/ makes a machine ready", 0, 445, 190, "#e8eef7"),
    "doctor": Box("doctor/ examines a machine", 0, 660, 200, "#e8eef7"),
    "demo": Box("demo/ draws a sample case", 0, 885, 195, "#e8eef7"),
    "daemon": Box("daemon/ WHEN is a folder done", 1, 20, 340, "#fdf1d8"),
    "job": Box("job/ WHAT is done with it; job.py has the order", 1, 390, 350, "#fdf1d8"),
    "store": Box("store/ WHERE does it lie", 1, 770, 310, "#fdf1d8"),
    "workers": Box("workers/ the processes that may die", 2, 20, 320, "#e4f2e7"),
    "report": Box("report/ what a person reads", 2, 370, 280, "#e4f2e7"),
    "config": Box("config/ the settings", 2, 680, 170, "#e4f2e7"),
    "sidecar": Box("sidecar/ the language", 2, 880, 200, "#e4f2e7"),
    "born_digital": Box("born_digital/ text that stays text", 3, 20, 260, "#e4f2e7"),
    "scans": Box("scans/ file to pixels, whole or refused", 3, 305, 300, "#e4f2e7"),
    "reading": Box("reading/ printed words", 3, 630, 180, "#e4f2e7"),
    "pdf": Box("pdf/ PDF/A written and verified", 3, 835, 245, "#e4f2e7"),
    "imaging": Box("imaging/ what is on a page, and how it is coded", 4, 20, 1060, "#e4f2e7"),
    "core": Box("core/ what the manual says: values in, values out", 5, 20, 1060, "#f3e3e8"),
}
WIDTH, MARGIN, GAP = 1100, 20, 52
LINE, LETTER = 16, 6.0
"""A line of names, and a letter at 11 px in the widest of the usual typefaces."""


def modules(root: Path = ROOT / PACKAGE) -> dict[str, ast.Module]:
    """Every module by its full name, parsed; packages that only say what is in them stay out."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        name = ".".join(path.relative_to(root.parent).with_suffix("").parts)
        if path.stem != "__init__":
            found[name] = ast.parse(path.read_text("utf-8"))
    return found


def imports(trees: Mapping[str, ast.Module]) -> Graph:
    """The modules of ours that each module imports."""
    return {name: frozenset(_imported(tree)) & trees.keys() - {name} for name, tree in trees.items()}


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def by_name(trees: Mapping[str, ast.Module]) -> Graph:
    """The modules that each one has loaded in a worker: the first argument of every ``InWorker``."""
    found = {}
    for name, tree in trees.items():
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_in_worker(node)]
        loaded = {call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)}
        found[name] = frozenset(text for text in loaded if isinstance(text, str))
    return found


def _is_in_worker(call: ast.Call) -> bool:
    function = call.func.value if isinstance(call.func, ast.Subscript) else call.func
    return isinstance(function, ast.Name) and function.id == "InWorker"


def reach(graph: Graph, start: str) -> set[str]:
    """Everything that ``start`` imports, and what that imports, to the end."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        new = graph[todo.pop()] - seen
        seen |= new
        todo += sorted(new)
    return seen


def box_of(graph: Graph) -> dict[str, str]:
    """The box of every module that lies in a folder."""
    return {name: name.split(".")[1] for name in graph if name.split(".")[1] in BOXES}


def between(graph: Graph, boxes: Mapping[str, str]) -> set[tuple[str, str]]:
    """The boxes that import one another."""
    pairs = {(boxes[one], boxes[other]) for one in graph if one in boxes for other in graph[one] if other in boxes}
    return {(one, other) for one, other in pairs if one != other}


def needed(pairs: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """The arrows that no longer way of arrows says already. What points aside or up stays."""
    down = {(one, other) for one, other in pairs if BOXES[one].row < BOXES[other].row}
    graph = {box: frozenset(other for one, other in down if one == box) for box in BOXES}
    said = {(one, far) for one, near in down for far in reach(graph, near)}
    return sorted(pairs - said)


@cache
def picture() -> str:
    """The SVG."""
    trees = modules()
    graph, named = imports(trees), by_name(trees)
    boxes = box_of(graph)
    pairs = between(graph, boxes)
    everywhere = {target for target in BOXES if all((box, target) in pairs for box in BOXES if box != target)}
    solid = needed({(one, other) for one, other in pairs if other not in everywhere})
    names = {box: _wrapped(_names(box, boxes), at.width) for box, at in BOXES.items()}
    drawing = Drawing(names, (*solid, *sorted(between(named, boxes))))
    legend = (
        f"Full line: imports, as a whole box; left out is what a longer way says, and {', '.join(sorted(everywhere))}/, which "
        "all import. Broken line: loaded by its name, in a worker process."
    )
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {drawing.height}" font-family="sans-serif" font-size="11">',
        "<title>The modules of itrwatch and which import which</title>",
        (
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
            '<path d="M0 0 8 4 0 8z" fill="#445"/></marker></defs>'
        ),
        f'<rect width="{WIDTH}" height="{drawing.height}" fill="#fff"/>',
        *(line for box in BOXES for line in drawing.box(box)),
        *(drawing.arrow(one, other) for one, other in solid),
        *(drawing.arrow(one, other, broken=True) for one, other in sorted(between(named, boxes))),
        f'<text x="{MARGIN}" y="{drawing.height - 12}" fill="#445">{legend}</text>',
        "</svg>",
        "",
    ]
    return "\n".join(lines)


def _names(box: str, boxes: Mapping[str, str]) -> list[str]:
    """The modules of a box, shortened; the one that has the order first, commands last."""
    own = [name.removeprefix(f"{PACKAGE}.").removeprefix(f"{box}.") for name, at in boxes.items() if at == box]
    return sorted(own, key=lambda name: (name not in ("job", "service", "cli"), "." in name, name))


def _wrapped(names: list[str], width: int) -> list[str]:
    lines = [""]
    for name in names:
        longer = f"{lines[-1]} · {name}" if lines[-1] else name
        if len(longer) * LETTER > width - 24:
            lines.append(name)
        else:
            lines[-1] = longer
    return lines


class Drawing:
    """Where everything stands: rows as high as their fullest box, arrows beside each other where they meet a box."""

    def __init__(self, names: Mapping[str, list[str]], arrows: tuple[tuple[str, str], ...]) -> None:
        self._names, self._arrows = names, arrows
        fullest = [max(len(names[box]) for box, at in BOXES.items() if at.row == row) for row in range(6)]
        self._heights = [36 + LINE * lines for lines in fullest]
        self._tops = [MARGIN + sum(self._heights[:row]) + GAP * row for row in range(6)]
        self.height = self._tops[-1] + self._heights[-1] + 36

    def box(self, box: str) -> Iterator[str]:
        """The frame, its title and the names of its modules."""
        at = BOXES[box]
        top, height = self._tops[at.row], self._heights[at.row]
        frame = f'x="{at.x}" y="{top}" width="{at.width}" height="{height}"'
        yield f'<rect {frame} rx="6" fill="{at.colour}" stroke="#667"/>'
        yield f'<text x="{at.x + 12}" y="{top + 20}" font-weight="bold" font-size="13">{escape(at.title)}</text>'
        for number, line in enumerate(self._names[box]):
            yield f'<text x="{at.x + 12}" y="{top + 40 + number * LINE}">{escape(line)}</text>'

    def arrow(self, one: str, other: str, *, broken: bool = False) -> str:
        """From edge to edge."""
        begin, end = BOXES[one], BOXES[other]
        x1, x2 = self._meets(one, other), self._meets(other, one)
        y1, y2 = self._tops[begin.row], self._tops[end.row]
        if begin.row == end.row:
            x1, x2 = (begin.x + begin.width, end.x) if begin.x < end.x else (begin.x, end.x + end.width)
            y1 = y2 = y1 + self._heights[begin.row] // 2
        elif begin.row < end.row:
            y1 += self._heights[begin.row]
        else:
            y2 += self._heights[end.row]
        shift, style = (12, ' stroke-dasharray="6 4"') if broken else (0, "")
        line = f"M{x1 + shift:.0f} {y1} {x2 + shift:.0f} {y2}"
        return f'<path d="{line}" stroke="#445"{style} marker-end="url(#tip)"/>'

    def _meets(self, box: str, far: str) -> float:
        """Where the arrow between ``box`` and ``far`` meets the edge of ``box``."""
        at, below = BOXES[box], BOXES[far].row > BOXES[box].row
        others = {one if other == box else other for one, other in self._arrows if box in (one, other)}
        side = sorted((o for o in others if (BOXES[o].row > at.row) == below), key=lambda o: BOXES[o].middle)
        low, high = at.x + MARGIN, at.x + at.width - MARGIN
        wanted = min(max(BOXES[far].middle, low), high)
        return min(max(wanted + (side.index(far) - (len(side) - 1) / 2) * 14, low), high)
