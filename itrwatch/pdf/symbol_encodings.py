"""The encodings of the standard fonts of signs, which are in no program and in no library: code → name of the letter (ISO 32000-1, D.5 and D.6).

>>> SYMBOL[0x61], DINGBATS[0x34]
('alpha', 'a20')
"""

from __future__ import annotations

from fontTools import agl

_NOTDEF = ".notdef"


def _table(*runs: tuple[int, str]) -> list[str]:
    names = [_NOTDEF] * 256
    for first, run in runs:
        words = run.split()
        names[first : first + len(words)] = words
    return names


SYMBOL = _table(
    (
        0x20,
        (
            "space exclam universal numbersign existential percent ampersand suchthat parenleft parenright asteriskmath plus comma minus period slash "
            "zero one two three four five six seven eight nine colon semicolon less equal greater question congruent Alpha Beta Chi Delta Epsilon Phi "
            "Gamma Eta Iota theta1 Kappa Lambda Mu Nu Omicron Pi Theta Rho Sigma Tau Upsilon sigma1 Omega Xi Psi Zeta bracketleft therefore bracketright "
            "perpendicular underscore radicalex alpha beta chi delta epsilon phi gamma eta iota phi1 kappa lambda mu nu omicron pi theta rho sigma tau "
            "upsilon omega1 omega xi psi zeta braceleft bar braceright similar"
        ),
    ),
    (
        0xA0,
        (
            "Euro Upsilon1 minute lessequal fraction infinity florin club diamond heart spade arrowboth arrowleft arrowup arrowright arrowdown degree "
            "plusminus second greaterequal multiply proportional partialdiff bullet divide notequal equivalence approxequal ellipsis arrowvertex "
            "arrowhorizex carriagereturn aleph Ifraktur Rfraktur weierstrass circlemultiply circleplus emptyset intersection union propersuperset "
            "reflexsuperset notsubset propersubset reflexsubset element notelement angle gradient registerserif copyrightserif trademarkserif product "
            "radical dotmath logicalnot logicaland logicalor arrowdblboth arrowdblleft arrowdblup arrowdblright arrowdbldown lozenge angleleft "
            "registersans copyrightsans trademarksans summation parenlefttp parenleftex parenleftbt bracketlefttp bracketleftex bracketleftbt "
            "bracelefttp braceleftmid braceleftbt braceex"
        ),
    ),
    (
        0xF1,
        (
            "angleright integral integraltp integralex integralbt parenrighttp parenrightex parenrightbt bracketrighttp bracketrightex "
            "bracketrightbt bracerighttp bracerightmid bracerightbt"
        ),
    ),
)

_ELSEWHERE = {
    0x25: 0x260E,
    0x2A: 0x261B,
    0x2B: 0x261E,
    0x48: 0x2605,
    0x6C: 0x25CF,
    0x6E: 0x25A0,
    0x73: 0x25B2,
    0x74: 0x25BC,
    0x75: 0x25C6,
    0x77: 0x25D7,
    0xA8: 0x2663,
    0xA9: 0x2666,
    0xAA: 0x2665,
    0xAB: 0x2660,
    **{0xAC + number: 0x2460 + number for number in range(10)},
    0xD5: 0x2192,
    0xD6: 0x2194,
    0xD7: 0x2195,
}
"""Signs that Unicode had before the dingbats, which it otherwise has in the order of the font."""


def _dingbats() -> list[str]:
    meanings = {agl.toUnicode(name, isZapfDingbats=True): name for name in (f"a{n}" for n in range(1, 207))}
    first = {**dict.fromkeys(range(0x21, 0x7F), 0x2701 - 0x21), **dict.fromkeys(range(0xA1, 0xFF), 0x2761 - 0xA1)}
    named = {code: meanings.get(chr(_ELSEWHERE.get(code, code + shift)), _NOTDEF) for code, shift in first.items()}
    return ["space" if code == ord(" ") else named.get(code, _NOTDEF) for code in range(256)]


DINGBATS = _dingbats()
