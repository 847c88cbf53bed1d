"""The lightness on which all contrasts of a page rest is that of the standards."""

import pytest

from itrwatch.imaging.analysis.contrast_maps import DARKNESS, GREY_OF_DARKNESS, L_UNITS, LIGHTNESS, _lightness


@pytest.mark.parametrize(
    ("grey", "lightness"),
    # Computed by hand from sRGB (IEC 61966-2-1) to CIE L*.
    [(0, 0.0), (8, 2.2), (52, 21.7), (119, 50.0), (160, 65.9), (200, 80.6), (255, 100.0)],
)
def test_the_lightness_of_a_grey(grey, lightness):
    assert float(_lightness()[grey]) == pytest.approx(lightness, abs=0.2)
    assert float(LIGHTNESS[grey]) == pytest.approx(lightness, abs=0.2)


def test_darkness_is_what_lacks_in_lightness_and_leads_back_to_the_grey():
    for grey in range(256):
        assert DARKNESS[grey] == pytest.approx((100 - LIGHTNESS[grey]) * L_UNITS, abs=0.5)
        assert abs(LIGHTNESS[GREY_OF_DARKNESS[DARKNESS[grey]]] - LIGHTNESS[grey]) < 0.5
