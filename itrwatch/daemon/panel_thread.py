"""Shows the board to whoever draws it, in a thread of its own: what draws it writes to a share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from loguru import logger

from itrwatch.core.status import Board

SHOW_SECONDS = 3.0  # the panel is looked at by people, who reload it; every drawing is a write to the share

SHOW_AGAIN = timedelta(minutes=5)  # although nothing changed: days pass, and with them what is late

Show = Callable[[Board], None]


class Shower:
    """Calls ``show`` with the latest board when it changed or is old, at most every `SHOW_SECONDS`, until ``halt`` is set."""

    def __init__(self, show: Show | None, halt: threading.Event) -> None:
        """Nothing runs before `start`."""
        self._show, self._halt = show, halt
        self._board: Board | None = None
        self._thread = threading.Thread(target=self._live, name="painel", daemon=True)

    def start(self) -> None:
        """Start the thread, if there is anybody to show the board to."""
        if self._show is not None:
            self._thread.start()

    def put(self, board: Board) -> None:
        """Take the board as it is now; never waits."""
        self._board = board

    def join(self) -> None:
        """Wait for the end, but not for a share that hangs."""
        if self._thread.is_alive():
            self._thread.join(1)

    def _live(self) -> None:
        shown: Board | None = None
        while not self._halt.wait(SHOW_SECONDS if shown else 0.1):
            board = self._board
            if board is None or (shown is not None and not _differs(board, shown)):
                continue
            self._draw(board)
            shown = board

    def _draw(self, board: Board) -> None:
        assert self._show is not None
        try:
            self._show(board)
        except OSError as wrong:  # the outbox is away or full: who scans tells it
            logger.debug("o painel não pôde ser gravado: {}", wrong)
        except Exception:  # noqa: BLE001 - a panel that cannot be drawn stops no case
            logger.exception("falha do itrwatch ao desenhar o painel")


def _differs(board: Board, shown: Board) -> bool:
    return replace(board, at=shown.at) != shown or board.at - shown.at >= SHOW_AGAIN
