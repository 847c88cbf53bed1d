"""Renders templates to self-contained pages: styles, pictures and scripts are embedded, and nothing else may be loaded.

The Content-Security-Policy has the digests of the style and of the script, so that even unescaped text could not
execute or load anything.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Sequence
from importlib import resources
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from itrwatch.core.calendar import brazilian
from itrwatch.core.filenames import printable
from itrwatch.core.pages import Spot
from itrwatch.core.termo import folhas_of
from itrwatch.core.text_matching import counted

STYLES = ("estilo.css", "compor.css")
_AROUND = 4.0
"""Distance of a frame from what it surrounds, px of the thumbnail. Chosen."""
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


def picture(jpeg: bytes, spots: Sequence[Spot] = ()) -> str:
    """A JPEG as the source of an image, with frames around ``spots``.

    With spots it is an SVG that contains the JPEG, so that the frames are there wherever the picture is shown or enlarged.
    """
    source = _data("image/jpeg", jpeg)
    if not spots:
        return source
    width, height = jpeg_size(jpeg)
    frames = "".join(
        f'<rect x="{left * width - _AROUND:.1f}" y="{top * height - _AROUND:.1f}" width="{(right - left) * width + 2 * _AROUND:.1f}" '
        f'height="{(bottom - top) * height + 2 * _AROUND:.1f}" fill="none" stroke="#c00000" stroke-width="{_AROUND / 2}"/>'
        for left, top, right, bottom in spots
    )
    image = f'<image href="{source}" width="{width}" height="{height}"/>'
    sizes = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return _data("image/svg+xml", f'<svg xmlns="http://www.w3.org/2000/svg" {sizes}>{image}{frames}</svg>'.encode())


def jpeg_size(jpeg: bytes) -> tuple[int, int]:
    """Width and height of one of our thumbnails: a JPEG → (248, 351)."""
    at = 2
    while jpeg[at + 1] not in (0xC0, 0xC1, 0xC2):  # segments before the frame header: marker, length, contents
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    height, width = (int.from_bytes(jpeg[start : start + 2], "big") for start in (at + 5, at + 7))
    return width, height


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


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
