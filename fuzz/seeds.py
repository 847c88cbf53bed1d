"""Real texts to begin from."""

from __future__ import annotations

from itrwatch.core.codes import Code
from itrwatch.core.findings import error
from itrwatch.core.manifest import FileEntry, Manifest, PageEntry, SectionSpan
from itrwatch.core.sections import Section
from tests.sidecar.mistakes import SLIPS
from tests.sidecar.test_sidecar import EXAMPLE

_MANIFEST = Manifest(
    "13153.720210/2019-34",
    "13153.720210-2019-34",
    "ab:cd",
    "1.0",
    (FileEntry("NOTI.pdf", 1, "00", 1, "NOTIFICAÇÃO DE LANÇAMENTO", "Notificação", (1, 1)),),
    (SectionSpan(Section.CAPA, None), SectionSpan(Section.NOTIFICACAO, (1, 1))),
    (PageEntry("a.pdf", 1, Section.NOTIFICACAO, "published", folha=1, output="NOTI.pdf", output_page=1),),
    (error(Code.OTHER, text="falta algo", file="processo.yaml", line=3),),
)
_MOUNTS = (
    "22 28 0:21 / /proc rw,nosuid shared:12 - proc proc rw\n"
    "98 28 0:44 / /srv/entrada\\040nova rw,relatime - cifs //servidor/entrada rw\n"
    "99 28 8:1 / / rw - ext4 /dev/sda1 rw\n"
)

SEEDS: dict[str, list[str]] = {
    "sidecar": [EXAMPLE, *(text for rows in SLIPS.values() for text, _ in rows)],
    "pages": ["1-3,8,10-", "páginas 1 a 5 e 7", "1..5", "10 até o fim", "todas", "001-005; 8", "1ª à 5ª"],
    "dates": ["02/10/2023", "2 de outubro de 2023", "2023-10-02", "2/10/23", "1º/mar/24", "02 . 10 . 2023"],
    "processo": [
        "13153.720210/2019-34",
        "13153720210201934 Fazenda",
        "10120.002180-96-77 2 via",
        "1315-3720-2102-0193-4",
    ],
    "manifest": [_MANIFEST.to_json()],
    "mountinfo": [_MOUNTS],
    "filenames": [
        "scan 001\nscan 001.pdf\nSCAN 002.PDF",
        "capa.pdf.pdf\ncapa.pdf",
        "ação.pdf\nac\u0327a\u0303o.PDF\nx.tif",
    ],
}
