"""Strict decoder of CCITT fax codes (ITU-T T.4 and T.6): all lines, or the number of the first damaged line.

>>> lines = decode(bytes.fromhex("c0040040"), FaxCode(k=-1, columns=24))  # two lines of white, then the end of block
>>> lines.white.shape, bool(lines.white.all()), lines.ended
((2, 24), True, True)

libtiff, pdfium and others fill unreadable parts with white or black and continue; this decoder stops and
reports the line. It is slower (half a second for a dense A4 at 300 dpi) and is used only if the fast proof of
`fax` (coding the lines again) is inconclusive.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# The codes of runs of 0 to 63 pixels, then those of 64, 128 … pixels that may stand before them (T.4, tables 2 to 3b).
_WHITE = (
    "00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 110101 101010 101011 "
    "0100111 0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 0100100 0011000 00000010 00000011 00011010 "
    "00011011 00010010 00010011 00010100 00010101 00010110 00010111 00101000 00101001 00101010 00101011 00101100 00101101 "
    "00000100 00000101 00001010 00001011 01010010 01010011 01010100 01010101 00100100 00100101 01011000 01011001 01011010 "
    "01011011 01001010 01001011 00110010 00110011 00110100"
)
_BLACK = (
    "0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 00000111 000011000 0000010111 "
    "0000011000 0000001000 00001100111 00001101000 00001101100 00000110111 00000101000 00000010111 00000011000 000011001010 "
    "000011001011 000011001100 000011001101 000001101000 000001101001 000001101010 000001101011 000011010010 000011010011 "
    "000011010100 000011010101 000011010110 000011010111 000001101100 000001101101 000011011010 000011011011 000001010100 "
    "000001010101 000001010110 000001010111 000001100100 000001100101 000001010010 000001010011 000000100100 000000110111 "
    "000000111000 000000100111 000000101000 000001011000 000001011001 000000101011 000000101100 000001011010 000001100110 "
    "000001100111"
)
_WHITE_MORE = (
    "11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000 01100111 011001100 011001101 011010010 011010011 "
    "011010100 011010101 011010110 011010111 011011000 011011001 011011010 011011011 010011000 010011001 010011010 011000 "
    "010011011"
)
_BLACK_MORE = (
    "0000001111 000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 0000001101100 0000001101101 "
    "0000001001010 0000001001011 0000001001100 0000001001101 0000001110010 0000001110011 0000001110100 0000001110101 "
    "0000001110110 0000001110111 0000001010010 0000001010011 0000001010100 0000001010101 0000001011010 0000001011011 "
    "0000001100100 0000001100101"
)
_BOTH_MORE = (
    "00000001000 00000001100 00000001101 000000010010 000000010011 000000010100 000000010101 000000010110 000000010111 "
    "000000011100 000000011101 000000011110 000000011111"
)
_PASS, _HORIZONTAL = 10, 11
_MODES = {
    # Vertical modes: offset in pixels of the change from that in the line above (T.4, table 4).
    "1": 0,
    "011": 1,
    "000011": 2,
    "0000011": 3,
    "010": -1,
    "000010": -2,
    "0000010": -3,
    "0001": _PASS,
    "001": _HORIZONTAL,
}
_RUN_BITS, _MODE_BITS = 13, 7
"""The longest code of each kind."""
# Two ends of line in a row, each eleven zeros and a one (T.6, 2.4.1.1).
_END_OF_BLOCK = 0x001001
_END_BITS = 24
_LEAST_ZEROS = 11
_TAGGED_BITS, _TAGGED = 13, 0b1000000000001
"""A tag bit and the end of line that follows it (T.4, 4.2.2)."""


class FaxError(ValueError):
    """The code is broken in ``line`` (from 0)."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line = line


@dataclass(frozen=True, slots=True)
class FaxCode:
    """The coding parameters, with the names of PDF (ISO 32000-1, 7.4.6): K, Columns, EncodedByteAlign, Rows (0: not stated)."""

    k: int
    columns: int
    aligned: bool = False
    rows: int = 0


