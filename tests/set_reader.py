"""Somebody who reads the set of a case in the outbox at any moment, as a program of its own.

look("/srv/itr/saida/13153720210201934") -> "NOTI", the title of its first PDF; "" where only a note lies there
"""

import hashlib
import json
import os


class HalfASetError(AssertionError):
    """What no reader may ever see (promise 3)."""


def look(path: str) -> str | None:
    """The manifest's PDFs must be there, whole, and no others, or else a note; None when there is no folder, or it was put away meanwhile."""
    try:
        folder = os.open(path, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        names = set(os.listdir(folder))  # noqa: PTH208 - by the open folder
        files = json.loads(_read(folder, "manifesto.json"))["files"]
        for entry in files:
            if hashlib.sha256(_read(folder, entry["name"])).hexdigest() != entry["sha256"]:
                raise HalfASetError(f"{entry['name']} is not the one of its manifest")
    except FileNotFoundError:  # the folder was put away, whole, between two steps
        return None
    finally:
        os.close(folder)
    if {name for name in names if name.endswith(".pdf")} != {entry["name"] for entry in files}:
        raise HalfASetError(f"half a set: {sorted(names)}")
    if not files and "PENDENTE.txt" not in names:
        raise HalfASetError("neither PDFs nor a note")
    return files[0]["title"] if files else ""


def _read(folder: int, name: str) -> bytes:
    with open(os.open(name, os.O_RDONLY, dir_fd=folder), "rb") as file:
        return file.read()
