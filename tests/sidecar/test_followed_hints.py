"""Every hint is followed, as somebody does who copies the line that is shown: it never leads astray.

What is proposed gives an accepted sidecar, or the next fault that really is one; never another order, never a
page fewer. The sidecars are those of ``../shared/field/sidecars``, those of the table of slips, and whole ones with a
slip of the keyboard on each of their lines in turn.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from itrwatch.core.filenames import Found, match_name
from itrwatch.core.findings import Finding, Severity
from itrwatch.core.named_scans import NoSuchFile
from itrwatch.core.plan import Plan, plan_case
from itrwatch.sidecar import yaml_tree
from itrwatch.sidecar.sidecar import read_sidecar
from tests.sidecar.mistakes import SLIPS

NAME = "processo.yaml"
FIELD = Path(__file__).parents[3] / "shared" / "field" / "sidecars"
SCAN = {"scan.pdf": 10}
PICTURES = {"j1.jpg": 1, "j2.jpg": 1, "j3.jpg": 1}
MOST_STEPS = 12


class Reading:
    """A sidecar beside its scans (name → pages): what is said of it, and the plan if nothing keeps it from being done."""

    def __init__(self, text: str, scans: dict[str, int] | None) -> None:
        self.text = text
        parsed = yaml_tree.read(text.encode("utf-8", "surrogatepass"), NAME)
        read = read_sidecar(parsed.node, NAME, parsed.lines) if parsed.node else None
        self.findings: list[Finding] = [*parsed.findings, *(read.findings if read else ())]
        self.plan: Plan | None = None
        self.sidecar = read.sidecar if read else None
        if read and scans is not None:
            self.plan, planned = plan_case(read.readable, scans, finder(scans), NAME, parsed.lines)
            self.findings += planned

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]

    @property
    def pages(self) -> list[str]:
        """“notificacao scan.pdf 3”, page by page, with what is ordered for it."""
        assert self.plan
        orders = {page.ref: page.override for page in self.plan.pages}
        return [
            f"{page.section} {page.ref.file} {page.ref.page}"
            + (f" girada {orders[page.ref].turn}" if orders[page.ref].turn else "")
            + (" mantida" if orders[page.ref].keep else "")
            for page in self.plan.pages
        ]


def finder(scans):
    def find(written):
        found = match_name(scans, written)
        if isinstance(found, Found):
            return found.name
        near = getattr(found, "nearest", ())
        return NoSuchFile(f"o arquivo {written} não está na pasta", *near[:1])

    return find


def followed(text: str, finding: Finding) -> str:
    """The file after somebody wrote the lines that are shown, or deleted the line, as the note says."""
    lines = text.split("\n")
    assert finding.line
    at = finding.line - 1
    new = finding.proposal.split("\n") if finding.proposal else []
    return "\n".join([*lines[:at], *new, *lines[at + finding.replaces :]])


def to_the_end(text: str, scans: dict[str, int] | None) -> Reading:
    """Follow the first hint, save, read what is said then, and so on."""
    seen = [text]
    for _ in range(MOST_STEPS):
        reading = Reading(seen[-1], scans)
        hints = [finding for finding in reading.errors if finding.replaces]
        if not hints:
            return reading
        seen.append(followed(seen[-1], hints[0]))
        again = {(finding.line, finding.message) for finding in Reading(seen[-1], scans).errors}
        assert (hints[0].line, hints[0].message) not in again, f"{hints[0].message}\n{seen[-1]}"
        assert seen[-1] not in seen[:-1], seen[-1]
    raise AssertionError(f"no end of hints: {seen[-1]}")


ROWS = [text for rows in SLIPS.values() for text, _ in rows]


@pytest.mark.parametrize("text", ROWS)
def test_each_hint_of_the_table_of_slips_leads_to_a_file_that_says_the_same(text: str) -> None:
    end = to_the_end(text, None)
    if not end.errors:
        files = re.compile(r"\w+\.pdf")
        assert files.findall(end.text) == files.findall(text)
        if "data:" not in text:  # the hint may fill in the year of a date
            assert re.findall("[0-9]+", end.text) == re.findall("[0-9]+", text)


FIELD_CASES = {
    "dash_at_the_margin": ("notificacao 1-5", "ciencia 6-7", "ditr 8-10"),
    "descending_range": ("notificacao 10,9,8,7,6,5,4,3,2,1",),
    "fronts_and_backs": ("notificacao 1,10,2,9,3,8,4,7,5,6",),
    "list_begun_twice": ("notificacao 1-5", "ciencia 6-7", "ditr 8-10"),
    "no_blank_before_pages": ("notificacao 1-5",),
    "odd_pages": ("notificacao 1,3,5,7,9",),
    "unknown_key_like_another": ("notificacao 1-5", "ciencia 6-7", "ditr 8-10"),
}


def expected(spans: tuple[str, ...]) -> list[str]:
    numbers = []
    for span in spans:
        section, _, ranges = span.partition(" ")
        for piece in ranges.split(","):
            first, _, last = piece.partition("-")
            numbers += [f"{section} scan.pdf {number}" for number in range(int(first), int(last or first) + 1)]
    return numbers


def field_sidecar(name: str) -> str:
    if not FIELD.is_dir():
        pytest.skip("the shared field cases are not here")
    return (FIELD / f"{name}.txt").read_text("utf-8").split("SIDECAR:\n")[1].split("\nTODAY:")[0] + "\n"


@pytest.mark.parametrize(("name", "spans"), FIELD_CASES.items())
def test_a_field_case_is_published_as_it_was_meant(name: str, spans: tuple[str, ...]) -> None:
    end = to_the_end(field_sidecar(name), SCAN)
    assert end.errors == []
    assert end.pages == expected(spans)


@pytest.mark.parametrize("name", ["range_of_files", "wildcard"])
def test_several_pictures_come_in_their_natural_order(name: str) -> None:
    end = to_the_end(field_sidecar(name), PICTURES)
    assert (end.errors, end.pages) == ([], [f"notificacao j{number}.jpg 1" for number in (1, 2, 3)])


def test_a_page_that_is_to_be_kept_is_written_in_the_long_form() -> None:
    end = to_the_end(field_sidecar("keep_in_short_form"), SCAN)
    kept = expected(("notificacao 1-5",))
    kept[2] += " mantida"
    assert (end.errors, end.pages) == ([], kept)


def test_several_pages_are_turned_with_one_hint() -> None:
    end = to_the_end(field_sidecar("turn_several_pages"), SCAN)
    turned = [f"notificacao scan.pdf {number}{' girada 180' if number % 2 == 0 else ''}" for number in range(1, 11)]
    assert (end.errors, end.pages) == ([], turned)


def test_every_case_of_the_folder_is_followed() -> None:
    if not FIELD.is_dir():
        pytest.skip("the shared field cases are not here")
    own = {*FIELD_CASES, "range_of_files", "wildcard", "keep_in_short_form", "turn_several_pages"}
    assert {path.stem for path in FIELD.glob("*.txt")} == own


WHOLE = (
    "secoes:\n  - notificacao: scan.pdf 1-3\n  - ciencia: scan.pdf 4-5\n  - ditr: scan.pdf 6-8\ncontribuinte: Boa Vista\n",
    "secoes:\n- notificacao: scan.pdf 1-3\n- ciencia: scan.pdf 4-5\n- termo: scan.pdf 9\n",
    (
        "secoes:\n  - capa: scan.pdf 1\n  - tipo: notificacao\n    arquivo: scan.pdf\n    paginas: 2-5\n    girar: {3: 90}\n"
        "  - ciencia: scan.pdf 6\nciencia: {modo: postal, data: 02/10/2023, documentos: [ar]}\n"
    ),
    "secoes:\n  - notificacao: [scan.pdf 1-2, scan.pdf 4]\n  - ciencia: scan.pdf 5\nciencia:\n  modo: postal\n  data: 02/10/2023\n",
    "secoes:\n  - tipo: notificacao\n    arquivo: scan.pdf 1-3\n    versos: scan.pdf 4-6\n  - ciencia: scan.pdf 7-8\n",
)


def _swapped(line: str) -> str:
    """Two letters of the first long word exchanged."""
    return re.sub(r"([a-z])([a-z])([a-z])([a-z])", r"\1\3\2\4", line, count=1)


SLIPPED = {
    "no dash": lambda line: line.replace("- ", "  ", 1) if line.lstrip().startswith("- ") else line,
    "no blank behind the dash": lambda line: line.replace("- ", "-", 1),
    "no colon": lambda line: re.sub(r":(?= |$)", "", line, count=1),
    "no blank behind the colon": lambda line: line.replace(": ", ":", 1),
    "a semicolon": lambda line: re.sub(r":(?= |$)", ";", line, count=1),
    "an equals sign": lambda line: re.sub(r":(?= |$)", " =", line, count=1),
    "a tab": lambda line: "\t" + line.lstrip() if line.startswith(" ") else line,
    "two tabs": lambda line: "\t\t" + line.lstrip() if line.startswith("    ") else line,
    "at the margin": str.lstrip,
    "one blank more": lambda line: " " + line if line else line,
    "one blank less": lambda line: line.removeprefix(" "),
    "two blanks more": lambda line: "  " + line if line else line,
    "letters exchanged": _swapped,
    "a letter too few": lambda line: re.sub(r"([a-z]{3})[a-z]([a-z])", r"\1\2", line, count=1),
    "capitals": str.upper,
    "a hyphen of Word": lambda line: line.replace("-", "–"),
    "a quote too many": lambda line: (
        line + '"' if line.endswith(("pdf", "0", "1", "2", "3", "4", "5", "6", "8")) else line
    ),
    "a quote not closed": lambda line: line.replace(": scan", ': "scan', 1),
    "no blank before the pages": lambda line: line.replace(".pdf ", ".pdf", 1),
    "a bracket not closed": lambda line: line.replace("]", "", 1),
    "a brace not closed": lambda line: line.replace("}", "", 1),
    "twice": lambda line: f"{line}\n{line}" if line == "secoes:" else line,
    "a comma too many": lambda line: line + "," if line.endswith(tuple("12345678")) else line,
    "a point behind": lambda line: line + "." if line.endswith(tuple("12345678")) else line,
    "a comment glued": lambda line: line + "# conferir" if line.endswith(tuple("12345678")) else line,
    "a word too many": lambda line: line + "\nobservacao: conferir" if line.startswith("ciencia") else line,
}


@pytest.mark.parametrize("slip", SLIPPED)
def test_a_slip_on_any_line_is_corrected_by_its_hints_or_reported_without_one(slip: str) -> None:
    for whole in WHOLE:
        meant = Reading(whole, SCAN)
        assert meant.errors == []
        lines = whole.split("\n")
        for number, line in enumerate(lines):
            slipped = SLIPPED[slip](line)
            if slipped == line:
                continue
            text = "\n".join([*lines[:number], slipped, *lines[number + 1 :]])
            end = to_the_end(text, SCAN)
            if not end.errors:
                assert end.pages == meant.pages, f"{text}\n---\n{end.text}"
