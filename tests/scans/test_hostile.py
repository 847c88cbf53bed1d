"""Files made to hurt: each is answered soon and with little memory, and costs nobody else anything."""

import ctypes
import os
import resource
import time
from itertools import product
from threading import Event

import pytest
from PIL import Image

from itrwatch.scans.opening import inspect, read_page
from itrwatch.scans.pdf.streams import decoded_size
from itrwatch.scans.values import ScanError
from itrwatch.workers.limits import READ_CPU_SECONDS
from itrwatch.workers.pool import Failed, NoResult, Pool
from tests.hostile_files import FILES, Codes, inflated, lzw_bomb, with_image
from tests.memory import Growth
from tests.office import scan_bytes

GOOD = "secoes:\n  - notificacao: noti.pdf\n"
OTHER = "10265.226695-2023-03"
MOST_MB = 1000
DAMAGED = "danificado ou incompleto"
LARGE = "grande demais"
FEW = "não veio de um scanner"
ANSWERS = {
    "pages-213804087.pdf": "declara ter 213804087 e tem 1 página",
    "pages-negative.pdf": "declara ter -2147483648 e tem 1 página",
    "image-gigapixel.pdf": LARGE, "image-long-stream.pdf": DAMAGED, "jbig2-35000.pdf": LARGE, "jbig2-35000-hidden.pdf": LARGE,
    "jbig2-65535-page.pdf": LARGE, "jpx-60000.pdf": LARGE, "jpx-60000-hidden.pdf": LARGE, "dct-65000-hidden.pdf": LARGE,
    "fax-columns.pdf": LARGE, "jpeg-65000.jpg": LARGE, "png-gigapixel.png": LARGE, "tiff-tile.tif": LARGE,
    "tiff-gigapixel.tif": LARGE, "tiff-directories.tif": "anda em círculo ou não tem fim", "gif-four-gigapixels.gif": "uma imagem GIF",
    "tiff-strip-bomb.tif": "", "png-icc-bomb.png": "", "png-text-bomb.png": "", "line-dashes.pdf": "", "trailer-size.pdf": None, "xref-circle.pdf": None,
}  # fmt: skip
"""Part of the sentence; empty: the page is read; None: either, for readers differ. All others are damaged."""


def examine(path):
    """In a worker: what becomes of a file, and how much memory that took, MB."""
    memory = Growth()
    try:
        for page in range(1, inspect(path).pages + 1):
            read_page(path, page)
        answer = ""
    except ScanError as fault:
        answer = str(fault)
    return answer, memory.most_mb()


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_answered_with_little_memory(tmp_path, pool, name):
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    (answered,) = pool.map(examine, [path], Event())
    assert not isinstance(answered, Failed), answered
    answer, most = answered
    expected = ANSWERS.get(name, DAMAGED)
    assert expected is None or (expected in answer if expected else not answer)
    assert most < MOST_MB


def test_a_good_case_beside_hostile_ones_is_published(office):
    for number, name in enumerate(("forms-of-forms.pdf", "content-bomb.pdf", "jbig2-35000-hidden.pdf")):
        bad = f"13153.72021{number}-2019-34"
        office.case(GOOD, bad, noti_pdf=FILES[name]())
        assert not office.do(bad).published
        assert "noti.pdf" in office.pending(bad)
    office.case(GOOD, noti_pdf=scan_bytes("N1", "N2"))
    assert office.do().files[0].pages == 2


def misbehave(task):
    """What a decoder that was taken over, or is merely broken, might do."""
    match task:
        case "segfault":
            ctypes.string_at(0)
        case "loop":
            while True:
                pass
        case "fill the disk":
            with open("too-much", "wb") as file:
                file.truncate(2 << 30)
        case "open everything":
            return [os.open("/dev/null", os.O_RDONLY) for _ in range(1000)]
        case "limits":
            with open("/proc/self/status") as status:
                facts = {line.partition(":")[0]: line.partition(":")[2].strip() for line in status}
            with open("/proc/self/oom_score_adj") as score:
                adjusted = int(score.read())
            core = resource.getrlimit(resource.RLIMIT_CORE)
            dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)  # PR_GET_DUMPABLE
            space = resource.getrlimit(resource.RLIMIT_AS)
            return facts["NoNewPrivs"], core, dumpable, adjusted, space
    return task


