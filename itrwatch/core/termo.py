"""“Texto para o termo”: a draft of the Termo de Encaminhamento to paste.

    draft_termo(manifest, sidecar, deadline) -> TermoDraft(text, remarks)

The termo states whether there is an impugnação, cites the folhas of the case and of the impugnação, and reports
problems of numbering, missing documents and illegible pages. A statement that is not established is put into a mark
``[CONFIRA: …]``: a doubt of the detection, a paper that the sidecar does not list, a computed period. The advice of a
finding is never stated as a fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from itrwatch.core.calendar import brazilian
from itrwatch.core.case_description import Numeracao, Sidecar, Via
from itrwatch.core.codes import Code
from itrwatch.core.deadline import Deadline, Timeliness
from itrwatch.core.ecac import folhas_phrase
from itrwatch.core.folhas import first_folha, missing_numbers
from itrwatch.core.manifest import Manifest, PageEntry, SectionSpan
from itrwatch.core.manual import PAPERS, Paragraph
from itrwatch.core.ranges import runs
from itrwatch.core.sections import FileKind, Section
from itrwatch.core.text_matching import cited, counted

CONFIRM = "[CONFIRA: "
BLANK = "___"
_TO_FILL_IN = f"folhas {BLANK} a {BLANK}"
_SOME_DAY = f"{BLANK}/{BLANK}/{BLANK}__"
_NONE_CAME = "se até lá nenhuma impugnação foi apresentada"
_SIGNATURE = f"{BLANK}__, __/__/____.\n(nome e cargo)"
_HARD_TO_READ = (Code.LOW_RESOLUTION, Code.DARK, Code.PALE, Code.OUT_OF_FOCUS)
_PAPERS_MISSING = {
    Code.CIENCIA_MISSING: "a comprovação da ciência da Notificação de Lançamento",
    Code.DITR_MISSING: "a DITR do exercício fiscalizado",
    Code.TIF_MISSING: "o Termo de Intimação Fiscal (TIF), com a sua ciência e, se houve, a resposta",
    Code.SIGNATURE_MISSING: f"a {PAPERS['assinatura'].name} na notificação",
    Code.SIGNER_IDENTITY_MISSING: "o documento de identificação com foto do signatário da notificação",
    Code.AR_MISSING: f"o {PAPERS['ar'].name}",
    Code.TRACKING_REFUSED: f"o {PAPERS['ar'].name}",
    Code.POSTING_REFUSED: f"o {PAPERS['ar'].name}",
    Code.AR_RETURNED_MISSING: "o Aviso de Recebimento devolvido pelos Correios",
    Code.EDITAL_MISSING: "o Edital",
    Code.PROTOCOLO_MISSING: f"o {PAPERS['protocolo'].name} da impugnação",
    Code.IDENTITY_MISSING: f"a cópia do {PAPERS['identidade'].name} da impugnação",
    Code.ENVELOPE_MISSING: "o envelope da impugnação enviada pelos Correios",
}
"""The termo's name for a paper that a finding reports as missing. None is certain: the paper may be among the pages of another section."""


@dataclass(frozen=True, slots=True)
class TermoDraft:
    """The draft: ``text`` to copy, ``remarks`` to read before signing; ``open_points``: the number of points to confirm or fill in."""

    text: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def open_points(self) -> int:
        """The number of ``[CONFIRA: …]`` marks and blanks to fill in."""
        return self._confirmations + self._gaps

    @property
    def advice(self) -> str:
        """“2 pontos a resolver no texto: confirme ou apague cada [CONFIRA: …] e preencha cada lacuna.”, or empty."""
        todo = (
            [f"confirme ou apague {'o' if self._confirmations == 1 else 'cada'} {CONFIRM}…]"]
            if self._confirmations
            else []
        )
        todo += [f"preencha {'a' if self._gaps == 1 else 'cada'} lacuna"] if self._gaps else []
        points = counted(self.open_points, "ponto a resolver", "pontos a resolver")
        return f"{points} no texto: {' e '.join(todo)}." if todo else ""

    @property
    def _confirmations(self) -> int:
        return self.text.count(CONFIRM)

    @property
    def _gaps(self) -> int:
        return sum(self.text.count(gap) for gap in (_TO_FILL_IN, _SOME_DAY, _SIGNATURE))


def draft_termo(manifest: Manifest, sidecar: Sidecar | None, deadline: Deadline | None = None) -> TermoDraft:
    """The draft for a published case, with blank lines between paragraphs; empty for an unpublished case.

    The manifest must be newly made: the codes of its findings say which papers are missing and which pages are hard to read.
    """
    if not manifest.published:
        return TermoDraft()
    paragraphs = (
        _contents(manifest, sidecar, deadline),
        _impugnacao(manifest, sidecar, deadline),
        " ".join((*_missing(manifest), *_doubted(manifest), *_blanks(manifest, sidecar))),
        "O processo em papel será arquivado neste Município.",
        _SIGNATURE,
    )
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return TermoDraft(text, tuple(_remarks(manifest, sidecar, deadline)))


