"""TIFF pages by what their samples mean: a closed list, each combination against samples that are known.

The writer here puts strips together by hand, so that what is read is held against numbers and not against another reader; where
ImageMagick is installed, it is asked, too.
"""

import io
import re
import shutil
import struct
import subprocess
import zlib

import numpy as np
import pytest
from PIL import Image

from itrwatch.scans.opening import inspect, read_page
from itrwatch.scans.values import ScanError

WIDTH, HEIGHT, ROWS = 61, 47, 16  # neither a multiple of eight nor of the strips
SHORT, LONG = 3, 4


def known(bits, channels):
    """Samples with every value that there is, in no order that hides a swap."""
    values = np.arange(WIDTH * HEIGHT * channels, dtype=np.uint64) * 2654435761 >> 7
    return (values % (1 << bits)).astype(np.uint16).reshape(HEIGHT, WIDTH, channels)


def packed(lines, bits, order):
    """Rows of samples as bytes."""
    rows = lines.reshape(lines.shape[0], -1)
    if bits == 8:
        return rows.astype(np.uint8).tobytes()
    if bits == 16:
        return rows.astype(order + "u2").tobytes()
    each = (rows[..., None] >> np.arange(bits - 1, -1, -1, dtype=np.uint16) & 1).astype(np.uint8)
    return np.packbits(each.reshape(len(rows), -1), axis=1).tobytes()


def differences(samples):
    return np.concatenate([samples[:, :1], np.diff(samples, axis=1)], axis=1)


def tiff(samples, bits, photometric, *, order="<", big=False, planar=False, predictor=1, compression=1, more=()):
    """A TIFF of one page in strips of `ROWS` lines."""
    channels = samples.shape[2]
    planes = [samples[..., plane : plane + 1] for plane in range(channels)] if planar else [samples]
    dtype = np.uint8 if bits <= 8 else np.uint16
    strips = []
    for plane in planes:
        for top in range(0, HEIGHT, ROWS):
            part = plane[top : top + ROWS]
            part = differences(part.astype(dtype)) if predictor == 2 else part
            data = packed(part, bits, order)
            strips.append(zlib.compress(data) if compression == 8 else data)
    tags = {
        256: (LONG, [WIDTH]), 257: (LONG, [HEIGHT]), 258: (SHORT, [bits] * channels), 259: (SHORT, [compression]),
        262: (SHORT, [photometric]), 273: (LONG, [0] * len(strips)), 277: (SHORT, [channels]), 278: (LONG, [ROWS]),
        279: (LONG, [len(strip) for strip in strips]), 284: (SHORT, [2 if planar else 1]), 317: (SHORT, [predictor]),
        **dict(more),
    }  # fmt: skip
    return laid_out(tags, strips, order, big=big)


def laid_out(tags, strips, order, *, big):
    """Header, strips, long values, directory."""
    out = bytearray(b"II" if order == "<" else b"MM")
    out += struct.pack(order + "HHHQ", 43, 8, 0, 0) if big else struct.pack(order + "HI", 42, 0)
    places = []
    for strip in strips:
        places.append(len(out))
        out += strip
    tags = {**tags, 273: (LONG, places)}
    room, count = (8, "Q") if big else (4, "I")
    entries = []
    for tag, (form, values) in sorted(tags.items()):
        data = struct.pack(f"{order}{len(values)}{ {SHORT: 'H', LONG: 'I'}[form] }", *values)
        if len(data) > room:
            entries.append(struct.pack(f"{order}HH{count}{count}", tag, form, len(values), len(out)))
            out += data
        else:
            entries.append(struct.pack(f"{order}HH{count}", tag, form, len(values)) + data.ljust(room, b"\0"))
    start = len(out)
    out += struct.pack(order + ("Q" if big else "H"), len(entries)) + b"".join(entries) + bytes(room)
    struct.pack_into(order + count, out, 8 if big else 4, start)
    return bytes(out)


def eight(samples, bits):
    return samples >> (bits - 8) if bits >= 8 else samples * 255 // ((1 << bits) - 1)


def expected(samples, bits, photometric):
    if photometric == 0:
        return 255 - eight(samples, bits)
    if photometric == 5:
        ink = Image.fromarray(eight(samples, bits).astype(np.uint8), "CMYK")
        return np.asarray(ink.convert("RGB"))
    return eight(samples, bits)


@pytest.fixture
def read(tmp_path):
    def do(data):
        (tmp_path / "a.tif").write_bytes(data)
        pixels = read_page(tmp_path / "a.tif", 1).raster.pixels
        return pixels if pixels.ndim == 3 else pixels[..., None]

    return do


