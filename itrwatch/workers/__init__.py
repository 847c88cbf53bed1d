"""The processes that may die: what opens a scan or computes on a page runs here, under limits."""
