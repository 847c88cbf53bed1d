"""The draft of a sidecar: a proposal in YAML that can be copied as it is, with comments that explain it.

    draft_text(proposal, …) -> the text of a processo.yaml with its remarks

Proposed entries are written as the sidecar takes them; undecided and missing ones are comments. The only guess written as an
entry is the notificação, because nothing can be published without one: it has the comment `CONFIRM`, and a sidecar with that
mark left in it gets a warning (`unconfirmed`). The last line is a checksum that shows whether the draft was edited.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence

from itrwatch.core.codes import Code
from itrwatch.core.excerpts import yaml_text
from itrwatch.core.filenames import printable
from itrwatch.core.findings import Finding, warning
from itrwatch.core.processo import Processo
from itrwatch.core.proposal import Confidence, Proposal, Proposed
from itrwatch.core.ranges import compact
from itrwatch.core.sections import Section
from itrwatch.core.text_matching import counted
from itrwatch.core.title_matching import in_order

CONFIRM = "CONFIRA"
"""The word with which the remark on every uncertain line of a draft begins."""

_COLUMN = 44
"""Column of the remarks, so that the lines form a table. Chosen."""

_HEAD = """\
RASCUNHO do processo.yaml, feito pelo itrwatch a partir das digitalizações.

Como usar:
  1. Confira cada linha de “secoes” com as páginas (o relatorio.html mostra a miniatura de cada uma).
  2. Corrija o que não estiver certo; apague o que sobrar.
  3. Salve com o nome processo.yaml na pasta do processo na ENTRADA, junto das digitalizações.
     Mudar este arquivo aqui na saída não tem efeito.

Como se escreve:  - seção: ARQUIVO PÁGINAS
  As páginas contam a partir de 1 em cada arquivo: 7 ou 1-5 ou 1-3,8 ou 10- (da 10 até o fim).
  Sem páginas, vale o arquivo inteiro. A ordem das linhas não importa.
  As seções: {sections}.
  O que vem depois do sinal # é explicação: não precisa ser apagado.
"""

_MORE = """\
Se quiser, apague o # do início e preencha:
contribuinte: Nome do contribuinte
ciencia: {modo: postal, data: 02/10/2023, documentos: [ar]}
impugnacao: {data: 20/10/2023, via: protocolo, documentos: [protocolo, identidade]}
"""

_SEAL = re.compile(r"# rascunho ([0-9a-f]{12})\n\Z")


def draft_text(
    proposal: Proposal,
    processo: Processo | None,
    unreadable: Mapping[str, str],
    *,
    first_line: str = "",
    refused: Sequence[Proposed] = (),
) -> str:
    """The draft, with Unix line ends.

    ``unreadable``: scan → sentence about it. ``first_line``: a comment for editors. ``refused``: entries that
    `read_sidecar` would refuse (such as a file name with special characters); they are comments with the remedy.
    """
    lines = [first_line] if first_line else []
    lines += _comments(_HEAD.format(sections=" ".join(Section)))
    lines += ["#", "# As digitalizações desta pasta:"]
    lines += [
        f"#   {printable(name)}: {counted(proposal.scans[name], 'página', 'páginas')}"
        for name in in_order(proposal.scans)
    ]
    lines += [f"#   {printable(name)}: não pôde ser lido. {why}" for name, why in sorted(unreadable.items())]
    lines += [
        f"#   {printable(ref.file)}, página {ref.page}: folha separadora, não é publicada" for ref in proposal.sheets
    ]
    lines += ["", *_complement(proposal), "secoes:"]
    for entry in proposal.sections:
        lines += [_refused(entry)] if entry in refused else _entry(entry)
    lines += _open_ends(proposal)
    lines += ["", *([f"processo: {processo}"] if processo else []), *_comments(_MORE)]
    body = "\n".join(lines) + "\n"
    return f"{body}# rascunho {_seal(body)}\n"


def untouched(text: str) -> bool:
    """Whether ``text`` is an unedited draft, with any line ends."""
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    seal = _SEAL.search(text)
    return bool(seal and _seal(text[: seal.start()]) == seal[1])


def unconfirmed(text: str, file_name: str) -> Iterator[Finding]:
    """A warning for each line of a sidecar that still has `CONFIRM`."""
    for number, line in enumerate(text.split("\n"), start=1):
        content, _, remark = line.partition("#")
        if content.strip() and remark.strip().startswith(CONFIRM):
            entry = content.strip().removeprefix("-").strip()
            yield warning(Code.DRAFT_UNCONFIRMED, word=CONFIRM, entry=entry, file=file_name, line=number)


def _entry(entry: Proposed) -> list[str]:
    lead = f"{CONFIRM}: " if entry.confidence is Confidence.LOW else ""
    remark = f"{lead}confiança {entry.confidence} ({entry.why})"
    if not entry.backs:
        return [_remarked(f"  - {entry.section}: {source_text(entry)}", remark)]
    if_direct = "se os versos estão na ordem das frentes, apague o # do início"
    return [
        _remarked(f"  - tipo: {entry.section}", remark),
        f"    arquivo: {source_text(entry)}",
        f"    versos: {backs_text(entry)}",
        _remarked("#    ordem_versos: direta", if_direct),
    ]


def _refused(entry: Proposed) -> str:
    return f"#  - {entry.section}: {printable(entry.file)} {entry.ranges}  # o nome deste arquivo não pode ser escrito aqui: renomeie-o"


def _complement(proposal: Proposal) -> list[str]:
    if proposal.complement is None:
        return []
    return [
        _remarked(f"complemento: {proposal.complement}", "só o que é novo, depois de uma juntada aceita"),
        _remarked(
            "#primeira_folha: 77", "o número seguinte ao da última folha já juntada; corrija e apague o # do início"
        ),
    ]


def _open_ends(proposal: Proposal) -> Iterator[str]:
    for file, pages in proposal.undecided:
        ranges = compact(list(pages)).replace(" ", "")
        yield f"#  - QUAL SEÇÃO?: {printable(file)} {ranges}  # não descobri; diga a seção e apague o primeiro #"
    for section in proposal.missing:
        need = ": OBRIGATÓRIA, digitalize-a e salve-a nesta pasta" if section is Section.NOTIFICACAO else ""
        yield f"#  - {section}:   # não encontrei {section.heading}{need}"


def source_text(entry: Proposed) -> str:
    """File and pages in the notation of the sidecar, between apostrophes if YAML requires them."""
    return yaml_text(entry.file if entry.whole else f"{entry.file} {entry.ranges}")


def backs_text(entry: Proposed) -> str:
    """The backs and their pages in the notation of the sidecar."""
    return yaml_text(entry.backs if entry.whole else f"{entry.backs} {entry.back_ranges}")


def _remarked(line: str, remark: str) -> str:
    return f"{line.ljust(_COLUMN)}  # {printable(remark)}"


def _comments(text: str) -> list[str]:
    return [f"# {line}".rstrip() for line in text.splitlines()]


def _seal(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()[:12]


__all__ = ["CONFIRM", "backs_text", "draft_text", "source_text", "unconfirmed", "untouched"]
