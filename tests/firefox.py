"""Firefox without a window, driven over its own protocol (Marionette), for what must work in it as in Chromium; no driver is needed.

The protocol: a message is its length, a colon and JSON, ``[0, number, command, parameters]``; the answer ``[1, number, error, result]``.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
from pathlib import Path

from tests.waiting import until

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
_PREFERENCES = {
    "marionette.port": 0,
    "browser.download.folderList": 2,
    "browser.download.useDownloadDir": True,
    "browser.shell.checkDefaultBrowser": False,
}


class Firefox:
    """One page at a time; what it downloads lies in ``downloads``."""

    def __init__(self, stream: socket.socket, downloads: Path) -> None:
        self._stream, self._number, self.downloads = stream, 0, downloads
        self._read()
        self._send("WebDriver:NewSession", capabilities={})

    def open(self, path: Path) -> None:
        """Show a file as a double click does: from ``file://``."""
        self._send("WebDriver:Navigate", url=path.as_uri())

    def run(self, script: str):
        """What ``return …`` of a script gives."""
        return self._send("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def click(self, selector: str) -> None:
        """A click of the mouse on an element that can be seen."""
        self._send("WebDriver:ElementClick", id=self._found(selector))

    def type(self, selector: str, text: str) -> None:
        """Keys for an element."""
        self._send("WebDriver:ElementSendKeys", id=self._found(selector), text=text)

    def downloaded(self, name: str) -> bytes:
        """The bytes of a download once it is whole."""
        path = self.downloads / name
        until(lambda: path.exists() and path.stat().st_size and not list(self.downloads.glob("*.part")))
        return path.read_bytes()

    def _found(self, selector: str) -> str:
        found = self._send("WebDriver:FindElement", using="css selector", value=selector)
        return next(iter(found["value"].values()))

    def _send(self, command: str, **parameters):
        self._number += 1
        message = json.dumps([0, self._number, command, parameters]).encode()
        self._stream.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._read()
        assert error is None, error
        return result

    def _read(self):
        length = b""
        while not length.endswith(b":"):
            length += self._stream.recv(1)
        message = b""
        while len(message) < int(length[:-1]):
            message += self._stream.recv(int(length[:-1]) - len(message))
        return json.loads(message)


@contextlib.contextmanager
def firefox(profile: Path):
    """A Firefox that belongs to the test alone; ``profile`` is an empty folder."""
    downloads = profile / "downloads"
    downloads.mkdir(parents=True)
    preferences = _PREFERENCES | {"browser.download.dir": str(downloads)}
    lines = [f'user_pref("{name}", {json.dumps(value)});' for name, value in preferences.items()]
    (profile / "user.js").write_text("\n".join(lines))
    command = [FIREFOX, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env={"HOME": str(profile), "PATH": "/usr/bin:/bin"}, **quiet)
    try:
        port_file = profile / "MarionetteActivePort"
        port = int(until(lambda: port_file.exists() and port_file.read_text().strip()))
        with socket.create_connection(("127.0.0.1", port)) as stream:
            yield Firefox(stream, downloads)
    finally:
        process.terminate()
        process.wait()
