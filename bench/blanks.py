"""Blank pages and EM BRANCO stamps that go, pages with anything on them that stay, pages brought upright."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.pages import CONTENT, HARD, OTHER_STAMPS, PRINTED, STAMPS
from bench.table import Part, Row, markdown, per_cent
from bench.verdicts import BLANK, BLANK_STAMP, Answer, Ask, ask_all, corpus_pages, look_at, tally
from itrwatch.core.pages import Reason
from itrwatch.demo.drawing import PageKind

QUARTERS = (0, 90, 180, 270)
MOST_NAMED = 12
STRONG_SHOW_THROUGH = ("show-through 6 %", "show-through 7 %", "show-through 8 %", "show-through 9 %")
FAULTS = (
    "holes",
    "scanner_edge",
    "crease",
    "show-through 3 %",
    "show-through 4 %",
    "show-through 5 %",
    *STRONG_SHOW_THROUGH,
)
TYPESCRIPT = {"cw000": 0, "cw090": 90, "cw180": 180, "cw270": 270}
"""How the corpus's files lie, by the end of their names …"""
COUNTED_BACK = {"180": 180, "270": 90, "90": 270}
"""… and where names count anticlockwise."""


def measure(seeds: int, corpus: Path | None) -> list[Part]:
    """``seeds`` of every kind of page, each with another paper; printed pages and stamps in four turns."""
    content = [*map(str, CONTENT), *HARD]
    asks = [Ask(BLANK, seed) for seed in range(4 * seeds)]
    asks += [Ask(kind, 7000 + seed, QUARTERS) for kind in CONTENT for seed in range(seeds)]
    asks += [Ask(name, 8000 + seed, (QUARTERS[seed % 4],)) for name in HARD for seed in range(2 * seeds)]
    stamps = [BLANK_STAMP, *STAMPS]
    asks += [Ask(name, 9000 + seed, (QUARTERS[seed % 4],)) for name in stamps for seed in range(2 * seeds)]
    asks += [Ask(name, 9500 + seed, (QUARTERS[seed % 4],)) for name in OTHER_STAMPS for seed in range(seeds)]
    answers = tally(ask_all(asks))
    kept = [answer for name in (*content, *OTHER_STAMPS) for answer in answers[name]]
    return [
        _blanks(answers[BLANK], kept, corpus),
        _stamps([answer for name in stamps for answer in answers[name]], answers),
        _turns([answer for kind in PRINTED for answer in answers[kind]], kept, corpus),
    ]


def _blanks(blank: list[Answer], kept: list[Answer], corpus: Path | None) -> Part:
    gone = [a for a in blank if a.removed]
    lost = [a for a in kept if a.removed]
    rows = [
        Row("drawn blank pages removed", "≥ 99 %", _of(gone, blank), len(gone) >= 0.99 * len(blank)),
        Row("pages with anything on them removed", "0", f"{len(lost)} of {len(kept)}", not lost),
    ]
    details = [
        _by_fact(blank),
        *_listed("blank pages kept", [a for a in blank if not a.removed]),
        *_listed("removed", lost),
    ]
    if corpus:
        rows += _real(corpus / "blank")
    return Part("Blank pages", rows, details)


def _by_fact(blank: list[Answer]) -> str:
    """How many are removed among the pages that have each fault of paper and scanner."""
    groups = {fact: [a for a in blank if fact in a.facts] for fact in FAULTS}
    groups["none of these"] = [a for a in blank if not any(fact in a.facts for fact in FAULTS)]
    groups["all but crease and show-through over 5 %"] = [
        a for a in blank if not any(fact in a.facts for fact in ("crease", *STRONG_SHOW_THROUGH))
    ]
    return markdown(
        ("blank pages with", "removed", "kept and flagged"),
        (
            (fact, _of([a for a in own if a.removed], own), str(sum(bool(a.doubt) for a in own)))
            for fact, own in groups.items()
        ),
    )


