"""Sidecars of a given size that are hard on a reader: each repeats one thing until the file is full."""

from __future__ import annotations

import random
from collections.abc import Iterator


def fill(unit: bytes, n: int, head: bytes = b"", tail: bytes = b"") -> bytes:
    """``unit`` between ``head`` and ``tail``, as often as ``n`` bytes allow."""
    return head + unit * ((n - len(head) - len(tail)) // len(unit)) + tail


def shapes(n: int) -> Iterator[tuple[str, bytes]]:
    """Names and contents; a few are a little over ``n`` bytes."""
    start = b"secoes:\n  - notificacao: n.pdf\n"
    draw = random.Random(2)
    yield from (
        ("comment", fill(b"#" + b"x" * 78 + b"\n", n)),
        ("one comment", b"#" + b"x" * (n - 1)),
        ("plain", b"a: " + b"x" * (n - 3)),
        ("plain words", fill(b"x ", n, b"a: ")),
        ("plain multiline", fill(b" x\n", n, b"a:\n")),
        ("dq", b'a: "' + b"x" * (n - 5) + b'"'),
        ("dq esc", fill(b"\\x41", n, b'a: "', b'"')),
        ("dq unclosed", b'a: "' + b"x " * (n // 2 - 5)),
        ("blanks", b"a: " + b" " * (n - 4) + b"x"),
        ("newlines", b"\n" * (n - 1) + b"a"),
        ("items", fill(b"- a\n", n)),
        ("items0", fill(b"-\n", n)),
        ("dashes", fill(b"- ", n)),
        ("flow", fill(b"a,", n, b"a: [", b"]")),
        ("flow0", fill(b"[],", n, b"a: [", b"]")),
        ("flow deep", b"[" * n),
        ("flowmap", fill(b"a: b, ", n, b"a: {", b"}")),
        ("keys", b"".join(b"k%d: v\n" % i for i in range(n // 9))[:n]),
        ("keys near", b"".join(b"notificac%d: v\n" % i for i in range(n // 16))[:n]),
        ("keys long", b"".join(b"%s%d: v\n" % (b"notificacaoimpugnacaociencia", i) for i in range(n // 35))[:n]),
        ("sections", fill(b"  - capa: c.pdf 1-3\n", n, start)),
        ("sections bad", fill(b"  - cpaa: c.pdf x\n", n, start)),
        ("section pages", start + b"  - capa: c.pdf " + b",".join(b"%d" % i for i in range(1, n // 5))[: n - 60]),
        (
            (
                "paginas list",
                start
                + b"  - {tipo: tif, arquivo: x.pdf, paginas: ["
                + b",".join(b"%d" % i for i in range(1, n // 5))[: n - 100]
                + b"]}",
            )
        ),
        (
            (
                "girar",
                start
                + b"  - {tipo: tif, arquivo: x.pdf, girar: {"
                + b",".join(b"%d-9999: 90" % i for i in range(1, n // 12))[: n - 100]
                + b"}}",
            )
        ),
        ("manter", fill(b"  - {tipo: tif, arquivo: x.pdf, paginas: 1, manter: 1-9999, remover: 1-9999}\n", n, start)),
        (
            (
                "manter inside",
                fill(
                    b'  - {tipo: tif, arquivo: x.pdf, paginas: "%s", manter: 1-9999}\n'
                    % (b",".join(b"%d" % i for i in range(1, 400))),
                    n,
                    start,
                ),
            )
        ),
        ("docs", start + b"ciencia: {documentos: [" + fill(b"protcolo,", n - 60) + b"]}"),
        ("doc text", start + b'ciencia: {documentos: "' + fill(b"protcolo,", n - 60) + b'"}'),
        ("nfkd", start + b"ciencia: {data: " + fill("ﷺ".encode(), n - 60) + b"}"),
        ("nfkd doc", start + b"ciencia: {documentos: " + fill("ﷺ".encode(), n - 60) + b"}"),
        ("combining", start + b"ciencia: {documentos: x" + fill("\u0315\u0300".encode(), n - 60) + b"}"),
        (
            (
                "combining turns",
                start + b"  - {tipo: tif, arquivo: x.pdf, girar: {1: x" + fill("\u0315\u0300".encode(), n - 90) + b"}}",
            )
        ),
        ("combining name", start + b"  - capa: x" + fill("\u0315\u0300".encode(), n - 60)),
        ("zw", fill("\u200b".encode(), n, start)),
        ("zw+tokens", "\u200b".encode() * (n // 6) + b"a: {" + fill(b"b: c,", n // 2 - 20) + b"}"),
        ("nbsp", fill("\u00a0".encode(), n, start)),
        ("curly", fill("“a”, ".encode(), n, start + b"x: [", b"]")),
        ("curly open", fill("[“".encode(), n, start + b"x: ")),
        ("curly open2", fill(", “a".encode(), n, start + b"x: [")),
        ("tabs", fill(b"\t", n, start)),
        ("tab lines", fill(b"\ta\n", n, start)),
        ("aliases", fill(b"- *a\n", n, b"x: &a b\ny:\n")),
        ("anchors", fill(b"- &a b\n", n)),
        ("tags", fill(b"- !a b\n", n)),
        ("laughs", b"a: &a [x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\n"),
        ("colons", fill(b"a:", n)),
        ("colons2", fill(b": ", n)),
        ("question", fill(b"? ", n)),
        ("docsep", fill(b"---\n", n)),
        ("directives", fill(b"%a\n", n)),
        ("dup keys", fill(b"a: b\n", n)),
        ("spaces bad", fill(b" a", n, b"a: b\n", b": c: d")),
        ("block", b"a: |\n" + fill(b"  x\n", n - 10)),
        ("folded", b"a: >\n" + fill(b"  x\n", n - 10)),
        ("lead indent bad", fill(b"  - a: b\n", n - 20, b"s:\n") + b" - c: d\n"),
        ("hash", fill(b"- a #b\n", n)),
        ("quotes", fill(b"''", n, b"a: ")),
        ("seps", start + b"  - capa: " + fill(b" e ", n - 60)),
        ("endings", start + b"  - capa: " + fill(b".pdf ", n - 60)),
        ("rawendings", start + b"  - capa: " + fill(b".pdf", n - 60)),
        ("random", random.Random(1).randbytes(n)),
        ("random yaml", "".join(draw.choice("ab:- \n#'\"[]{},&*!|>0“–") for _ in range(n)).encode()[:n]),
        ("utf16", b"\xff\xfe" + fill("á: b\n".encode("utf-16-le"), n - 4)),
        ("cp1252", fill(b"- \xe7\n", n)),
    )
