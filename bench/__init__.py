"""The figures of itrwatch, side by side with those of its peers; see `bench.__main__`."""
