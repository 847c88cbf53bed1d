"""Copies graphics states and transparency groups: what is see-through or blended stays so, as PDF/A-2 and 3 allow (ISO 19005-3, 6.2.10).

    graphics_state(source, mask) -> the state: line parameters, /ca, /CA, /BM and /SMask; ``mask`` copies the group of a soft mask

The page's own group is not copied: without one the page blends in the colours of the device, and every screen has those of RGB.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream

from itrwatch.born_digital.colours import family, space
from itrwatch.born_digital.entries import (
    INTENTS,
    EntryReader,
    UnfitError,
    array_of,
    flag,
    integer,
    number,
    numbers,
    one_of,
    plain_dictionary,
    taken,
)

_STATE: dict[str, EntryReader] = {
    "/LW": number,
    "/LC": integer,
    "/LJ": integer,
    "/ML": number,
    "/D": array_of(number, numbers),
    "/RI": INTENTS,
    "/FL": number,
    "/SM": number,
    "/SA": flag,
    "/TK": flag,
}
_MODES = (
    *("/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten", "/ColorDodge", "/ColorBurn"),
    *("/HardLight", "/SoftLight", "/Difference", "/Exclusion", "/Hue", "/Saturation", "/Color", "/Luminosity"),
)
"""The blend modes of ISO 32000-1, 11.3.5; PDF/A allows no others."""
_BLENDING = ("/ca", "/CA", "/BM", "/SMask", "/AIS")
INKS = frozenset(("/DeviceCMYK", "/Separation", "/DeviceN"))
"""Families of colour spaces in which no screen blends."""
_CHANGING = ("/TR", "/TR2", "/HT", "/Font")
"""Entries that could change how the page looks and that are not copied; all others concern overprinting and separations, or mean nothing."""


def graphics_state(source: Any, mask: Callable[[Any], Any]) -> Dictionary:
    """A copy of a graphics state; raises `UnfitError` for transfer functions, halftones and fonts."""
    if not isinstance(source, Dictionary):
        raise UnfitError("no graphics state")
    for key in _CHANGING:
        if key in source and str(source[key]) not in ("/Identity", "/Default"):
            raise UnfitError(f"graphics state {key}")
    kinds = {**_STATE, "/ca": _share, "/CA": _share, "/BM": _mode, "/AIS": flag}
    made = plain_dictionary(source, kinds)
    if Name.SMask in source:
        made.SMask = _soft_mask(source.SMask, mask)
    return made


def blends(state: Any) -> bool:
    """Whether what is painted in ``state`` may be see-through or mix with what lies under it."""
    see_through = any(state.get(key, 1) != 1 for key in ("/ca", "/CA"))
    mixed = str(state.get(Name.BM, "/Normal")) not in ("/Normal", "/Compatible")
    return see_through or mixed or isinstance(state.get(Name.SMask), Dictionary)


def without_blending(pdf: Pdf) -> None:
    """Remove the entries of transparency from a page on which nothing is see-through, so that it fits in PDF/A-1, too."""
    for item in pdf.objects:
        if not isinstance(item, Stream):
            continue
        if Name.Group in item:
            del item[Name.Group]
        for state in item.get(Name.Resources, Dictionary()).get(Name.ExtGState, Dictionary()).values():
            for key in _BLENDING:
                if key in state:
                    del state[key]


def group(pdf: Pdf, source: Any) -> Dictionary:
    """A copy of the /Group of a form, to blend in RGB where it says inks; raises `UnfitError` unless it is a transparency group."""
    kinds: dict[str, EntryReader] = {"/S": one_of("/Transparency"), "/I": flag, "/K": flag}
    made = plain_dictionary(source, kinds, ("/S",))
    made.Type = Name.Group
    if Name.CS in source:
        made.CS = Name.DeviceRGB if family(source.CS) in INKS else space(pdf, source.CS)
    return made


def _share(value: Any) -> Any:
    if not 0 <= number(value) <= 1:
        raise UnfitError(f"an opacity of {value}")
    return value


def _mode(value: Any) -> Name:
    # Of several, the first that the reader knows (ISO 32000-1, table 58).
    modes = [str(each) for each in value] if isinstance(value, Array) else [str(value)]
    for mode in modes:
        if mode in _MODES:
            return Name(mode)
    raise UnfitError(f"blending by {modes}")


def _backdrop(colour: Array, space_of_it: Any) -> Array:
    if family(space_of_it) not in INKS:
        return colour
    # With all of black the other inks make no difference: layout programs write 1 for all four.
    black, white = len(colour) == 4 and colour[3] == 1, list(colour) == [0, 0, 0, 0]
    if family(space_of_it) != "/DeviceCMYK" or not (black or white):
        raise UnfitError("a soft mask on a backdrop of ink")
    return Array([int(white)] * 3)


def _soft_mask(source: Any, mask: Callable[[Any], Any]) -> Any:
    if isinstance(source, Name):
        return one_of("/None")(source)
    kinds: dict[str, EntryReader] = {
        "/S": one_of("/Alpha", "/Luminosity"),
        "/G": mask,
        "/BC": numbers,
        "/TR": one_of("/Identity"),
    }
    entries = taken(source, kinds, ("/S", "/G"))
    if Name.Group not in entries["/G"]:
        raise UnfitError("a soft mask without a group")
    if "/BC" in entries:  # a colour of the group's colour space
        entries["/BC"] = _backdrop(entries["/BC"], source.G.Group.get(Name.CS))
    return Dictionary(Type=Name.Mask, **{key[1:]: value for key, value in entries.items()})
