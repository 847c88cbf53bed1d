"""Pages of text and lines that stay so: read from the PDF, chosen, checked and carried over."""
