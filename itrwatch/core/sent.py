"""Which set was sent to the Receita: the files of the juntada that the fiscal noted, by their digests.

The manifest of a case keeps them from then on, over every set that comes after. So the report can say that what is published now is
not what was sent, and the set that was sent is known among those of before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from itrwatch.core.andamento import NextStep, Stage, last_event
from itrwatch.core.calendar import brazilian
from itrwatch.core.case_description import Event, Evento, Sidecar
from itrwatch.core.ecac import Phase
from itrwatch.core.manifest import Digest, Manifest, Sent

SENT_MARK = " - juntado"
"""Behind the name of the folder in ``anteriores`` that holds the set that was sent."""


def carried(manifest: Manifest, old: Manifest | None, events: Sequence[Event] | None = None) -> Manifest:
    """The manifest with what is known of the set that was sent; ``old`` is the one that it replaces.

    ``events``: those of ``andamento``, in the order written; None where the sidecar was not read. A juntada that is noted
    together with a change of the papers was one of the set of before: nobody can have sent what was not made yet.
    """
    before = () if old is None else digests(old) if old.published else old.before
    sent = old.sent if old else None
    if events is not None:
        sent = _sent(sent, events, before or digests(manifest))
    return replace(manifest, sent=sent, before=() if manifest.published else before)


def events_of(sidecar: Sidecar | None) -> tuple[Event, ...] | None:
    """What the sidecar notes in ``andamento``; None where it could not be read."""
    if sidecar is None:
        return None
    return sidecar.andamento.events if sidecar.andamento else ()


def digests(manifest: Manifest) -> tuple[Digest, ...]:
    """Name and sha256 of the files of a set."""
    return tuple(Digest(file.name, file.sha256) for file in manifest.files)


def differs(manifest: Manifest) -> bool:
    """Whether other files are published than those that were sent and not rejected since."""
    return manifest.published and manifest.sent is not None and manifest.sent.files != digests(manifest)


def is_sent(manifest: Manifest, sent: Sent | None) -> bool:
    """Whether the set of ``manifest`` is the one that was sent."""
    return sent is not None and manifest.published and sent.files == digests(manifest)


def difference(manifest: Manifest) -> str:
    """The sentence for panel and report; empty where what is published is what was sent, or nothing was."""
    if manifest.sent is None or not differs(manifest):
        return ""
    when = f" em {manifest.sent.data}" if manifest.sent.data else ""
    return (
        f"O que está publicado não é o que foi juntado{when}. O que foi juntado está em "
        f"“anteriores”, na pasta que termina com “{SENT_MARK.strip()}”. Se a mudança deve ir à Receita, junte os arquivos de "
        "novo e anote a nova juntada em “andamento”; se não, desfaça a mudança na entrada. Se a juntada já foi aceita e só chegaram "
        "papéis novos, tire-os desta pasta e faça com eles um complemento (veja o último passo de “Consulte o resultado”, no relatório)."
    )


def superseded(step: NextStep, manifest: Manifest) -> NextStep:
    """The step, or, where what the Receita has or accepted is not what is published, that it is not."""
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