@dataclass(frozen=True, slots=True)
class FaxLines:
    """The lines of a code; ``ended``: whether it has an end mark, which proves that no line is missing after them."""

    white: NDArray[np.bool_]
    ended: bool


def _table(width: int, codes: dict[str, int]) -> list[tuple[int, int] | None]:
    """Look-up table: for every pattern of ``width`` bits, the value and length of the code with which it begins."""
    table: list[tuple[int, int] | None] = [None] * (1 << width)
    for code, value in codes.items():
        # A code shorter than the index fills all places that begin with it: one look-up decodes it.
        free = width - len(code)
        first = int(code, 2) << free
        table[first : first + (1 << free)] = [(value, len(code))] * (1 << free)
    return table


def _runs(short: str, long: str) -> list[tuple[int, int] | None]:
    codes = {code: length for length, code in enumerate(short.split())}
    codes |= {code: 64 * (number + 1) for number, code in enumerate(long.split())}
    codes |= {code: 1792 + 64 * number for number, code in enumerate(_BOTH_MORE.split())}
    return _table(_RUN_BITS, codes)


_RUNS = (_runs(_WHITE, _WHITE_MORE), _runs(_BLACK, _BLACK_MORE))
_MODE = _table(_MODE_BITS, _MODES)


class _Bits:
    """The bits of ``data``; beyond its end there are zeros."""

    def __init__(self, data: bytes) -> None:
        self.data = data + bytes(8)
        self.place = 0
        self.end = len(data) * 8

    def peek(self, count: int) -> int:
        return self.peek_at(self.place, count)

    def peek_at(self, place: int, count: int) -> int:
        byte, bit = divmod(place, 8)
        # Five bytes hold any 24 bits, wherever in a byte they begin; `data` is padded for the last ones.
        return int.from_bytes(self.data[byte : byte + 5], "big") >> (40 - bit - count) & ((1 << count) - 1)


def decode(data: bytes, code: FaxCode) -> FaxLines:
    """All lines of ``data``, at most ``code.rows``; raises `FaxError` for the first damaged line."""
    return _Reader(data, code).run()


