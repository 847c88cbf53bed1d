"""The thread that draws the panel, because drawing writes to a share."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from loguru import logger

from itrwatch.core.status import StatusSnapshot

SHOW_SECONDS = 3.0  # chosen: people reload the panel, and every drawing is a write to the share
AGAIN_SECONDS = 0.1  # the same while a drawing had no time for all cases; chosen
SHOW_AGAIN = timedelta(minutes=30)  # draw again even if nothing changed: deadlines pass; chosen

Show = Callable[[StatusSnapshot], object]
"""Draws the status; true if there was no time for all cases, and it should be drawn again soon."""


class PanelThread:
    """Calls ``show`` with the latest status when it changed or is old, at most every `SHOW_SECONDS`, until ``halt`` is set."""

    def __init__(self, show: Show | None, halt: threading.Event) -> None:
        """Nothing runs before `start`."""
        self._show, self._halt = show, halt
        self._status_snapshot: StatusSnapshot | None = None
        self._put = threading.Event()
        self._thread = threading.Thread(target=self._live, name="painel", daemon=True)

    def start(self) -> None:
        """Start the thread, if there is a function to call."""
        if self._show is not None:
            self._thread.start()

    def put(self, status: StatusSnapshot) -> None:
        """Set the status to draw next; never waits."""
        self._status_snapshot = status
        self._put.set()

    def join(self) -> None:
        """After ``halt``: wait for the end of the thread, at most a moment, because it may hang on a share."""
        self._put.set()
        if self._thread.is_alive():
            self._thread.join(1)

    def _live(self) -> None:
        shown = None
        while not self._halt.wait(SHOW_SECONDS if shown else AGAIN_SECONDS):
            if shown is not None or self._status_snapshot is None:
                self._put.wait()  # a wake-up each few seconds is a fifth of what the idle service costs
            self._put.clear()
            status = self._status_snapshot
            if status is not None and (shown is None or _differs(status, shown)):
                again, first = self._draw(status), shown is None
                shown = None if again else status
                if first and not again:
                    # All cases are read. What is known about ten thousand is half a million objects: one full collection took half
                    # a second of a core (`bench many`). `service.run` undoes this before these objects are replaced.
                    gc.freeze()

    def _draw(self, status: StatusSnapshot) -> bool:
        assert self._show is not None
        try:
            return self._show(status) is True
        except OSError as wrong:  # the outbox is away or full; the next scan reports it
            logger.debug("o painel não pôde ser salvo: {}", wrong)
        except Exception:  # noqa: BLE001 - a panel that cannot be drawn stops no case
            logger.exception("falha do itrwatch ao desenhar o painel")
        return False


def _differs(status: StatusSnapshot, shown: StatusSnapshot) -> bool:
    return replace(status, at=shown.at) != shown or status.at - shown.at >= SHOW_AGAIN
