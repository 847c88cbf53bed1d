"""``python -m itrwatch``."""

import sys

from itrwatch.commands.cli import main

if __name__ == "__main__":
    sys.exit(main())
