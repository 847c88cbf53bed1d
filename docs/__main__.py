"""``python -m docs``: every document that is made from the code, made anew."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from docs import completion, guide_page, imports_picture, manual_pages, settings_pages, units

ROOT = Path(__file__).parents[1]


@cache
def made() -> dict[Path, str]:
    """Each file with the text that it should hold."""
    return {
        ROOT / "config.example.yaml": settings_pages.example(),
        ROOT / "docs" / "configuracao.md": settings_pages.page(),
        ROOT / "docs" / "guia-do-fiscal.md": manual_pages.filled(ROOT / "docs" / "guia-do-fiscal.md"),
        ROOT / "docs" / "perguntas.md": manual_pages.filled(ROOT / "docs" / "perguntas.md"),
        ROOT / "docs" / "imports.svg": imports_picture.picture(),
        ROOT / "docs" / "itrwatch.bash": completion.script(),
        ROOT / "itrwatch" / "report" / "templates" / "guia.html": guide_page.fragment(),
        ROOT / "systemd" / "itrwatch@.service": units.template(),
    }


if __name__ == "__main__":
    for path, text in made().items():
        path.write_text(text, "utf-8")
