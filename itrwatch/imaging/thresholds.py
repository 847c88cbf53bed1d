"""Every figure by which a page is taken apart to be coded, with where it comes from; those of blank pages stand in `analysis.blank` and beside it.

*Measured* figures name what they were measured on: ``field``: the 43 hard pages of `../shared/field/pages`; ``drawn``: the
pages of `itrwatch.demo` on drawn paper (`bench.pages`). *Physical* ones follow from sizes on paper or from a norm. *Chosen* ones are
choices. Darkness is ΔL*, how much darker than the ground around it: 0 nothing, 100 black on white.

The reconstruction check has figures of its own (`encoding.reconstruction_check`): a check must not share its
judgement with what it checks.
"""

from __future__ import annotations

# ---- contrast: what is a mark at all
MAP_DPI = 150.0
"""Physical: a stroke of 0.17 mm, the thinnest of print, is one pixel."""
LEAST_CONTRAST = 3.0
"""Measured (field): the faintest stamps have 5 to 10, paper without marks stays under 2 after averaging three by three."""
OVER_GRAIN = 3.5
"""Chosen: in standard deviations of the grain; one pixel in five thousand of bare paper passes, alone."""
INTEGRATED = 13.0
"""Chosen: a mark is real when its mean contrast times the root of its area is so many times the grain: faint but long strokes are."""
LEAST_PIXELS = 4
"""Physical: 0.1 mm²."""
DUST_MM, ALONE_MM = 0.9, 2.5
"""Chosen: a pale speck of this size with nothing within that distance is dust; a decimal point has a digit beside it."""

# ---- ground: what the ink lies on
GROUND_MM = 8.0
"""Chosen: wider than the strokes of a headline, narrower than the smallest filled area that matters."""
AREA_CONTRAST = 4.0
"""Measured (field): the palest filled area has 10, paper under a lamp stays under 2."""
AREA_MM2 = 12.0
"""Chosen: smaller ones are strokes."""
AREA_SHARP = 0.3
"""Measured (field): share of an area's outline that is a clear step; stains and shadows 0 to 0.26, fills and photographs 0.48 and more."""
SHADE_CONTRAST, SHADE_SHARE = 5.0, 0.02
"""Measured (field): crumpled and stained sheets have soft shades of this contrast over more than this share of the page."""
EDGE_CONTRAST = 10.0
"""Chosen: what is less dark at the border of the scan is the fall of light."""

# ---- ink: what is proved to be black print
BLACK = 65.0
"""Measured (field, drawn): mean core of words in laser print and fresh ribbon 72 to 95, of grey print, carbon and pencil up to 58."""
PLAINLY_BLACK, PLAINLY_NEUTRAL = 80.0, 3.5
"""Measured (drawn): above it print in black and print in tone look alike, so that neighbours of one line may differ."""
NOT_BLACK = 52.0
"""Measured (field): a stroke whose core stays below is no black print, however thin; hairlines of black type have 55 and more."""
CORE_MM = 0.5
"""Chosen: how far from the darkest place of a stroke its other pixels are judged by it."""
NEUTRAL = 6.0
"""Measured (drawn): mean chroma of black print 0 to 3, scanner's fringes cancelling out; of blue ink and violet stamps 10 and more."""
COMPLEMENT = 0.6
"""Measured (coloured papers of `tests/imaging/test_coloured_paper.py`): share of the paper's chroma that black ink has of its complement."""
ARTEFACT_CHROMA = 8.0
"""Chosen: the scanner's edge and its shadow are grey; a coloured strip along the border is a binding, a folder, or the desk, and is shown."""
STRAY_MM2, STRAY_SHARE = 0.3, 0.25
"""Chosen: what is not black in a word of black print: a full stop of 10 points has 0.2 mm²."""
WORD_ACROSS_MM, WORD_DOWN_MM = 0.7, 0.5
"""Physical: the gaps between letters of a word, and between a letter and its accent, in print of 12 points."""
RULE_MM, RULE_THICK_MM = 15.0, 1.5
"""Chosen: a straight line of that length and no thicker is a ruled line, a mark of its own: a frame would join all that it holds."""
LINE_GAP_MM, LINE_HIGH_MM = 5.0, 9.0
"""Chosen: words so near and not higher than that stand on one line."""
ALIKE = 15.0
"""Chosen: words of one line whose cores differ by less are of one ink."""
HALF = 0.45
"""Physical: a pixel half as dark as its stroke, in grey levels, is half covered by it; in L* that is a little less than half."""

# ---- segmentation: stencil, regions, picture
REGION_MARGIN_MM = 3.0
FADE_MM = 1.8
"""Chosen: paper in a region is kept as it is up to here from a mark, and fades to white outwards: no seam, no halo."""
MOST_REGIONS = 12
MOST_TONE = 0.5
"""Chosen: a page with more regions, or with more of it in tone, is one picture."""
MOST_COVERED = 0.2
"""Measured (drawn, field, foreign receipts): regions cover up to 0.15 of a page of black print with stamps and signatures; of receipts, maps
and reports with photographs 0.24 and more, and there print in both inks stands side by side."""
REGION_COST_MM = 8.0
"""Measured (drawn): a further region costs what a square of this side does."""
LARGEST_JOIN_MM = 60.0
"""Chosen: regions that are too many are joined while that adds no more than such a square of paper."""
LOW_DPI = 180.0
"""Physical: the Receita's 200 dpi less what scanners round; below, black and white would harm reading."""
GREY_CHROMA = 10
"""Measured (drawn): difference of the channels, averaged over 0.6 mm, under which a picture is coded grey."""
PICTURE_FINER = 5
"""Chosen: a page that is one picture is coded so much better than a region of one: nothing sharper lies over it."""
FINE_QUALITY, SCAN_QUALITY = 85, 95
"""Chosen: JPEG quality of the two last rungs; at 95 with full colour no level differs from the scan by more than grain."""