LISTED = [
    (bits, photometric, channels, order, planar, predictor)
    for photometric, channels in ((0, 1), (1, 1), (2, 3), (5, 4))
    for bits in (1, 2, 4, 8, 12, 16)
    for order in "<>"
    for planar in ((False, True) if channels > 1 else (False,))
    for predictor in ((1, 2) if bits in (8, 16) else (1,))
]


@pytest.mark.parametrize(("bits", "photometric", "channels", "order", "planar", "predictor"), LISTED)
def test_the_closed_list(read, bits, photometric, channels, order, planar, predictor):
    samples = known(bits, channels)
    how = {"order": order, "planar": planar, "predictor": predictor, "compression": 8 if predictor == 2 else 1}
    found = read(tiff(samples, bits, photometric, **how))
    assert np.array_equal(np.broadcast_to(found, (HEIGHT, WIDTH, found.shape[2])), expected(samples, bits, photometric))


@pytest.mark.skipif(not shutil.which("convert"), reason="needs ImageMagick")
@pytest.mark.parametrize("listed", [one for one in LISTED if one[0] in (1, 8, 16) and one[1] != 5][::3], ids=str)
def test_another_reader_says_the_same(tmp_path, read, listed):
    bits, photometric, channels, order, planar, predictor = listed
    ours = read(
        tiff(known(bits, channels), bits, photometric, order=order, planar=planar, predictor=predictor, compression=8)
    )
    command = ["convert", str(tmp_path / "a.tif"), "-depth", "8", "ppm:-"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    theirs = np.frombuffer(done.stdout[-WIDTH * HEIGHT * 3 :], np.uint8).reshape(HEIGHT, WIDTH, 3)
    assert np.abs(theirs.astype(int) - ours).max() <= 1


@pytest.mark.parametrize(("order", "big"), [("<", True), (">", True)])
def test_bigtiff_of_either_byte_order(read, order, big):
    samples = known(8, 3)
    assert np.array_equal(read(tiff(samples, 8, 2, order=order, big=big)), samples)


@pytest.mark.parametrize(("unit", "bits"), [(257, 8), (1, 8), (257, 4)])
def test_a_palette_of_words_or_of_bytes(read, unit, bits):
    """Some programs write colours of 0 to 255 where 0 to 65535 belong: the page came out black."""
    colours = known(8, 3)[: 1 << bits].reshape(-1, 3)[: 1 << bits]
    indices = known(bits, 1)
    table = (320, (SHORT, [int(value) * unit for value in colours.T.ravel()]))
    assert np.array_equal(read(tiff(indices, bits, 3, more=[table])), colours[indices[..., 0]])


def test_transparency_lies_over_white(read):
    samples = known(8, 4)
    found = read(tiff(samples, 8, 2, more=[(338, (SHORT, [2]))]))
    share = samples[..., 3:] / 255
    assert np.abs(found - (samples[..., :3] * share + 255 * (1 - share))).max() <= 1


def test_transparency_of_a_jpeg_lies_over_white_and_is_no_fourth_ink(read):
    """A page that a program drew and saved as TIFF with JPEG: red, green, blue, opacity."""
    samples = np.full((HEIGHT, WIDTH, 4), (200, 90, 30, 255), np.uint8)
    samples[:, 30:] = (0, 0, 0, 0)  # associated: nothing is there
    buffer = io.BytesIO()
    # Pillow stores inks reversed.
    Image.fromarray(255 - samples, "CMYK").save(buffer, "JPEG", quality=95, subsampling=0)
    strip = re.sub(rb"\xff\xee\0\x0eAdobe.{7}", b"", buffer.getvalue(), flags=re.DOTALL)
    tags = {
        256: [WIDTH],
        257: [HEIGHT],
        258: [8] * 4,
        259: [7],
        262: [2],
        277: [4],
        278: [HEIGHT],
        279: [len(strip)],
        338: [1],
    }
    found = read(laid_out({tag: (LONG, values) for tag, values in tags.items()}, [strip], "<", big=False))
    assert np.abs(found[:, :24].astype(int) - (200, 90, 30)).max() < 8
    assert found[:, 36:].min() > 247


@pytest.mark.parametrize(
    ("bits", "photometric", "channels", "more", "named"),
    [
        (8, 8, 3, [], "CIELab"),
        (8, 1, 1, [(339, (SHORT, [2]))], "não são números inteiros sem sinal"),
        (4, 1, 1, [(317, (SHORT, [2]))], "preditor 2"),
        (8, 6, 3, [], "cores YCbCr sem JPEG"),
        (8, 1, 1, [(259, (SHORT, [50000]))], "compressão Zstandard"),
        (8, 1, 1, [(259, (SHORT, [34712]))], "compressão JPEG 2000"),
    ],
)
def test_what_is_not_on_the_list_is_refused_by_its_name(read, bits, photometric, channels, more, named):
    with pytest.raises(ScanError, match=named) as refused:
        read(tiff(known(bits, channels), bits, photometric, more=more))
    assert "como PDF" in str(refused.value) or "em PDF" in str(refused.value)


@pytest.mark.parametrize("offsets", [273, 324])
def test_tiles_whichever_tag_says_where_they_are(read, offsets):
    """The first writers of tiles used the tags of strips, and libtiff and tifffile read them."""
    samples, side = known(8, 1), 32
    padded = np.pad(samples[..., 0], ((0, 64 - HEIGHT), (0, 64 - WIDTH))).astype(np.uint8)
    tiles = [padded[top : top + side, left : left + side].tobytes() for top in (0, side) for left in (0, side)]
    tags = {256: [WIDTH], 257: [HEIGHT], 258: [8], 259: [1], 262: [1], 277: [1], 322: [side], 323: [side], offsets + (6 if offsets == 273 else 1): [side * side] * 4}  # fmt: skip
    data = bytearray(laid_out({tag: (LONG, values) for tag, values in tags.items()}, tiles, "<", big=False))
    (directory,) = directories(data)
    entry = data.index(struct.pack("<HH", 273, LONG), directory)
    struct.pack_into("<H", data, entry, offsets)
    assert np.array_equal(read(bytes(data)), samples)


def old_jpeg(strips):
    """A TIFF as Wang Imaging wrote it: the header of a JPEG in one place, its code in strips; the picture, and the code of the last strip."""
    across, rows = 160, 32
    y, x = np.mgrid[: rows * strips, :across]
    picture = Image.fromarray(np.stack([x, y, 255 - x], axis=2).astype(np.uint8))
    jpegs = []
    for number in range(strips):
        buffer = io.BytesIO()
        picture.crop((0, number * rows, across, (number + 1) * rows)).save(buffer, "JPEG", quality=95, subsampling=0)
        jpegs.append(buffer.getvalue()[:-2])
    begin, code = jpegs[0].index(b"\xff\xda"), jpegs[0].index(b"\xff\xda") + 14
    header = bytearray(jpegs[0][:begin])
    struct.pack_into(">H", header, header.index(b"\xff\xc0") + 5, rows * strips)
    pieces = [jpegs[0][begin:], *(one[code:] for one in jpegs[1:])]
    tags = {256: [across], 257: [rows * strips], 258: [8, 8, 8], 259: [6], 262: [6], 277: [3], 278: [rows], 512: [1], 513: [8], 514: [len(header)],
            279: [len(one) for one in pieces], 530: [1, 1]}  # fmt: skip
    data = laid_out({tag: (LONG, values) for tag, values in tags.items()}, [bytes(header), *pieces], "<", big=False)
    (directory,) = directories(data)
    places = data.index(struct.pack("<HHI", 273, LONG, strips + 1), directory)
    data = bytearray(data)  # the header is no strip
    struct.pack_into("<II", data, places + 4, strips, struct.unpack_from("<I", data, places + 8)[0] + 4)
    return bytes(data), np.asarray(picture, int), pieces[-1]


def test_old_jpeg_in_strips_is_read_as_libtiff_reads_it(read, tmp_path):
    data, picture, last = old_jpeg(3)
    found = read(data)
    assert np.abs(found.astype(int) - picture).mean() < 2
    with Image.open(tmp_path / "a.tif") as libtiff:
        assert np.abs(found.astype(int) - np.asarray(libtiff.convert("RGB"), int)).mean() < 1
    with pytest.raises(ScanError, match="salve-o como PDF"):
        read(data.replace(last, last[: len(last) // 2] + bytes(len(last) - len(last) // 2)))


@pytest.mark.parametrize("rows", [5, 47, 60_000])
def test_strips_that_do_not_hold_the_lines_that_are_said(read, rows):
    """One bit of the directory turned: lines of other strips lay over one another, and the rest was black."""
    with pytest.raises(ScanError):
        read(tiff(known(8, 1), 8, 1, compression=8, more=[(278, (LONG, [rows]))]))


@pytest.mark.parametrize("first", ["page", "reduced"])
@pytest.mark.parametrize("kind", [1, 4])
def test_a_reduced_picture_or_a_mask_of_a_page_is_no_page(tmp_path, first, kind):
    page, other = Image.new("L", (800, 1100), 200), Image.new("L", (80, 110), 200)
    pictures, kinds = ([page, other], [0, kind]) if first == "page" else ([other, page], [kind, 0])
    pictures[0].save(tmp_path / "a.tif", save_all=True, append_images=pictures[1:], tiffinfo={254: 0})
    data = bytearray((tmp_path / "a.tif").read_bytes())
    for place, value in zip(directories(data), kinds, strict=True):
        set_tag(data, place, 254, value)
    (tmp_path / "a.tif").write_bytes(data)
    info = inspect(tmp_path / "a.tif")
    assert info.pages == 1
    assert {1: "1 miniatura", 4: "1 máscara"}[kind] in info.remarks[0]
    assert read_page(tmp_path / "a.tif", 1).raster.pixels.shape == (1100, 800)


def with_own_directories(page, own, kinds):
    """A TIFF of the picture ``page`` that has the pictures ``own`` in directories of its own; ``kinds``: NewSubfileType of all."""
    pictures = [page, *own]
    out, places = bytearray(b"II*\0" + bytes(4)), []
    for picture, kind in zip(pictures[::-1], kinds[::-1], strict=True):
        samples = np.asarray(picture)
        data = samples.tobytes()
        at = len(out)
        out += data
        more = {330: places[::-1]} if picture is page and places else {}
        tags = {254: [kind], 256: [samples.shape[1]], 257: [samples.shape[0]], 258: [8], 259: [1], 262: [1], 273: [at], 277: [1],
                278: [samples.shape[0]], 279: [len(data)], **more}  # fmt: skip
        far = len(out)
        out += struct.pack(f"<{len(more.get(330, ()))}I", *more.get(330, ()))
        places.append(len(out))
        out += struct.pack("<H", len(tags))
        for tag, values in sorted(tags.items()):
            out += struct.pack("<HHII", tag, LONG, len(values), values[0] if len(values) == 1 else far)
        out += bytes(4)
    struct.pack_into("<I", out, 4, places[-1])
    return bytes(out)


@pytest.mark.parametrize(
    ("sizes", "kinds", "shown", "said"),
    [
        ([(800, 1100), (400, 550), (200, 275)], [0, 1, 1], (1100, 800), "2 miniaturas"),
        ([(800, 1100), (400, 550)], [0, 0], (1100, 800), "1 miniatura"),
        ([(80, 110), (800, 1100)], [1, 0], (1100, 800), "1 miniatura"),
        ([(800, 1100), (800, 1100)], [0, 4], (1100, 800), "1 máscara"),
    ],
    ids=["a pyramid", "a smaller copy that is not called one", "a thumbnail that has the page", "a mask"],
)
def test_pictures_within_a_page_are_no_pages(tmp_path, sizes, kinds, shown, said):
    first, *own = (Image.new("L", size, 200) for size in sizes)
    (tmp_path / "a.tif").write_bytes(with_own_directories(first, own, kinds))
    info = inspect(tmp_path / "a.tif")
    assert info.pages == 1
    assert said in info.remarks[0]
    assert read_page(tmp_path / "a.tif", 1).raster.pixels.shape == shown


def test_a_picture_within_a_page_that_shows_something_else_is_a_page(tmp_path):
    pictures = Image.new("L", (800, 1100), 200), [Image.new("L", (700, 300), 200)]
    (tmp_path / "a.tif").write_bytes(with_own_directories(*pictures, [0, 0]))
    assert inspect(tmp_path / "a.tif").pages == 2


def test_what_is_called_reduced_and_is_no_smaller_copy_of_a_page_is_one(tmp_path):
    Image.new("L", (800, 1100), 200).save(
        tmp_path / "a.tif", save_all=True, append_images=[Image.new("L", (700, 300), 200)], tiffinfo={254: 0}
    )
    data = bytearray((tmp_path / "a.tif").read_bytes())
    set_tag(data, directories(data)[1], 254, 1)
    (tmp_path / "a.tif").write_bytes(data)
    assert inspect(tmp_path / "a.tif").pages == 2


def directories(data):
    """Where the directories of a little-endian TIFF are."""
    found, (place,) = [], struct.unpack_from("<I", data, 4)
    while place:
        found.append(place)
        (count,) = struct.unpack_from("<H", data, place)
        (place,) = struct.unpack_from("<I", data, place + 2 + 12 * count)
    return found


def set_tag(data, directory, tag, value):
    (count,) = struct.unpack_from("<H", data, directory)
    (entry,) = (
        at
        for at in range(directory + 2, directory + 2 + 12 * count, 12)
        if struct.unpack_from("<H", data, at)[0] == tag
    )
    struct.pack_into("<I", data, entry + 8, value)
