"""Draws the sample case; its pages, paper and scanner simulator are also used by tests and benchmarks."""
