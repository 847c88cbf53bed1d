"""The reason for the result of a page, with figures: ``content: largest mark 4.5 mm; turn 90 (sure 0.98); layers``.

For the manifest (``pages[].why``), the case's log (level DEBUG, “detalhe” there) and `itrwatch page`. The text is English,
for maintainers, and no code parses it.
"""

from __future__ import annotations

from itrwatch.core.pages import PageOverride, Rung, Turn
from itrwatch.imaging.analysis.analyse import PageAnalysis
from itrwatch.imaging.analysis.blank import Blank, Content, Doubt


def removed_because(override: PageOverride, seen: PageAnalysis) -> str:
    """Why a page is removed."""
    if override.remove:
        return "asked for"
    if isinstance(seen.blank, Blank):
        return f"blank {seen.blank.confidence:.2f}: {_marks(seen)}"
    return f"blank stamp, read with {seen.stamp.sure:.2f}" if seen.stamp else ""


def kept_because(override: PageOverride, seen: PageAnalysis, turn: Turn) -> str:
    """Why a page is published, and why with this rotation."""
    return f"{_kept(override, seen)}; {_turned(override, seen, turn)}"


def coded_because(rung: Rung, why: str) -> str:
    """How a page is coded, and why the previous codings were rejected."""
    return f"{rung}: {why}" if why else str(rung)


def _kept(override: PageOverride, seen: PageAnalysis) -> str:
    if override.keep:
        return f"kept, {override.why or 'asked for'}: {_marks(seen)}"
    if isinstance(seen.blank, Blank):
        return f"blank, kept by the settings: {_marks(seen)}"
    kind = f"doubt ({seen.blank.why})" if isinstance(seen.blank, Doubt) else "content"
    return f"{kind}: {_marks(seen)}"


def _turned(override: PageOverride, seen: PageAnalysis, turn: Turn) -> str:
    if override.turn is not None:
        return f"turn {turn} as asked for"
    if seen.trouble:
        return "turn 0, no recogniser"
    return f"turn {turn} ({'sure' if seen.turn.sure else 'unsure'} {seen.turn.confidence:.2f})"


def _marks(seen: PageAnalysis) -> str:
    """The measurements: every non-zero value of `Evidence`."""
    evidence = seen.blank.evidence
    figures = (
        (evidence.largest_mm, "largest mark {:.1f} mm"),
        (evidence.sum_mm, "all {:.0f} mm"),
        (evidence.ink_share, "{:.0%} as dark as ink"),
        (evidence.specks, "{:d} specks"),
        (evidence.row, "some of them together"),
        (evidence.dust, "{:d} dust"),
        (evidence.pale, "{:d} pale"),
        (evidence.palest_mm, "largest pale {:.1f} mm"),
        (evidence.faint_mm, "faint stroke {:.1f} mm"),
        (evidence.rhythm, "rhythm of rows {:.2f}"),
    )
    # A page full of marks is content without one of them being measured.
    none = "more marks than are measured one by one" if isinstance(seen.blank, Content) else "no marks"
    return ", ".join(text.format(value) for value, text in figures if value) or none
