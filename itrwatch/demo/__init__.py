"""The sample case, drawn by program; its pages, paper and scanner are those of the tests and the benchmarks."""
