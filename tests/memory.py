"""What a piece of work takes of memory, whatever the process did before it."""

from pathlib import Path

STATUS = Path("/proc/self/status")
RESET_PEAK = "5"
"""Written to clear_refs, it makes the peak what is held now: proc(5)."""


class Growth:
    """From its making: how far this process's resident memory rises above what it held then, MB."""

    def __init__(self):
        Path("/proc/self/clear_refs").write_text(RESET_PEAK)
        self._held = _peak_kb()

    def most_mb(self):
        return (_peak_kb() - self._held) >> 10


def _peak_kb():
    return next(int(line.split()[1]) for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