def enumerated(items: Iterable[str]) -> str:
    """``["a", "b", "c"]`` → ``a, b e c``."""
    *some, last = items
    return f"{', '.join(some)} e {last}" if some else last


def folhas(numbers: Iterable[int]) -> str:
    """``[3, 8, 9, 10, 12]`` → ``folhas 3, 8 a 10 e 12``; ``[3]`` → ``folha 3``."""
    said: list[str] = []
    for first, last in runs(sorted(set(numbers))):
        said += [f"{first} a {last}"] if last - first > 1 else map(str, range(first, last + 1))
    alone = len(said) == 1 and " " not in said[0]
    return f"folha {said[0]}" if alone else f"folhas {enumerated(said)}"


def folhas_of(manifest: Manifest, name: str) -> str:
    """The folhas in the file ``name``; empty if none is numbered. NOTI.pdf lacks those of the impugnação, between its pages and the termo."""
    numbers = [page.folha for page in manifest.pages if page.output == name and page.folha]
    if not numbers:
        return ""
    first, last = min(numbers), max(numbers)
    # More numbers in the range than pages: the missing folhas are in the other file.
    return folhas(numbers) if last - first >= len(numbers) else folhas_phrase(first, last)


def numbers_for_paper(sections: Iterable[SectionSpan]) -> str:
    """``Notificação de Lançamento 1 a 5; DITR 6``: the numbers to write on the paper, equal to those in the PDFs."""
    return "; ".join(
        f"{section.kind.heading} {section.folhas[0]}"
        + (f" a {section.folhas[1]}" if section.folhas[0] != section.folhas[1] else "")
        for section in sections
        if section.folhas
    )


def _contents(manifest: Manifest, sidecar: Sidecar | None, deadline: Deadline | None) -> str:
    numbers = [page.folha for page in manifest.pages if page.folha]
    first, last = min(numbers, default=0), max(numbers, default=0)
    late = deadline is not None and deadline.timeliness is Timeliness.LATE
    parts = [_part(section, late=late) for section in manifest.sections if section.kind is not Section.TERMO]
    termo = next((section.folhas for section in manifest.sections if section.kind is Section.TERMO), None)
    scanned = any(section.kind is Section.TERMO for section in manifest.sections)
    if last and not scanned:
        last += 1
        termo = (last, last)
    parts.append(f"este Termo de Encaminhamento ({folhas_phrase(*termo) if termo else _TO_FILL_IN})")
    amount = f", com folhas numeradas de {first if manifest.complemento else 1} a {last}" if last else ""
    return (
        f"Encaminha-se à Receita Federal do Brasil {'o complemento d' if manifest.complemento else ''}o processo nº {manifest.processo}{_whose(sidecar)}{amount}, assim formado: "
        f"{'; '.join(parts[:-1])}; e {parts[-1]}."
    )


def _part(section: SectionSpan, *, late: bool) -> str:
    """The sentence part for one section; ``late``: filed after the last day, so called a petition, not an impugnação."""
    if not section.kind.numbered:
        return f"{section.kind.heading} (sem numeração)"
    name = "petição apresentada fora do prazo" if late and section.kind is Section.IMPUGNACAO else section.kind.heading
    return f"{name} ({folhas_phrase(*section.folhas) if section.folhas else _TO_FILL_IN})"


def _whose(sidecar: Sidecar | None) -> str:
    if sidecar is None:
        return ""
    facts = [
        f"{word} {value.text}"
        for word, value in (("NIRF", sidecar.nirf), ("exercício", sidecar.exercicio))
        if value is not None
    ]
    owner = f", do contribuinte {sidecar.contribuinte.text}" if sidecar.contribuinte else ""
    return owner + "".join(f", {fact}" for fact in facts)


def _impugnacao(manifest: Manifest, sidecar: Sidecar | None, deadline: Deadline | None) -> str:
    """The paragraph on whether there is an impugnação, as far as established."""
    span = next((section for section in manifest.sections if section.kind is Section.IMPUGNACAO), None)
    info = sidecar.impugnacao if sidecar else None
    if span is None and (info is None or manifest.complemento):
        return "" if manifest.complemento else _none(deadline)
    day = brazilian(info.data) if info and info.data else ""
    how = "postada" if info and info.via is Via.CORREIOS else "apresentada"
    if deadline and deadline.timeliness is Timeliness.LATE:
        lead, pages = (
            f"Foi {how} em {day}, depois do fim do prazo, em {deadline.last_day}, petição",
            _pages(span, manifest),
        )
        doubt = _to_confirm(
            "o fim do prazo, que o itrwatch calculou, e se a petição suscita a tempestividade, como preliminar"
        )
        return f"{lead}{pages}. {doubt}"
    when = f", {how} em {day}" if day else ""
    if span is None:
        return f"Houve impugnação{when} ({_TO_FILL_IN})."
    limit = deadline is not None and deadline.timeliness is Timeliness.UNCLEAR
    doubt = f" {_to_confirm(f'se está dentro do prazo, que termina {deadline.last_day}')}" if limit and deadline else ""
    return f"Houve impugnação{when},{_pages(span, manifest)}.{doubt}"


