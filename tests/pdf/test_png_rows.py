"""Images whose rows are filtered as in PNG: decoded before they are published, and whatever does not decode is noticed."""

import zlib
from dataclasses import replace

import numpy as np
import pytest

from itrwatch.core.encoded_page import Box, EncodedPage
from itrwatch.core.pages import Encoding
from itrwatch.imaging.encoding.lossless import lossless_layer
from itrwatch.pdf.verifying import VerifyError, decode_layers


@pytest.mark.parametrize("damage", ["filter", "rows", "width", "colours"])
def test_rows_of_png_that_do_not_decode_are_noticed(damage):
    layer = lossless_layer(np.add.outer(np.arange(300), np.arange(400) // 2).astype(np.uint8), Box(0, 0, 300, 400))
    assert layer.coding == "png-grey"
    rows = bytearray(zlib.decompress(layer.data))
    if damage == "filter":
        rows[401] = 9
    changed = {
        "filter": replace(layer, data=zlib.compress(bytes(rows))),
        "rows": replace(layer, data=zlib.compress(bytes(rows[:-401]))),
        "width": replace(layer, width=399),
        "colours": replace(layer, coding="png-rgb"),
    }[damage]
    sheet = EncodedPage(300, 400, (layer,), Encoding.PICTURE, Box(200, 10, 240, 20))
    assert decode_layers(sheet)
    with pytest.raises(VerifyError):
        decode_layers(replace(sheet, layers=(changed,)))
