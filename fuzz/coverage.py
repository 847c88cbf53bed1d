"""The instrumented half of atheris: ``python -m fuzz.coverage TARGET CORPUS libFuzzer-options``."""

import sys

import atheris

with atheris.instrument_imports(include=["itrwatch", "yaml", "fuzz.targets"]):
    from fuzz.targets import TARGETS


def main() -> None:
    """Runs until libFuzzer's own limits; an exception ends it with the input that caused it."""
    atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[sys.argv[1]])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
