"""A real Samba server on a loopback port, with the two shares exactly as `itrwatch setup` writes them."""

import contextlib
import getpass
import grp
import os
import shutil
import signal
import socket
import subprocess
import uuid
from pathlib import Path

import pytest
from smbprotocol.connection import Connection
from smbprotocol.open import (
    CreateDisposition,
    CreateOptions,
    FileAttributes,
    FilePipePrinterAccessMask,
    ImpersonationLevel,
    Open,
    ShareAccess,
)
from smbprotocol.session import Session
from smbprotocol.tree import TreeConnect

from itrwatch.setup.office import Office
from itrwatch.setup.office import shares as written_shares
from tests.waiting import LIMIT, until

GLOBAL = """
[global]
   workgroup = PREFEITURA
   server role = standalone server
   bind interfaces only = yes
   interfaces = 127.0.0.1
   smb ports = {port}
   map to guest = Bad User
   guest account = {user}
   log file = {place}/log
   pid directory = {place}
   lock directory = {place}
   state directory = {place}
   cache directory = {place}
   private dir = {place}
   ncalrpc dir = {place}/rpc
   load printers = no
   disable spoolss = yes
   rpc start on demand helpers = no
"""


class Server:
    """The running server; each client is a program of its own, as each computer of an office is."""

    def __init__(self, port):
        self.port = port

    def client(self, share, commands):
        """Do a few things on a share and go away."""
        command = ["smbclient", f"//127.0.0.1/{share}", "-p", str(self.port), "-N", "-s", "/dev/null", "-c", commands]
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
        assert "NT_STATUS" not in done.stdout, f"{commands}\n{done.stdout}"
        return done.stdout

    @contextlib.contextmanager
    def opened(self, share, path, access, disposition):
        """A file held open as Windows programs do: others may read it, nobody may write, delete or rename it."""
        connection = Connection(uuid.uuid4(), "127.0.0.1", self.port, require_signing=False)
        connection.connect()
        try:
            session = Session(connection, "fiscal", "any", require_encryption=False)  # unknown, hence a guest
            session.connect()
            tree = TreeConnect(session, rf"\\127.0.0.1\{share}")
            tree.connect(require_secure_negotiate=False)
            file = Open(tree, path)
            file.create(
                ImpersonationLevel.Impersonation,
                access,
                FileAttributes.FILE_ATTRIBUTE_NORMAL,
                ShareAccess.FILE_SHARE_READ,
                disposition,
                CreateOptions.FILE_NON_DIRECTORY_FILE,
            )
            yield file
        finally:
            connection.disconnect()

    def reading(self, share, path):
        """`opened` by a viewer."""
        return self.opened(share, path, FilePipePrinterAccessMask.GENERIC_READ, CreateDisposition.FILE_OPEN)

    def writing(self, share, path):
        """`opened`, new, by a scanner."""
        return self.opened(share, path, FilePipePrinterAccessMask.GENERIC_WRITE, CreateDisposition.FILE_CREATE)


@contextlib.contextmanager
def serving(place, inbox, outbox):
    """Samba with the two shares of `itrwatch setup` on these folders; skips where Samba is not installed or not permitted."""
    for program in ("smbd", "smbclient"):
        if not (shutil.which(program) or Path("/usr/sbin", program).exists()):
            pytest.skip(f"{program} is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    place.mkdir()
    user, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    shares = written_shares(Office(""), inbox, outbox, "Campo Verde")
    ours = {
        "valid users = @fiscais": "guest ok = yes",  # accounts are the machine's, not the share's
        "itr-entrada": user,
        "force group = itrwatch": f"force group = {group}",
    }
    for theirs, mine in ours.items():
        assert theirs in shares, theirs
        shares = shares.replace(theirs, mine)
    (place / "smb.conf").write_text(GLOBAL.format(port=port, place=place, user=user) + shares)
    smbd = shutil.which("smbd") or "/usr/sbin/smbd"
    command = [smbd, "--foreground", "--no-process-group", "--debug-stdout", "-s", str(place / "smb.conf")]
    with (
        (place / "smbd.log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True) as server,
    ):
        try:
            until(lambda: server.poll() is not None or _listens(port), (place / "smbd.log").read_text)
            if server.poll() is not None:
                pytest.skip(f"smbd does not run here: {(place / 'smbd.log').read_text()[-300:]}")
            yield Server(port)
        finally:
            os.killpg(server.pid, signal.SIGKILL)  # with the processes it made for its clients


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
