"""“Texto para o termo”: a draft of the Termo de Encaminhamento, ready to paste (Manual, 2 and 3).

The termo says whether there is an impugnação, cites the folhas of the case and of the impugnação, and tells
problems of numbering, missing documents and illegible pages. What is not there is not spoken of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from itrwatch.core.calendar import brazilian
from itrwatch.core.case_description import Numeracao, Sidecar, Via
from itrwatch.core.ecac import folhas_phrase
from itrwatch.core.manifest import Manifest, PageEntry, SectionSpan
from itrwatch.core.pages import CUT_OFF, ILLEGIBLE, Reason
from itrwatch.core.sections import FileKind, Section
from itrwatch.core.text_matching import cited

_EXPECTED = (Section.CIENCIA, Section.DITR)
_TO_FILL_IN = "folhas ___ a ___"


def termo_text(manifest: Manifest, sidecar: Sidecar | None) -> str:
    """The paragraphs of the draft, parted by a blank line; empty for a case that was not published.

    The manifest must be the one just made: legibility is known by the page of its findings.
    """
    if not manifest.published:
        return ""
    paragraphs = (
        _contents(manifest, sidecar),
        _impugnacao(manifest, sidecar),
        " ".join((*_missing(manifest), *_illegible(manifest), *_blanks(manifest, sidecar))),
        "Os originais em papel permanecem arquivados neste Município.",
    )
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def enumerated(items: Iterable[str]) -> str:
    """``a, b e c``."""
    *some, last = items
    return f"{', '.join(some)} e {last}" if some else last


def folhas(numbers: Iterable[int]) -> str:
    """``folha 3``, or ``folhas 3, 8 a 10 e 12``."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [text for run in runs for text in ([f"{run[0]} a {run[-1]}"] if len(run) > 2 else map(str, run))]
    return f"folha {said[0]}" if len(said) == len(runs[0]) == 1 else f"folhas {enumerated(said)}"


def folhas_of(manifest: Manifest, name: str) -> str:
    """The folhas that are in the file: `NOTI.pdf` ends with the termo, and those of the impugnação are not in it; empty if none is numbered."""
    numbers = [page.folha for page in manifest.pages if page.output == name and page.folha]
    if not numbers:
        return ""
    first, last = min(numbers), max(numbers)
    return folhas(numbers) if last - first >= len(numbers) else folhas_phrase(first, last)


def _contents(manifest: Manifest, sidecar: Sidecar | None) -> str:
    last = max((page.folha for page in manifest.pages if page.folha), default=0)
    parts = [_part(section) for section in manifest.sections if section.kind is not Section.TERMO]
    termo = next((section.folhas for section in manifest.sections if section.kind is Section.TERMO), None)
    scanned = any(section.kind is Section.TERMO for section in manifest.sections)
    if last and not scanned:
        last += 1
        termo = (last, last)
    parts.append(f"este Termo de Encaminhamento ({folhas_phrase(*termo) if termo else _TO_FILL_IN})")
    amount = f", com folhas numeradas de 1 a {last}" if last else ""
    return (
        f"Encaminha-se à Receita Federal do Brasil o processo nº {manifest.processo}{_whose(sidecar)}{amount}, assim formado: "
        f"{'; '.join(parts[:-1])}; e {parts[-1]}."
    )


def _part(section: SectionSpan) -> str:
    if not section.kind.numbered:
        return f"{section.kind.heading} (sem numeração)"
    return f"{section.kind.heading} ({folhas_phrase(*section.folhas) if section.folhas else _TO_FILL_IN})"


def _whose(sidecar: Sidecar | None) -> str:
    if sidecar is None:
        return ""
    facts = [
        f"{name} {value.text}" for name, value in (("NIRF", sidecar.nirf), ("exercício", sidecar.exercicio)) if value
    ]
    owner = f", do contribuinte {sidecar.contribuinte.text}" if sidecar.contribuinte else ""
    return owner + "".join(f", {fact}" for fact in facts)


def _impugnacao(manifest: Manifest, sidecar: Sidecar | None) -> str:
    span = next((section for section in manifest.sections if section.kind is Section.IMPUGNACAO), None)
    if span is None:
        return "Não houve impugnação."
    info = sidecar.impugnacao if sidecar else None
    when = ""
    if info and info.data:
        when = f"{'postada' if info.via is Via.CORREIOS else 'apresentada'} em {brazilian(info.data)}, "
    files = enumerated(file.name for file in manifest.files if file.type == FileKind.IMPUGNA.document_type)
    where = folhas_phrase(*span.folhas) if span.folhas else _TO_FILL_IN
    article = "na" if where.startswith("folha ") else "nas"
    return f"Houve impugnação, {when}que está {article} {where} e segue em arquivo separado ({files})."


def _missing(manifest: Manifest) -> Iterator[str]:
    there = {section.kind for section in manifest.sections}
    if missing := [section.heading for section in _EXPECTED if section not in there]:
        yield f"{'Não consta' if len(missing) == 1 else 'Não constam'} do processo: {enumerated(missing)}."


def _illegible(manifest: Manifest) -> Iterator[str]:
    yield from _doubted(manifest, ILLEGIBLE, _cannot_be_read)
    yield from _doubted(manifest, CUT_OFF, _is_cut)


def _doubted(manifest: Manifest, words: str, tell: Callable[[str, int], str]) -> Iterator[str]:
    """What is told of the published pages of which a finding uses these ``words``."""
    pages = {(page.file, page.page): page for page in manifest.pages if page.outcome == "published"}
    doubted = {
        (finding.file, finding.page): None
        for finding in manifest.findings
        if words in finding.message and (finding.file, finding.page) in pages
    }
    entries = [pages[key] for key in pages if key in doubted]
    numbers = [page.folha for page in entries if page.folha is not None]
    if numbers:
        yield tell(f"{'A' if len(numbers) == 1 else 'As'} {folhas(numbers)}", len(numbers))
    for page in entries:
        if page.folha is None:
            yield tell(f"A página {page.page} de {cited(page.file)}, sem numeração,", 1)


def _cannot_be_read(which: str, count: int) -> str:
    are = "está pouco legível" if count == 1 else "estão pouco legíveis"
    return f"{which} {are}, e não foi possível melhorar a digitalização."


def _is_cut(which: str, count: int) -> str:
    are = "está cortada" if count == 1 else "estão cortadas"
    return f"{which} {are} na margem, e não foi possível melhorar a digitalização."


def _blanks(manifest: Manifest, sidecar: Sidecar | None) -> Iterator[str]:
    count = sum(_blank(page) for page in manifest.pages)
    if count:
        taken = (
            "Foi retirada da digitalização 1 página"
            if count == 1
            else f"Foram retiradas da digitalização {count} páginas"
        )
        yield f"{taken} em branco."
    numbers = {page.folha for page in manifest.pages if page.folha}
    holes = [number for number in range(1, max(numbers, default=0) + 1) if number not in numbers]
    if holes and sidecar and sidecar.numeracao is Numeracao.PAPEL:
        there = "Não há a" if len(holes) == 1 else "Não há as"
        were = "era folha em branco" if len(holes) == 1 else "eram folhas em branco"
        yield f"{there} {folhas(holes)}, que {were}."


def _blank(page: PageEntry) -> bool:
    return page.reason in (Reason.BLANK, Reason.BLANK_STAMP)
