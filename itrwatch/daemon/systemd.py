"""systemd's notify protocol (sd_notify), one datagram a message, without a dependency.

Without ``NOTIFY_SOCKET`` nothing is sent. No function raises: a supervisor that does not listen must not
stop the work. Only the main thread feeds the watchdog, while the engine gives signs of life, so that a hanging loop is detected.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping

from loguru import logger

PATIENCE_SECONDS = 0.2  # never block on the supervisor; chosen


class Notifier:
    """Sends messages to the supervisor at ``address``; times in seconds of the caller's clock."""

    def __init__(self, address: str = "", interval: float | None = None) -> None:
        """``interval``: seconds between two feeds of the watchdog by `beat`, None for never."""
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._interval = interval
        self._next = float("-inf")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Notifier:
        """A notifier to the supervisor that started this process, if any."""
        usec = environment.get("WATCHDOG_USEC", "")
        ours = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        # Three times within the interval of systemd: two may be late.
        interval = int(usec) / 3e6 if usec.isdigit() and ours else None
        return cls(environment.get("NOTIFY_SOCKET", ""), interval)

    def send(self, **fields: str) -> None:
        """Send fields such as ``READY="1"`` and ``STATUS="…"``; line breaks are removed, so that a file name cannot add a field."""
        if not self._address:
            return
        lines = (f"{key}={' '.join(value.split())}" for key, value in fields.items())
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                sender.settimeout(PATIENCE_SECONDS)
                sender.sendto("\n".join(lines).encode("utf-8", "backslashreplace"), self._address)
        except OSError as wrong:
            logger.debug("o systemd não recebeu o aviso: {}", wrong)

    def beat(self, now: float) -> None:
        """Feed the watchdog if it is due."""
        if self._interval is not None and now >= self._next:
            self._next = now + self._interval
            self.send(WATCHDOG="1")