def _real(folder: Path) -> list[Row]:
    rows = []
    for start, what, goal in (
        ("BLANK_", "real blank pages removed", None),
        ("KEEP_", "real pages with something on them removed", 0),
    ):
        pages = list(corpus_pages(folder, start))
        gone = [f"{path.name} p. {page}" for path, page in pages if look_at(path, page)[0]]
        named = f" ({', '.join(gone)})" if gone and goal == 0 else ""
        rows.append(
            Row(what, "0" if goal == 0 else "", f"{len(gone)} of {len(pages)}{named}", not gone if goal == 0 else None)
        )
    return rows


def _stamps(stamps: list[Answer], answers: dict[str, list[Answer]]) -> Part:
    gone = [a for a in stamps if a.removed is Reason.BLANK_STAMP]
    others = [
        *OTHER_STAMPS,
        "EM BRANCO, signed",
        "EM BRANCO, numbered",
        PageKind.LONE_STAMP,
        PageKind.LONE_SIGNATURE,
        PageKind.SHEET_NUMBER,
    ]
    kept = [a for name in others for a in answers[name]]
    lost = [a for a in kept if a.removed]
    rows = [
        Row("EM BRANCO stamp pages removed", "≥ 95 %", _of(gone, stamps), len(gone) >= 0.95 * len(stamps)),
        Row("other lone stamps, signatures, numbers removed", "0", f"{len(lost)} of {len(kept)}", not lost),
    ]
    lines = [(name, _of([a for a in own if a.removed], own)) for name, own in tally(stamps).items()]
    details = [markdown(("stamp", "removed"), lines), *_listed("stamps kept", [a for a in stamps if not a.removed])]
    return Part("EM BRANCO", rows, details)


def _turns(printed: list[Answer], kept: list[Answer], corpus: Path | None) -> Part:
    staying = [a for a in printed if not a.removed]
    right = [a for a in staying if a.upright]
    wrong = [a for a in kept if a.turn and not a.upright]
    upright = [a for a in kept if a.lies == 0]
    fallen = [a for a in upright if a.turn]
    more = [a for a in staying if a.name != PageKind.SHORT_LINE]
    text = sum(a.upright for a in more)
    rows = [
        Row("printed pages upright at the end", "≥ 99 %", _of(right, staying), len(right) >= 0.99 * len(staying)),
        Row("… of those with more than one line", "", f"{per_cent(text, len(more), 2)} ({text} of {len(more)})"),
        Row("upright pages turned", "0 in 1 000", f"{len(fallen)} of {len(upright)}", not fallen),
        Row("pages turned to a wrong side, of all", "0", f"{len(wrong)} of {len(kept)}", not wrong),
    ]
    lines = [
        (
            name,
            str(sum(a.upright for a in own)),
            str(sum(not a.turn and not a.upright for a in own)),
            str(sum(a in wrong for a in own)),
        )
        for name, own in tally(staying).items()
    ]
    details = [markdown(("kind", "right", "left as it lay", "wrong"), lines), *_listed("wrong", wrong)]
    if corpus:
        rows.append(_rotated(corpus / "rotated"))
    return Part("Turns", rows, details)


def _rotated(folder: Path) -> Row:
    right = left = wrong = 0
    for path in sorted(folder.iterdir()):
        end = path.stem.rpartition("_")[2]
        lies = TYPESCRIPT.get(end, COUNTED_BACK.get(end, 0))
        turn = look_at(path, 1)[1]
        upright = (lies + turn) % 360 == 0
        right, left, wrong = right + upright, left + (not upright and not turn), wrong + (not upright and turn != 0)
    return Row("real turned pages", "none wrong", f"{right} right, {left} left, {wrong} wrong", not wrong)


def _of(some: Sequence[Answer], every: Sequence[Answer]) -> str:
    return f"{per_cent(len(some), len(every))} ({len(some)} of {len(every)})"


def _listed(title: str, answers: list[Answer]) -> list[str]:
    if not answers:
        return []
    lines = [
        f"- {a.name}, seed {a.seed}, lies {a.lies}, turn {a.turn}: {a.facts}; {a.doubt or a.removed or 'content'}"
        for a in answers
    ]
    more = [f"- … {len(lines) - MOST_NAMED} more"] if len(lines) > MOST_NAMED else []
    return [f"{title}:\n\n" + "\n".join([*lines[:MOST_NAMED], *more])]
