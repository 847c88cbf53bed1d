"""Processing of pixels: the content of a page (`analysis`) and its coding (`encoding`)."""
