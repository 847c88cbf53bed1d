"""Images whose rows are filtered as in PNG: decoded before they are published, and whatever does not decode is noticed."""

import zlib
from dataclasses import replace

import numpy as np
import pikepdf
import pytest

from itrwatch.core.encoded_page import Box, EncodedPage, Layer
from itrwatch.core.pages import Encoding
from itrwatch.core.settings import StampConfig
from itrwatch.imaging.encoding.lossless import lossless_layer
from itrwatch.pdf.part_info import DocumentInfo
from itrwatch.pdf.verifying import VerifyError, decode_layers, verify_part
from itrwatch.pdf.writing import PartPage, write_part
from itrwatch.scans.pdf import document
from itrwatch.scans.values import MAX_OTHER_BYTES


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


@pytest.mark.parametrize("coding", ["png-rgb", "flate-rgb"])
def test_a_page_of_more_pixels_than_a_scan_may_hide_in_other_streams(coding, tmp_path):
    """A drawing of 50 million pixels without loss: its case ended as an internal failure."""
    assert document  # whose import sets the limits
    side = 4800
    rows = bytes((side * 3 + (coding == "png-rgb")) * side)
    assert len(rows) > MAX_OTHER_BYTES
    layer = Layer(coding, zlib.compress(rows, 1), side, side, Box(0, 0, 600, 600))
    sheet = EncodedPage(600, 600, (layer,), Encoding.PICTURE, Box(500, 10, 590, 20))
    write_part(tmp_path / "part.pdf", [PartPage(sheet, 1)], (), DocumentInfo("t", "p"), StampConfig())
    verify_part(tmp_path / "part.pdf", [(600, 600)], ["Fls. 1"], [decode_layers(sheet)])
    assert pikepdf.settings.get_qpdf_limits()["flate_max_memory"] == MAX_OTHER_BYTES  # for scans it holds
