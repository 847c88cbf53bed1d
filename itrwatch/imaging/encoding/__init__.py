"""Coding of a page: binarised, in regions, or as a picture; and the comparison with the scan."""