@pytest.fixture
def small_pool():
    with Pool(2, page_seconds=60, cpu_seconds=1) as pool:
        yield pool


def test_a_decoder_that_crashes_loops_or_grabs_costs_its_own_page(small_pool, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tasks = ["a", "segfault", "b", "loop", "c", "fill the disk", "open everything", "d"]
    a, crashed, b, looped, c, filled, opened, d = small_pool.map(misbehave, tasks, Event())
    assert (a, b, c, d) == ("a", "b", "c", "d")
    assert (crashed.why, crashed.signal) == (NoResult.CRASHED, "SIGSEGV")
    assert (looped.why, looped.signal) == (NoResult.CPU, "SIGXCPU")
    assert "File too large" in filled.trace
    assert "Too many open files" in opened.trace
    assert not list(tmp_path.glob("core*"))


def test_a_worker_cannot_gain_rights_nor_leave_a_core_dump(small_pool):
    ((no_new_privileges, core, dumpable, adjusted, space),) = small_pool.map(misbehave, ["limits"], Event())
    assert (no_new_privileges, core, dumpable) == ("1", (0, 0), 0)
    assert adjusted > 0
    assert space == (4 << 30, 4 << 30)


@pytest.mark.slow
def test_processor_time_counts_for_each_page_anew(small_pool):
    assert list(small_pool.map(burn, [0.4] * 8, Event())) == [0.4] * 8


def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return seconds


def test_a_page_that_the_decoder_cannot_finish_says_so(office):
    assert READ_CPU_SECONDS < 20
    with Pool(1, cpu_seconds=1) as office.pool:
        office.case(GOOD, noti_pdf=FILES["forms-of-forms.pdf"]())
        assert not office.do().published
        assert "noti.pdf" in office.pending()


def test_a_jpeg_of_an_a4_sheet_at_600_dpi_in_colour_is_read(tmp_path):
    Image.new("RGB", (4960, 7016), (250, 248, 240)).save(tmp_path / "a.jpg", dpi=(600, 600))
    assert read_page(tmp_path / "a.jpg", 1).raster.pixels.shape == (7016, 4960, 3)


def test_very_much_from_very_little_is_no_scan(tmp_path):
    entries = b"/Width 16000/Height 15000/BitsPerComponent 8/ColorSpace/%s/Filter/FlateDecode"
    (tmp_path / "grey.pdf").write_bytes(with_image(entries % b"DeviceGray", inflated(240 << 20)))
    assert not examine_here(tmp_path / "grey.pdf")
    entries = entries.replace(b"16000", b"10000").replace(b"15000", b"10000")
    (tmp_path / "colour.pdf").write_bytes(with_image(entries % b"DeviceRGB", inflated(301 << 20)))
    assert FEW in examine_here(tmp_path / "colour.pdf")


def examine_here(path):
    try:
        read_page(path, 1)
    except ScanError as fault:
        return str(fault)
    return ""


@pytest.mark.parametrize(("unit", "early"), list(product((b"\0", bytes(range(256)), b"abcabc"), (0, 1))))
def test_lzw_is_measured_as_it_decodes(unit, early):
    data = (unit * 200_000)[:200_000]
    assert decoded_size(lzw(data, early), early, 1000) >= 1000
    if len(lzw(data, early)) * 2560 > 1000:
        assert decoded_size(lzw(data, early), early, 1 << 30) in (0, len(data))
    assert decoded_size(lzw_bomb(), 1, 1 << 20) >= 0


def lzw(data, early):
    """An encoder by the book (ISO 32000, 7.4.4.2)."""
    table = {bytes([n]): n for n in range(256)}
    codes, width, free = Codes(), 9, 258
    codes.put(256, width)
    word = b""
    for at in range(len(data)):
        longer = word + data[at : at + 1]
        if longer in table:
            word = longer
            continue
        codes.put(table[word], width)
        table[longer], free = free, free + 1
        width = max(9, min(12, (free - 1 + early).bit_length()))
        if free >= 4095:
            codes.put(256, width)
            table, free, width = {bytes([n]): n for n in range(256)}, 258, 9
        word = data[at : at + 1]
    codes.put(table[word], width)
    codes.put(257, width)
    return codes.padded()
