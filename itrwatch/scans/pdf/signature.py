"""Reports digital signatures in a PDF: signer and date as stated in the file (ISO 32000-1, 12.8).

    signatures(pdf) -> ("O PDF tem assinatura digital de …",)

Signatures are not verified: that requires the certificate chains, and the published PDF cannot keep a signature
anyway. The remark asks the fiscal to keep the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from itrwatch.core.filenames import printable

_MOST_FIELDS = 10_000
"""Most form fields that are searched. Chosen."""
_MOST_REPORTED = 20
"""Most signatures that are reported. Chosen."""
_LONGEST_NAME = 100
"""Most characters of a signer's name. Chosen."""
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d))?")
_PERSONAL_NUMBER = re.compile(r":\d{11,14}$")
"""The CPF or CNPJ that ICP-Brasil appends to the name; it is removed from reports."""
_KEEP = (
    "Guarde o arquivo original: a assinatura só vale nele. O PDF do processo é refeito página por página e não a leva."
)


def signatures(pdf: pikepdf.Pdf) -> tuple[str, ...]:
    """One sentence per digital signature of ``pdf``, without duplicates; one for a document that only declares to be signed."""
    form = pdf.Root.get(Name.AcroForm)
    if not isinstance(form, Dictionary):
        return ()
    found = tuple(dict.fromkeys(_sentence(value) for value in _signed(form)))
    flags = form.get(Name.SigFlags, 0)
    if not found and isinstance(flags, int) and flags & 1:
        return (f"O PDF diz que tem assinatura digital, mas não diz de quem. {_KEEP}",)
    return found[:_MOST_REPORTED]


def _signed(form: Dictionary) -> Iterator[Dictionary]:
    """The values of signed fields, at any depth of the field tree."""
    waiting: list[tuple[Any, Any]] = [(field, None) for field in _items(form.get(Name.Fields))]
    # The field tree of a damaged file may refer to itself; the number of steps ends the search.
    for _ in range(_MOST_FIELDS):
        if not waiting:
            return
        field, kind = waiting.pop(0)
        if not isinstance(field, Dictionary):
            continue
        # A field without a type has that of its parent (12.7.3.1).
        kind = field.get(Name.FT, kind)
        value = field.get(Name.V)
        if kind == Name.Sig and isinstance(value, Dictionary):
            yield value
        waiting += [(kid, kind) for kid in _items(field.get(Name.Kids))]


def _items(value: Any) -> list[Any]:
    return list(value) if isinstance(value, Array) else []


def _sentence(signature: Dictionary) -> str:
    who = _text(signature.get(Name.Name)) or _certified(signature.get(Name.Contents))
    who = _PERSONAL_NUMBER.sub("", who)[:_LONGEST_NAME]
    when = _when(_text(signature.get(Name.M)))
    by = f" de “{printable(who)}”" if who else " de alguém que o arquivo não nomeia"
    return f"O PDF tem assinatura digital{by}{when}. {_KEEP}"


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if isinstance(value, pikepdf.String) else ""


def _when(written: str) -> str:
    found = _DATE.match(written)
    if not found:
        return ", sem data"
    year, month, day, hour, minute = found.groups()
    return f", feita em {day}/{month}/{year}" + (f" às {hour}:{minute}" if hour else "")


def _certified(contents: Any) -> str:
    """The common name in the signer's certificate; "" if it cannot be read (the parser raises many kinds of exceptions)."""
    if not isinstance(contents, pikepdf.String):
        return ""
    from asn1crypto import cms  # noqa: PLC0415  slow to load, and most scans are not signed

    try:
        signed = cms.ContentInfo.load(bytes(contents))["content"]
        signer = signed["signer_infos"][0]["sid"].chosen
        # The whole chain may be there; the signer is named by the serial number of the certificate (RFC 5652, 5.3).
        for choice in signed["certificates"]:
            certificate = choice.chosen
            if certificate.serial_number == signer["serial_number"].native:
                name = certificate.subject.native.get("common_name", "")
                return name if isinstance(name, str) else ""
    except Exception:  # noqa: BLE001 an unreadable signature is reported without a name
        return ""
    return ""
