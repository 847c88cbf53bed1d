"""Results to make reports of, and what a reader sees of a page: its text and its links."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from itrwatch.core.manifest import FileEntry, Manifest, PageEntry, SectionSpan
from itrwatch.core.pages import Encoding, PageRef, Reason
from itrwatch.core.sections import Section
from itrwatch.report.report import report_html
from itrwatch.report.result import Result, ScanFile
from itrwatch.sidecar import yaml_tree
from itrwatch.sidecar.sidecar import read_sidecar

EVIL = "<img src=x onerror=alert(1)>.pdf"
SCANS = (ScanFile("scan 001.pdf", 16_500_000, 4),)
FILES = (FileEntry("NOTI.pdf", 620_000, "0" * 64, 2, "NOTIFICAÇÃO DE LANÇAMENTO", "", (1, 2)),)


def pages(file="scan 001.pdf"):
    """Folha 1, a blank, folha 2 that lay on its side, one that nobody claims."""
    return (
        PageEntry(file, 1, Section.NOTIFICACAO, "published", None, 1, "NOTI.pdf", 1, 0, Encoding.BITONAL),
        PageEntry(file, 2, Section.NOTIFICACAO, "removed", Reason.BLANK),
        PageEntry(file, 3, Section.NOTIFICACAO, "published", None, 2, "NOTI.pdf", 2, 270, Encoding.MIXED),
        PageEntry(file, 4, None, "unclaimed"),
    )


def manifest(**changes) -> Manifest:
    values = {
        "processo": "13153.720210/2019-34",
        "folder": "13153.720210-2019-34 Fazenda Boa Vista",
        "fingerprint": "a:b",
        "version": "0.1.0",
        "files": FILES,
        "sections": (SectionSpan(Section.NOTIFICACAO, (1, 2)),),
        "pages": pages(),
    }
    return Manifest(**values | changes)


def pending(*findings) -> Manifest:
    return manifest(files=(), sections=(), pages=(), findings=findings)


def sidecar(text):
    return read_sidecar(yaml_tree.read(text.encode(), "processo.yaml").node, "processo.yaml").sidecar


def result(written=None, **changes) -> Result:
    values = {
        "manifest": written or manifest(),
        "scans": SCANS,
        "thumbnails": {PageRef(page.file, page.page): b"jpeg" for page in pages()},
    }
    return Result(**values | changes)


class Page(HTMLParser):
    """What a browser would make of it, as far as it can be known without one."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.tags, self.links, self.sources, self.ids, self._text = [], [], [], [], []
        self.feed(html.decode("utf-8"))

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]
        self.sources += [value for name, value in attrs if name == "src"]
        self.ids += [value for name, value in attrs if name == "id"]
        if tag in ("br", "p"):
            self._text.append(" ")

    def handle_data(self, data):
        if self.tags[-1:] not in (["style"], ["script"]):
            self._text.append(data)

    def handle_endtag(self, tag):
        if tag not in ("a", "b", "span", "strong", "code", "time", "label"):
            self._text.append(" ")

    @property
    def text(self):
        """The words on one line."""
        return re.sub(r"\s+", " ", "".join(self._text)).strip()


def report(given=None, deadline=None) -> Page:
    return Page(report_html(given or result(), deadline))
