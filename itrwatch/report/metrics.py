"""Writes the metrics of the service in the text format that node_exporter collects (Prometheus exposition format 0.0.4).

    metrics(status, rows, "0.1.0") ->
        # HELP itrwatch_cases Pastas de processos, pelo estado em que o serviço as tem.
        # TYPE itrwatch_cases gauge
        itrwatch_cases{state="publicadas"} 12
        …

Only counts and times: no name of a case or a person is written to a file that a monitor collects and stores elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from itrwatch.core.status import StatusSnapshot
from itrwatch.report.panel_page import FILTERS, Row, lines_of


def metrics(status: StatusSnapshot, rows: Sequence[Row], version: str) -> str:
    """The text of the file; ``rows``: the rows of the panel, empty while the outbox is unavailable."""
    states = Counter(case.state for case in status.cases)
    kinds = Counter(kind for line in lines_of(rows) for kind in line.kinds)
    waiting = [(status.at - case.since).total_seconds() for case in status.cases if case.since and case.waits_for]
    return "".join(
        [
            *_gauge("itrwatch_info", "A versão em uso.", [(f'version="{version}"', 1)]),
            *_gauge("itrwatch_seen_timestamp_seconds", "Quando isto foi visto.", [("", status.at.timestamp())]),
            *_gauge(
                "itrwatch_root_degraded",
                "1: a pasta não responde ou não deixa trabalhar.",
                [(f'root="{root.role}"', int(bool(root.trouble))) for root in status.roots],
            ),
            *_gauge(
                "itrwatch_cases",
                "Pastas de processos, pelo estado em que o serviço as tem.",
                [(f'state="{state}"', count) for state, count in sorted(states.items())],
            ),
            *_gauge(
                "itrwatch_panel",
                "Processos do painel, pela providência que pedem; um atrasado conta também no outro estado dele.",
                [(f'kind="{kind}"', kinds[kind]) for kind in FILTERS],
            ),
            *_gauge(
                "itrwatch_longest_wait_seconds",
                "Há quanto tempo espera a pasta que espera há mais tempo.",
                [("", max(waiting, default=0))],
            ),
        ]
    )


def _gauge(name: str, meaning: str, values: Iterable[tuple[str, float]]) -> Iterator[str]:
    yield f"# HELP {name} {meaning}\n# TYPE {name} gauge\n"
    for labels, value in values:
        yield f"{name}{{{labels}}} {value:.0f}\n" if labels else f"{name} {value:.0f}\n"