class _Reader:
    def __init__(self, data: bytes, code: FaxCode) -> None:
        self.bits, self.code = _Bits(data), code
        self.lines: list[list[int]] = []
        self.marked = False

    def run(self) -> FaxLines:
        line: list[int] = []
        while not self.code.rows or len(self.lines) < self.code.rows:
            two = self.begins_two_dimensional()
            if two is None:
                return self.done(ended=True)
            if self.bits.place >= self.bits.end:
                return self.done(ended=False)
            line = self.two_dimensional(line) if two else self.one_dimensional()
            if self.bits.place > self.bits.end:
                raise FaxError(len(self.lines), "cut short")
            self.lines.append(line)
        return self.done(ended=True)

    def begins_two_dimensional(self) -> bool | None:
        """Advance to the next line: whether it is coded two-dimensionally; None at the end mark."""
        if self.code.k < 0:
            if self.at_end():
                return None
            self.align()
            return None if self.at_end() else True
        marks = self.line_marks()
        if marks > 1:
            return None
        if not self.marked:
            self.align()
        return self.code.k > 0 and marks == 1 and not self.tag()

    def at_end(self) -> bool:
        return self.bits.peek(_END_BITS) == _END_OF_BLOCK

    def align(self) -> None:
        """Advance to the next byte boundary if lines are byte-aligned."""
        if self.code.aligned:
            # -(-a // 8) * 8 rounds up to a multiple of 8.
            self.bits.place = -(-self.bits.place // 8) * 8

    def done(self, *, ended: bool) -> FaxLines:
        white = np.ones((len(self.lines), self.code.columns), np.bool_)
        for row, changes in zip(white, self.lines, strict=True):
            # A line begins white, so black runs are from each even-numbered change to the next odd one, or to the end.
            for start, stop in zip(changes[::2], [*changes[1::2], self.code.columns], strict=False):
                row[start:stop] = False
        return FaxLines(white, ended)

    def line_marks(self) -> int:
        """Skip the following end-of-line marks (T.4, 4.1.2: at least eleven zeros and a one); returns their number."""
        count = 0
        while (after := self.after_zeros()) is not None:
            self.bits.place = after
            count += 1
            self.marked = True
            if self.code.k > 0 and self.bits.peek(_TAGGED_BITS) == _TAGGED:
                self.bits.place += 1  # the tag bit between the marks that end a page
        return count

    def after_zeros(self) -> int | None:
        """The place after the next end-of-line mark; None if there is none. Zeros up to the end of the data are skipped as padding."""
        bits, place = self.bits, self.bits.place
        while place < bits.end and not bits.peek_at(place, 16):
            place += 16
        if place >= bits.end:
            bits.place = max(bits.place, place)
            return None
        # Skip the leading zeros of these 16 bits and the one that ends them.
        place += 16 - bits.peek_at(place, 16).bit_length()
        return place + 1 if place - bits.place >= _LEAST_ZEROS else None

    def tag(self) -> int:
        value = self.bits.peek(1)
        self.bits.place += 1
        return value

    def run_length(self, colour: int) -> int:
        total, table, bits = 0, _RUNS[colour], self.bits
        while True:
            found = table[bits.peek(_RUN_BITS)]
            if found is None:
                raise FaxError(len(self.lines), "no code of a run")
            bits.place += found[1]
            total += found[0]
            # Make-up codes (64 and more) are followed by another; a terminating code ends the run (T.4, 4.1.1).
            if found[0] < 64:
                return total
            if total > self.code.columns + 2560:
                raise FaxError(len(self.lines), "a run without end")

    def one_dimensional(self) -> list[int]:
        columns, place, colour = self.code.columns, 0, 0
        changes: list[int] = []
        while place < columns:
            place += self.run_length(colour)
            changes.append(place)
            colour ^= 1
        return self.finished(changes, place)

    def finished(self, changes: list[int], place: int) -> list[int]:
        if place != self.code.columns:
            raise FaxError(len(self.lines), f"{place} of {self.code.columns} pixels")
        # Remove changes at the end of the line: encoders write runs of length 0 there.
        while changes and changes[-1] == place:
            changes.pop()
        return changes

    def two_dimensional(self, reference: list[int]) -> list[int]:
        """A line coded as its difference from the one above (T.4, 4.2): ``reference`` as the places where colour changes."""
        columns, bits, modes = self.code.columns, self.bits, _MODE
        # After the last change, all further changes are at the end of the line (T.4, 4.2); padding avoids bounds checks.
        above = [*reference, columns, columns, columns, columns]
        changes: list[int] = []
        place, colour, near = -1, 0, 0
        while place < columns:
            near = _opposite(above, near, place, colour, columns)
            found = modes[bits.peek(_MODE_BITS)]
            if found is None or bits.place > bits.end:
                raise FaxError(len(self.lines), "no code of a mode")
            mode, length = found
            bits.place += length
            if mode == _PASS:
                # Pass mode: the run continues beneath b2 without a change.
                place = above[near + 1]
            elif mode == _HORIZONTAL:
                # Horizontal mode: two explicit runs. The line begins at -1, which counts as 0 for lengths.
                changes.append(max(place, 0) + self.run_length(colour))
                changes.append(changes[-1] + self.run_length(colour ^ 1))
                place = changes[-1]
            else:
                at = above[near] + mode
                if not place < at <= columns:  # a run of no pixels is coded nowhere but at the beginning of a line
                    raise FaxError(len(self.lines), "a change out of order")
                changes.append(at)
                place = at
                colour ^= 1
        return self.finished(changes, place)


def _opposite(above: list[int], near: int, place: int, colour: int, columns: int) -> int:
    """The index of b1: the first change in the line above that is right of ``place`` and begins the other colour."""
    # A vertical mode may move left of the last b1, so the search first goes back.
    while near > 0 and above[near - 1] > place:
        near -= 1
    while above[near] < columns and (above[near] <= place or near & 1 != colour):
        near += 1
    return near
