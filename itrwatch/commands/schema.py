"""`itrwatch schema`: the JSON Schema of the sidecar on standard output."""

from __future__ import annotations

import argparse
import sys

from itrwatch.core.schema import schema_text
from itrwatch.errors import Exit


def schema(_options: argparse.Namespace) -> Exit:
    """Print the schema in UTF-8 whatever the locale, ready to be saved as ``processo.schema.json``."""
    sys.stdout.buffer.write(schema_text().encode())
    sys.stdout.flush()
    return Exit.OK
