"""File to pixels: every page whole, or refused with the reason."""
