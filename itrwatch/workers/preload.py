"""What page workers need, loaded in the process that they are forked from (`fork_server`)."""

from contextlib import suppress

from itrwatch.imaging.analysis.models import ORIENTATION, RecogniserMissing, load
from itrwatch.pdf.typeface import typeface
from itrwatch.workers import page_task, same_sheet_task, scan_task, survey_task

__all__ = ["page_task", "same_sheet_task", "scan_task", "survey_task", "warm"]


def warm() -> None:
    """The model that is asked about every page with print, and the typeface; the reader of lines is seldom needed."""
    with suppress(RecogniserMissing):  # reported with the page
        load(ORIENTATION)
    typeface()
