"""What is on a page: marks, blank or not, which way up, how legible."""
