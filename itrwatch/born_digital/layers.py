"""Which optional content a reader shows when it opens the document (ISO 32000-1, 8.11).

    Layers(root).visible(group) -> True; `UnfitError` where readers differ

What is shown is copied as plain content and what is hidden is left out: the published page shows what the screen shows, and no
reader can hide or bring out a part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pikepdf import Array, Dictionary, Name, Object

from itrwatch.born_digital.entries import UnfitError

_POLICIES: dict[str, Callable[[Iterable[bool]], bool]] = {
    "/AnyOn": any,
    "/AllOn": all,
    "/AnyOff": lambda states: not all(states),
    "/AllOff": lambda states: not any(states),
}
_PLAIN = ("/View", "/Print", "/Export")
"""Categories of /AS that do not depend on the reader, as /Zoom, /User and /Language do."""


class Layers:
    """The layers of a document with the catalogue ``root``, in their state at opening."""

    def __init__(self, root: Any) -> None:
        found = root.get(Name.OCProperties, Dictionary()).get(Name.D, Dictionary())
        self._config = found if isinstance(found, Dictionary) else Dictionary()

    def visible(self, group: Any) -> bool:
        """Whether content of the group or membership dictionary ``group`` is shown; raises `UnfitError` where readers differ."""
        kind = group.get(Name.Type) if isinstance(group, Dictionary) else None
        if kind == Name.OCG:
            return self._on(group)
        if kind != Name.OCMD or Name.VE in group:
            raise UnfitError("a layer of another kind")
        groups = group.get(Name.OCGs)
        each = [groups] if isinstance(groups, Dictionary) else [one for one in groups or () if one is not None]
        policy = _POLICIES.get(str(group.get(Name.P, "/AnyOn")))
        if policy is None or not all(isinstance(one, Dictionary) for one in each):
            raise UnfitError("a layer of another kind")
        return policy(self._on(one) for one in each) if each else True

    def _on(self, group: Object) -> bool:
        intents = group.get(Name.Intent, Name.View)
        if Name.View not in (list(intents) if isinstance(intents, Array) else [intents]):
            raise UnfitError("a layer that is not for viewing")
        on = self._config.get(Name.BaseState, Name.ON) != Name.OFF
        for key, state in ((Name.ON, True), (Name.OFF, False)):
            if _among(group, self._config.get(key)):
                on = state
        # Some readers believe what the layer says of its own use, some the document.
        said = group.get(Name.Usage, Dictionary()).get(Name.View, Dictionary()).get(Name.ViewState)
        if said is not None and (said != Name.OFF) is not on:
            raise UnfitError("a layer that is on and off")
        for rule in self._config.get(Name.AS) or ():
            depends = any(str(each) not in _PLAIN for each in rule.get(Name.Category) or ())
            if depends and rule.get(Name.Event) == Name.View and _among(group, rule.get(Name.OCGs)):
                raise UnfitError("a layer that depends on the reader")
        return on


def _among(group: Object, groups: Any) -> bool:
    return isinstance(groups, Array) and any(
        isinstance(one, Dictionary) and one.objgen == group.objgen for one in groups
    )
