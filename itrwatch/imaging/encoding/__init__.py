"""How a page is coded: binarised, in regions, or as a picture; and held against the scan."""
