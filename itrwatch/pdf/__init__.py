"""PDF/A written and verified; the one owner of pikepdf, fontTools and pdfium for output.

`writing` makes a part from sheets; `typeface` sets the folha number; `archival` makes it PDF/A-3b;
`verifying` opens what was written and looks at every page again.
"""
