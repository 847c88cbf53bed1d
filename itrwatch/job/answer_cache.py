"""A cache of worker results computed while a folder was not yet at rest, for the job of the case.

    answers.workers(pool, snapshot, keep=True) -> CachingWorkers, which call the pool only for unknown results

A folder waits for half a minute after its last change; most of its scans were complete earlier. The results that a job needs
before it writes (coded pages, compared sheets, digests of scans) depend only on the files and the task. Therefore
`prepare_folder` computes them in advance with the same code, and the bytes are the same. The key of a result is the identity
of the files read, and the task, which includes the settings; if any of these changes, the result is computed again. Coded
pages are files in the outbox's private folder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from threading import Event, Lock
from typing import Any, TypeVar, cast

from itrwatch.scans.plain_file import Identity
from itrwatch.store.inbox import Snapshot
from itrwatch.store.outbox import Outbox
from itrwatch.workers.pool import Failed, InWorker, Workers
from itrwatch.workers.tasks import AgainTask, PageBroken, PageDone, PageTask, files_of_task

T = TypeVar("T")
R = TypeVar("R")

MOST_PAGES = 3000
"""Cached pages over all cases, about 150 MB on the outbox's disk. Chosen."""


@dataclass(frozen=True, slots=True)
class _Question:
    """The key of a result: the task without the path of its spool file; ``files``: the files that it reads."""

    work: str
    files: tuple[Identity, ...]
    task: object


@dataclass(frozen=True, slots=True)
class _Answer:
    case: str
    value: object

    @property
    def spool(self) -> Path | None:
        return self.value.spool if isinstance(self.value, PageDone) else None


class AnswerCache:
    """The results for all cases; thread-safe."""

    def __init__(self, outbox: Outbox) -> None:
        """No access to files yet."""
        self._outbox, self._lock, self._numbers = outbox, Lock(), count()
        self._answers: dict[_Question, _Answer] = {}

    def workers(self, workers: Workers, snapshot: Snapshot, *, keep: bool = False) -> CachingWorkers:
        """``workers`` for one case, with cached results; ``keep``: whether new results are cached."""
        return CachingWorkers(workers, self, snapshot, keep=keep)

    def take(self, question: _Question) -> _Answer | None:
        """The cached result, if any, provided that its coded page is still on disk."""
        with self._lock:
            answer = self._answers.get(question)
        if answer is None or (answer.spool is not None and not answer.spool.exists()):
            return None
        return answer

    def place(self) -> Path:
        """The path for the next coded page; `OSError`."""
        return self._outbox.prepared_folder() / f"{next(self._numbers)}"

    def keep(self, question: _Question, answer: _Answer) -> None:
        """Cache a result for the job of its case."""
        with self._lock:
            self._answers[question] = answer

    def drop(self, cases: Collection[str], *, but: Iterable[Identity] = ()) -> None:
        """Delete the results of these cases, except those computed only from the files ``but``."""
        kept = set(but)
        with self._lock:
            gone = [
                question
                for question, answer in self._answers.items()
                if answer.case in cases and not (kept and kept.issuperset(question.files))
            ]
            answers = [self._answers.pop(question) for question in gone]
        for answer in answers:
            if answer.spool is not None:
                answer.spool.unlink(missing_ok=True)

    def make_room(self, folder: Path) -> None:
        """Delete the results of cases that left the inbox and, from `MOST_PAGES` pages on, those of all cases but ``folder``.

        Most of those folders wait for a person.
        """
        with self._lock:
            answers = list(self._answers.values())
        others = {answer.case for answer in answers} - {folder.name}
        full = sum(answer.spool is not None for answer in answers) >= MOST_PAGES
        self.drop(others if full else {case for case in others if not (folder.parent / case).is_dir()})


class CachingWorkers:
    """The workers of a case (`Workers`) with cached results."""

    def __init__(self, workers: Workers, cache: AnswerCache, snapshot: Snapshot, *, keep: bool) -> None:
        self._workers, self._cache, self._keep = workers, cache, keep
        self._case, self._identities = snapshot.name, snapshot.identities
        self._scans = [scan.identity for scan in snapshot.scans]

    def map(
        self, work: InWorker[T, R], tasks: Sequence[T], stop: Event, *, seconds: float | None = None
    ) -> Iterator[R | Failed]:
        """As `Pool.map`, but cached results are not computed again."""
        questions = [self._question(work, task) for task in tasks]
        known = [self._cache.take(question) if question else None for question in questions]
        missing = [self._placed(task) for task, answer in zip(tasks, known, strict=True) if answer is None]
        asked = self._workers.map(work, missing, stop, seconds=seconds) if missing else iter(())
        for question, answer in zip(questions, known, strict=True):
            if answer is not None:
                yield cast("R", answer.value)
                continue
            value = next(asked)
            if self._keep and question is not None and not isinstance(value, Failed | PageBroken | OSError):
                self._cache.keep(question, _Answer(self._case, value))
            yield value

    def _question(self, work: InWorker[Any, Any], task: object) -> _Question | None:
        """The key of a task; None if its result is not cached: writing a part, and tasks that read files outside the case."""
        paths = files_of_task(task)
        if paths is None or any(path not in self._identities for path in paths):
            return None
        files = [self._identities[path] for path in paths] or self._scans
        return _Question(work.name, tuple(files), _without_spool(task))

    def _placed(self, task: T) -> T:
        if self._keep and isinstance(task, PageTask):
            return cast("T", replace(task, spool=self._cache.place()))
        return task


def _without_spool(task: object) -> object:
    match task:
        case PageTask():
            return replace(task, spool=None)
        case AgainTask():
            return replace(task, page=replace(task.page, spool=None))
    return task
