"""A short, seeded run of what ``python -m fuzz`` does at length."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.seeds import SEEDS
from fuzz.shapes import shapes
from fuzz.targets import TARGETS
from itrwatch.core.finding_collector import MOST_FINDINGS
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.sidecar.yaml_tree import MAX_BYTES, read


@pytest.mark.parametrize("name", TARGETS)
def test_real_texts_keep_every_promise(name: str) -> None:
    for seed in SEEDS[name]:
        TARGETS[name](seed.encode())


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_texts_keep_every_promise(name: str) -> None:
    junk = st.text("-: \n\t#'\"[]{},&*!|>@0123aáç\u00a0\u200b“”–\\/", max_size=4) | st.text(max_size=4)

    @settings(max_examples=150, deadline=None, derandomize=True, database=None)
    @given(st.sampled_from(SEEDS[name]), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 4), junk), max_size=5))
    def damaged(text: str, cuts: list[tuple[float, int, str]]) -> None:
        for where, gone, new in cuts:
            at = int(where * len(text))
            text = text[:at] + new + text[at + gone :]
        TARGETS[name](text.encode("utf-8", "surrogatepass"))

    damaged()


SHAPES = [pytest.param(data[:MAX_BYTES], id=name) for name, data in shapes(MAX_BYTES)]


@pytest.mark.parametrize("data", SHAPES)
def test_the_hardest_texts_are_answered_in_little_memory(data: bytes) -> None:
    tracemalloc.start()
    try:
        TARGETS["sidecar"](data)
        assert tracemalloc.get_traced_memory()[1] < 50 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("item", "severity", "many"),
    [("cpaa: c.pdf", "error", "erros"), ("capa: a.pdf 1 a 3", "reminder", "lembretes")],
)
def test_the_number_of_findings_is_limited(item: str, severity: str, many: str) -> None:
    parsed = read(b"secoes:\n  - notificacao: n.pdf\n" + f"  - {item}\n".encode() * 500, "processo.yaml")
    assert parsed.node is not None
    got = read_sidecar(parsed.node, "processo.yaml", parsed.lines)
    assert (got.sidecar is None) == (severity == "error")  # many reminders keep nothing from being published
    assert {finding.severity.value for finding in got.findings} == {severity}
    assert len(got.findings) == MOST_FINDINGS + 1
    assert got.findings[-1].message == f"há mais {many} neste arquivo; veja primeiro os que estão acima"
