"""Updates a published report with ``andamento`` and the receipts; its pages and pictures stay.

The pictures of the pages are stored only in the report; to make it again would take analysing every page
again. What depends on ``andamento`` is between two marks in the templates, and only that is replaced. The
result is, byte for byte, the report that the case would get with its present sidecar.
"""

from __future__ import annotations

import re

_LIVE = re.compile(rb"<!-- andamento -->\n.*?<!-- /andamento -->", re.DOTALL)
"""No text of others can look like it: in every one of them ``<`` is escaped."""


def redrawn(old: bytes, fresh: bytes) -> bytes | None:
    """``old`` with the live parts of ``fresh``, a report of the same set without pictures; None if they do not match.

    They do not match where another version of itrwatch wrote ``old`` from other templates.
    """
    parts = _LIVE.findall(fresh)
    if not parts or len(parts) != len(_LIVE.findall(old)):
        return None
    each = iter(parts)
    return _LIVE.sub(lambda _: next(each), old)
