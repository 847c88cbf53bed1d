"""The fiscal's guide as HTML, for the ``LEIA-ME.html`` that itrwatch puts into the outbox."""

from __future__ import annotations

import re
from pathlib import Path

from markdown_it import MarkdownIt

GUIDE = Path(__file__).parent / "guia-do-fiscal.md"
_PICTURE = re.compile(r"^!\[[^\]]*\]\([^)]*\)\n", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]*\)")
_ELSEWHERE = re.compile(r"\s*Quando algo não sai como devia:\s*\[[^\]]+\]\([^)]*\)\.")
_REMARK = re.compile(r"^<!--.*?-->\n", re.MULTILINE | re.DOTALL)
_BLANK = "<code>______________________________</code>"


def fragment() -> str:
    """The guide's text; what leads to other documents and pictures, which do not lie in the outbox, is left out."""
    text = _REMARK.sub("", _ELSEWHERE.sub("", GUIDE.read_text("utf-8")))
    text = _LINK.sub(r"\1", _PICTURE.sub("", text))
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    if _BLANK not in html:
        raise ValueError(f"the blank for the inbox is missing in {GUIDE.name}")
    html = html.replace("{{", "&#123;&#123;").replace("{%", "&#123;%")  # it is read as a template
    return html.replace(_BLANK, "<strong>{{ inbox|printable }}</strong>").replace("<pre>", '<pre tabindex="0">')
