"""The thresholds for the segmentation and coding of a page, with their sources; those for blank pages are in `analysis.blank` and its neighbours.

*Measured* values name the data: ``field``: the 43 hard pages of `../shared/field/pages`; ``drawn``: the pages of
`itrwatch.demo` on drawn paper (`bench.pages`). *Physical* values follow from sizes on paper or from a norm. *Chosen* values are
design decisions. Darkness is ΔL* against the ground around a mark: 0 equal, 100 black on white.

The reconstruction check has its own thresholds (`encoding.reconstruction_check`): a check must be independent of the
code that it checks.
"""

from __future__ import annotations

# ---- contrast: what counts as a mark
MAP_DPI = 150.0
"""Physical: a stroke of 0.17 mm, the thinnest of print, is one pixel."""
LEAST_CONTRAST = 3.0
"""Measured (field): the faintest stamps have 5 to 10, paper without marks stays under 2 after averaging three by three."""
OVER_GRAIN = 3.5
"""Chosen: in standard deviations of the grain; one pixel in five thousand of bare paper passes, isolated."""
FAINT_CONTRAST, FAINT_OVER_GRAIN = 1.5, 2.5
"""Chosen: the same two for the paler parts of a mark, which are connected to it; half of `LEAST_CONTRAST`. Foreign receipts: a pale rule across the sheet
has places of 4 and of 2, and was kept in pieces."""
INTEGRATED = 13.0
"""Chosen: a mark is real if its mean contrast times the root of its area is at least this multiple of the grain; faint long strokes pass."""
LEAST_PIXELS = 4
"""Physical: 0.1 mm²."""
DUST_MM, ALONE_MM = 0.9, 2.5
"""Chosen: a pale speck up to the first size with no mark within the second distance is dust; a decimal point has a digit beside it."""

# ---- ground: the paper or fill under the ink
GROUND_MM = 8.0
"""Chosen: wider than the strokes of a headline, narrower than the smallest filled area that matters."""
AREA_CONTRAST = 4.0
"""Measured (field): the palest filled area has 10, paper under a lamp stays under 2."""
AREA_MM2 = 12.0
"""Chosen: smaller areas are strokes."""
AREA_SHARP = 0.3
"""Measured (field): share of an area's outline that is a clear step; stains and shadows 0 to 0.26, fills and photographs 0.48 and more."""
SHADE_CONTRAST, SHADE_SHARE = 5.0, 0.02
"""Measured (field): crumpled and stained sheets have soft shades of this contrast over more than this share of the page."""
EDGE_CONTRAST = 10.0
"""Chosen: less contrast at the border of the scan is uneven illumination."""

# ---- ink: what counts as black print
BLACK = 65.0
"""Measured (field, drawn): mean core of words in laser print and fresh ribbon 72 to 95, of grey print, carbon and pencil up to 58."""
PLAINLY_BLACK, PLAINLY_NEUTRAL = 80.0, 3.5
"""Measured (drawn): above these values stencil and tone look alike, so that neighbours of one line may be coded differently."""
NOT_BLACK = 52.0
"""Measured (field): a stroke with a paler core is not black print, however thin; hairlines of black type have 55 and more."""
CORE_MM = 0.5
"""Chosen: distance within which the pixels of a stroke are judged by its darkest place."""
NEUTRAL = 6.0
"""Measured (drawn): mean chroma of black print 0 to 3, scanner's fringes cancelling out; of blue ink and violet stamps 10 and more."""
COMPLEMENT = 0.6
"""Measured (coloured papers of `tests/imaging/test_coloured_paper.py`): share of the paper's chroma that black ink has of its complement."""
ARTEFACT_CHROMA = 8.0
"""Chosen: the scanner's edge and its shadow are grey; a coloured strip along the border (binding, folder, table) is kept."""
STRAY_MM2, STRAY_SHARE = 0.3, 0.25
"""Chosen: area and share that may be non-black in a word of black print; a full stop of 10 points has 0.2 mm²."""
WORD_ACROSS_MM, WORD_DOWN_MM = 0.7, 0.5
"""Physical: the gaps between letters of a word, and between a letter and its accent, in print of 12 points."""
RULE_MM, RULE_THICK_MM = 15.0, 1.5
"""Chosen: a straight line at least this long and at most this thick is a separate mark; otherwise a frame would join its contents."""
LINE_GAP_MM, LINE_HIGH_MM = 5.0, 9.0
"""Chosen: words with at most this gap and height belong to one line."""
ALIKE = 15.0
"""Chosen: words of one line with a smaller difference between their cores have the same ink."""
HALF = 0.45
"""Physical: a pixel half covered by a stroke has half its darkness in grey levels; in L* slightly less than half."""

# ---- segmentation: stencil, regions, picture
REGION_MARGIN_MM = 3.0
FADE_MM = 1.8
"""Chosen: up to this distance from a mark the paper of a region is kept; beyond it fades to white, without seam or halo."""
MOST_REGIONS = 12
MOST_TONE = 0.5
"""Chosen: a page with more regions, or with a larger share in tone, is coded as one picture."""
MOST_COVERED = 0.2
"""Measured (drawn, field, foreign receipts): regions cover up to 0.15 of a page of black print with stamps and signatures; of receipts, maps
and reports with photographs 0.24 and more, where print in both codings would be adjacent."""
REGION_COST_MM = 8.0
"""Measured (drawn): one more region costs as many bytes as a square of this side."""
LARGEST_JOIN_MM = 60.0
"""Chosen: if there are too many regions, two are joined while that adds at most a square of this side."""
LOW_DPI = 180.0
"""Physical: the Receita's 200 dpi less the rounding of scanners; below it, binarisation would harm legibility."""
GREY_CHROMA = 10
"""Measured (drawn): difference of the channels, averaged over 0.6 mm, below which a picture is coded grey."""
PICTURE_FINER = 5
"""Chosen: JPEG quality added for a page coded as one picture, because no sharper stencil lies over it."""
FINE_QUALITY, SCAN_QUALITY = 85, 95
"""Chosen: JPEG quality of the last two rungs; at 95 with full colour no level differs from the scan by more than the grain."""
