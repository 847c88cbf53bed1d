"""`itrwatch schema`: the JSON Schema of the sidecar on standard output."""

from __future__ import annotations

import argparse
import os
import sys

from itrwatch.errors import Exit
from itrwatch.sidecar.schema import schema_text


def schema(_options: argparse.Namespace) -> Exit:
    """Print the schema in UTF-8 whatever the locale, ready to be saved as ``processo.schema.json``."""
    try:
        sys.stdout.buffer.write(schema_text().encode())
        sys.stdout.flush()
    except BrokenPipeError:  # “itrwatch schema | head” has read enough; the rest must not complain at the end either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.OK
