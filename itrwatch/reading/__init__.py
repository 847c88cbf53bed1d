"""What is printed on a page, read offline: words with their boxes, for the text layer and for what the words give away."""
