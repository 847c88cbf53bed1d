"""The pictures of the README and of the guide, taken anew: ``python -m docs.pictures``; needs chromium and the tests' packages.

`itrwatch demo` is run and its words, report and pages are shown as they are; the panel is that of the tests' office.
Nobody's case is in them. They change with the machine's fonts and speed, so no test compares them.
"""

from __future__ import annotations

import base64
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pypdfium2
from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.text import Text

from itrwatch.core.manifest import Manifest, from_json
from itrwatch.daemon.panel import Panel
from itrwatch.store.outbox import Outbox
from tests.many_cases import fill, office, with_work

DOCS = Path(__file__).parent
SHOWN = range(1, 9)
"""The pages of the first scan that stand in the sample."""


def main() -> None:
    """Take them all."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as tool:
        root = Path(name)
        said = subprocess.run(
            [sys.executable, "-m", "itrwatch", "demo", "demo"], cwd=root, check=True, capture_output=True, text=True
        ).stdout
        _terminal(said.replace(str(root), "/home/maria"))
        browser = tool.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1366, "height": 1000})
        case = next(path for path in (root / "demo" / "saida").iterdir() if (path / "manifesto.json").exists())
        page.goto((case / "relatorio.html").as_uri())
        page.screenshot(path=DOCS / "relatorio.png")
        _panel(page, root)
        page = browser.new_page(viewport={"width": 1500, "height": 100})
        page.set_content(_sample(root / "demo" / "entrada" / case.name, case))
        page.screenshot(path=DOCS / "amostra.png", full_page=True)


def _terminal(said: str) -> None:
    """What the terminal shows, without the web font that rich would load."""
    console = Console(record=True, width=110, file=io.StringIO(), force_terminal=True)
    console.print("$ itrwatch demo", highlight=False, style="bold")
    console.print(Text(said.rstrip()))
    svg = console.export_svg(title="itrwatch demo", unique_id="demo")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code", "DejaVu Sans Mono")
    (DOCS / "demo.svg").write_text("\n".join(map(str.rstrip, svg.splitlines())) + "\n", "utf-8")


def _panel(page: Page, root: Path) -> None:
    (root / "muitos").mkdir()
    config = office(root / "muitos")
    config.outbox.mkdir(exist_ok=True)
    status = with_work(fill(config, 14))
    for number, manifest in enumerate(sorted(config.outbox.glob("*/manifesto.json"))):
        when = (status.at - timedelta(days=number)).timestamp()
        for file in manifest.parent.iterdir():
            os.utime(file, (when, when))
    Panel(Outbox(config.outbox), config).show(status)
    page.goto((config.outbox / "index.html").as_uri())
    page.screenshot(path=DOCS / "painel.png")


def _sample(scans: Path, case: Path) -> str:
    """Pages as they were scanned, and below each what became of it."""
    manifest = from_json((case / "manifesto.json").read_text("utf-8"))
    upper = "".join(f"<td>{_picture(scans / 'scan 001.pdf', number)}</td>" for number in SHOWN)
    lower = "".join(f"<td>{_became(manifest, case, number)}</td>" for number in SHOWN)
    style = (
        "body{font:17px sans-serif;margin:8px;color:#334}td{height:236px;text-align:center;background:#dde3ec;"
        "padding:3px}table{table-layout:fixed;width:1480px}img{max-width:168px;max-height:230px}p{margin:10px 2px}"
        ".away{color:#667;font-style:italic}"
    )
    return (
        f"<!doctype html><style>{style}</style><p>entrada: scan 001.pdf, como o scanner salvou</p><table><tr>{upper}</tr></table>"
        f"<p>saída: NOTI.pdf, folhas numeradas, as páginas em branco retiradas</p><table><tr>{lower}</tr></table>"
    )


def _became(manifest: Manifest, case: Path, number: int) -> str:
    entry = next(page for page in manifest.pages if (page.file, page.page) == ("scan 001.pdf", number))
    if entry.output is None or entry.output_page is None:
        return "<span class=away>em branco, retirada</span>"
    return _picture(case / entry.output, entry.output_page)


def _picture(path: Path, number: int) -> str:
    document = pypdfium2.PdfDocument(path)
    buffer = io.BytesIO()
    document[number - 1].render(scale=0.4).to_pil().save(buffer, "PNG")
    document.close()
    return f'<img alt="" src="data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}">'


if __name__ == "__main__":
    main()
