"""Preloads libraries and models in the fork server, for the page workers forked from it (`fork_server`)."""

from contextlib import suppress

from itrwatch.imaging.analysis.models import ORIENTATION, RecogniserMissing, load
from itrwatch.pdf.typeface import typeface
from itrwatch.workers import page_task, same_sheet_task, scan_task, survey_task

__all__ = ["page_task", "same_sheet_task", "scan_task", "survey_task", "warm"]


def warm() -> None:
    """Load the model used for every page with print, and the typeface; the line reader is seldom needed."""
    with suppress(RecogniserMissing):  # reported with the page
        load(ORIENTATION)
    typeface()
