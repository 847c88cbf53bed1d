"""Born-digital pages that keep their text and lines: read from the PDF, checked, selected and copied."""