def _none(deadline: Deadline | None) -> str:
    """The paragraph if no impugnação is listed; marked, because one may have been filed at the counter."""
    if deadline is None:
        return f"Até o fim do prazo, em {_SOME_DAY}, não houve impugnação. {_to_confirm(_NONE_CAME)}"
    if deadline.earliest != deadline.latest:
        days = f"{brazilian(deadline.earliest)} ou {brazilian(deadline.latest)}"
        doubt = _to_confirm(f"o último dia, {days}, e {_NONE_CAME}")
        return f"Até o fim do prazo, em {_SOME_DAY}, não houve impugnação. {doubt}"
    doubt = _to_confirm(f"o último dia, que o itrwatch calculou, e {_NONE_CAME}")
    return f"Até o fim do prazo, em {deadline.last_day}, não houve impugnação. {doubt}"


def _pages(span: SectionSpan | None, manifest: Manifest) -> str:
    """`` que está nas folhas 50 a 75 e segue em arquivo separado (IMPUGNA.pdf)``."""
    where = folhas_phrase(*span.folhas) if span and span.folhas else _TO_FILL_IN
    article = "na" if where.startswith("folha ") else "nas"
    if span is None:
        return f" que está {article} {where}"
    files = enumerated(file.name for file in manifest.files if file.type == FileKind.IMPUGNA.document_type)
    return f" que está {article} {where} e segue em arquivo separado ({files})"


def _missing(manifest: Manifest) -> Iterator[str]:
    codes = dict.fromkeys(finding.code for finding in manifest.findings)
    papers = dict.fromkeys(_PAPERS_MISSING[code] for code in codes if code in _PAPERS_MISSING)
    if papers:
        yield _to_confirm(f"{'não consta' if len(papers) == 1 else 'não constam'} do processo {enumerated(papers)}")


def _doubted(manifest: Manifest) -> Iterator[str]:
    """The detection's doubts about published pages, to confirm or delete."""
    for codes, one, many in (
        (_HARD_TO_READ, "está pouco legível", "estão pouco legíveis"),
        ((Code.CUT_OFF,), "está cortada na margem", "estão cortadas na margem"),
    ):
        for which, count in _pages_with(manifest, codes):
            yield _to_confirm(f"{which} {one if count == 1 else many}, e não foi possível melhorar a digitalização")


def _pages_with(manifest: Manifest, codes: tuple[Code, ...]) -> Iterator[tuple[str, int]]:
    """``as folhas 12 a 14 e 30`` with their count, then each unnumbered page."""
    pages = {(page.file, page.page): page for page in manifest.pages if page.outcome == "published"}
    doubted = {(finding.file, finding.page) for finding in manifest.findings if finding.code in codes}
    entries = [page for key, page in pages.items() if key in doubted]
    numbers = [page.folha for page in entries if page.folha is not None]
    if numbers:
        yield f"{'a' if len(numbers) == 1 else 'as'} {folhas(numbers)}", len(numbers)
    for page in entries:
        if page.folha is None:
            yield f"a página {page.page} de {cited(page.file)}, sem numeração,", 1


def _blanks(manifest: Manifest, sidecar: Sidecar | None) -> Iterator[str]:
    count = sum(_blank(page) for page in manifest.pages)
    if count:
        taken = (
            "Foi retirada da digitalização 1 página"
            if count == 1
            else f"Foram retiradas da digitalização {count} páginas"
        )
        yield f"{taken} em branco."
    holes = missing_numbers((page.folha for page in manifest.pages), first_folha(sidecar))
    if holes and sidecar and sidecar.numeracao is Numeracao.PAPEL:
        there = "Não há a" if len(holes) == 1 else "Não há as"
        were = "era folha em branco" if len(holes) == 1 else "eram folhas em branco"
        yield f"{there} {folhas(holes)}, que {were}."


def _blank(page: PageEntry) -> bool:
    return page.reason is not None and page.reason.is_blank


def _remarks(manifest: Manifest, sidecar: Sidecar | None, deadline: Deadline | None) -> Iterator[str]:
    yield Paragraph.TERMO_RELATAR.says
    filed = any(section.kind is Section.IMPUGNACAO for section in manifest.sections) or (sidecar and sidecar.impugnacao)
    if not filed and not manifest.complemento:
        end = f"de {brazilian(deadline.latest)}" if deadline else "do fim do prazo da impugnação"
        yield f"Só assine depois {end}."


def _to_confirm(what: str) -> str:
    return f"{CONFIRM}{what}]"
