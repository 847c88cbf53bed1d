"""Fuzzing of every text that itrwatch reads from outside: ``python -m fuzz --help``."""
