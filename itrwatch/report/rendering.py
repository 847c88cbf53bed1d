"""Renders templates to self-contained pages: styles, pictures and scripts are embedded, and nothing else may be loaded.

The Content-Security-Policy has the digests of the style and of the script, so that even unescaped text could not
execute or load anything.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from importlib import resources
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from itrwatch.core.calendar import brazilian
from itrwatch.core.filenames import printable
from itrwatch.core.termo import folhas_of
from itrwatch.core.text_matching import counted

STYLES = ("estilo.css", "compor.css")
_UNITS = ((1 << 20, "MB", 1), (1 << 10, "KB", 0))


def render(template: str, *scripts: str, **values: Any) -> bytes:
    """The page as UTF-8; ``scripts`` are files beside the templates. Everything in ``values`` is escaped."""
    style, code = "\n".join(map(_asset, STYLES)), "\n".join(map(_asset, scripts))
    policy = (
        f"default-src 'none'; img-src data:; style-src {_digest(style)}; script-src {_digest(code)}; "
        "base-uri 'none'; form-action 'none'"
    )
    html = _templates().get_template(template).render(style=style, script=code, policy=policy, **values)
    return html.encode("utf-8", "backslashreplace")  # a byte that is no UTF-8 in a name (F27)


def picture(jpeg: bytes) -> str:
    """A JPEG as the source of an image."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def link(*names: str) -> str:
    """The relative link to a file (``names``: folders and file), percent-encoded; bytes that are not UTF-8 are kept (F27)."""
    return "/".join(quote(name.encode("utf-8", "surrogateescape"), safe="") for name in names)


def size(number: int) -> str:
    """Bytes as Windows and e-CAC count them: “605 KB”, “15,7 MB”."""
    for unit, name, digits in _UNITS:
        if number >= unit:
            return f"{number / unit:.{digits}f}\N{NO-BREAK SPACE}{name}".replace(".", ",")
    return counted(number, "byte", "bytes")


def _shown_lines(text: str) -> str:
    return "\n".join(map(printable, text.splitlines()))


def _upper_first(text: str) -> str:
    """``text`` with its first character in upper case; the others are not changed."""
    return text[:1].upper() + text[1:]


@functools.cache
def _asset(name: str) -> str:
    # Without surrounding white space, so that the digest is that of the text between the tags.
    return resources.files("itrwatch.report").joinpath("templates", name).read_text("utf-8").strip()


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@functools.cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("itrwatch.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "link": link,
        "picture": picture,
        "printable": printable,
        "shown_lines": _shown_lines,
        "size": size,
        "upper_first": _upper_first,
    }
    environment.globals |= {"brazilian": brazilian, "counted": counted, "folhas_of": folhas_of}
    return environment
