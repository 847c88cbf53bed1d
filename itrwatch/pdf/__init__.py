"""PDF/A: written, and opened again to see that it is right."""
