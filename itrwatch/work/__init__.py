"""What is done in processes that may die: page workers, where they come from, and each task that they know.

Whatever opens a scan, looks at a page or writes a PDF runs in here and nowhere else. The shell gives a task to the `pool`
by name (`pool.InWorker`), so that it never loads a decoder itself; what passes between the two stands in `values`.
"""
