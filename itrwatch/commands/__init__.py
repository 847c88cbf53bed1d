"""The commands behind the command line, one file each; `itrwatch.cli` has the list."""
