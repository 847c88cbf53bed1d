"""The set that was sent to the Receita: digests of the published files when the fiscal noted the juntada.

    carried(manifest, old, events) -> manifest with ``sent=Sent(juntadas=1, data="02/10/2023", …)``

Every later manifest of the case carries them. With them the report can warn that the published set is not the one
that was sent, and the sent set can be found among earlier sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from itrwatch.core.andamento import NextStep, Stage, last_event
from itrwatch.core.calendar import brazilian
from itrwatch.core.case_description import Event, Evento, Sidecar
from itrwatch.core.ecac import Phase
from itrwatch.core.manifest import Digest, Manifest, Sent

SENT_SUFFIX = " - juntado"
"""Suffix of the folder in ``anteriores`` with the set that was sent."""


def carried(manifest: Manifest, old: Manifest | None, events: Sequence[Event] | None = None) -> Manifest:
    """The manifest with the data of the set that was sent; ``old``: the manifest that it replaces.

    ``events``: those of ``andamento``, in the order written; None if the sidecar was not read. If a juntada is noted
    together with a change of the papers, the set that was sent is the previous one: the new one did not exist yet.
    """
    before = () if old is None else digests(old) if old.published else old.before
    sent = old.sent if old else None
    if events is not None:
        sent = _sent(sent, events, before or digests(manifest))
    return replace(manifest, sent=sent, before=() if manifest.published else before)


def events_of(sidecar: Sidecar | None) -> tuple[Event, ...] | None:
    """The events of ``andamento``; None if the sidecar could not be read."""
    if sidecar is None:
        return None
    return sidecar.andamento.events if sidecar.andamento else ()


def digests(manifest: Manifest) -> tuple[Digest, ...]:
    """Name and sha256 of the files of a set."""
    return tuple(Digest(file.name, file.sha256) for file in manifest.files)


def differs(manifest: Manifest) -> bool:
    """Whether the published files are not those of the sent set; False if either is missing."""
    return manifest.published and manifest.sent is not None and manifest.sent.files != digests(manifest)


def is_sent(manifest: Manifest, sent: Sent | None) -> bool:
    """Whether the set of ``manifest`` is the one that was sent."""
    return sent is not None and manifest.published and sent.files == digests(manifest)


def difference(manifest: Manifest) -> str:
    """The sentence for panel and report; empty if the published set is the sent one, or nothing was sent."""
    if manifest.sent is None or not differs(manifest):
        return ""
    when = f" em {manifest.sent.data}" if manifest.sent.data else ""
    return (
        f"O que está publicado não é o que foi juntado{when}. O que foi juntado está em "
        f"“anteriores”, na pasta que termina com “{SENT_SUFFIX.strip()}”. Se a mudança deve ir à Receita, junte os arquivos de "
        "novo e anote a nova juntada em “andamento”; se não, desfaça a mudança na entrada. Se a juntada já foi aceita e só chegaram "
        "papéis novos, tire-os desta pasta e faça com eles um complemento (veja o último passo de “Consulte o resultado”, no relatório)."
    )


def superseded(step: NextStep, manifest: Manifest) -> NextStep:
    """``step``; but the step `Stage.CHANGED` if the set attached or accepted is not the published one."""
    changed = difference(manifest) if step.stage in (Stage.ATTACHED, Stage.ACCEPTED) else ""
    return NextStep(Stage.CHANGED, changed, phase=Phase.ATTACH) if changed else step


def _sent(sent: Sent | None, events: Sequence[Event], files: tuple[Digest, ...]) -> Sent | None:
    made = [event for event in events if event.evento is Evento.JUNTADA]
    if not made:
        return None
    last = last_event(tuple(made)) or made[-1]
    if sent is not None and len(made) <= sent.juntadas:
        return replace(sent, juntadas=len(made))
    return Sent(len(made), brazilian(last.data) if last.data else "", last.protocolo, files) if files else sent
