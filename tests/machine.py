"""A machine of our own for a test: the real systemd as PID 1 in namespaces, on a copy of this system, or of a bare Debian.

The root is an overlay whose upper layer is a tmpfs, so packages of this system are there and nothing that is
installed, enabled or deleted stays. No network; devices are the harmless ones; control groups are a branch of
their own. The Python that runs the tests, its packages and this repository are bound to places that every user
of the machine can read.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest

from tests.waiting import until

SOURCE = Path(__file__).parents[1]
CHECKOUT = "/usr/local/src/itrwatch"
PYTHON = "/opt/python"
PACKAGES = "/opt/python-packages"
COMMAND_LIMIT = 300.0
"""Seconds for one command: `itrwatch setup` runs the doctor and starts the service, on a machine that may be busy."""
CGROUPS = Path("/sys/fs/cgroup")
CONTROLLERS = ("cpu", "cpuacct", "memory", "pids", "devices", "freezer")

BOOT = r"""
set -eu
mount --make-rprivate /
mount -t tmpfs tmpfs "$PLACE"
mkdir "$PLACE/upper" "$PLACE/work" "$PLACE/root"
mount -t overlay overlay -o lowerdir="$LOWER",upperdir="$PLACE/upper",workdir="$PLACE/work" "$PLACE/root"
# An itrwatch that this system has of its own is none of the machine's business.
rm -rf "$PLACE"/root/{etc,opt,run,var/log}/itrwatch "$PLACE/root/srv/itr"
cd "$PLACE/root"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
if [ "$HIERARCHY" = one ]; then
    mount -t cgroup2 cgroup2 sys/fs/cgroup
else
    mount -t tmpfs tmpfs sys/fs/cgroup
    for controller in $CONTROLLERS; do
        mkdir "sys/fs/cgroup/$controller"
        mount -t cgroup -o "$controller" cgroup "sys/fs/cgroup/$controller"
    done
    mkdir sys/fs/cgroup/systemd sys/fs/cgroup/unified
    mount -t cgroup -o name=systemd cgroup sys/fs/cgroup/systemd
    mount -t cgroup2 cgroup2 sys/fs/cgroup/unified
fi
mount -t tmpfs -o mode=755 tmpfs dev
mkdir dev/shm dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
for device in null zero full random urandom tty; do
    touch "dev/$device"
    mount --bind "/dev/$device" "dev/$device"
done
ln -s /proc/self/fd dev/fd
touch dev/console
mount --bind "$CONSOLE" dev/console
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mkdir -p "./$CHECKOUT" "./$PYTHON" "./$PACKAGES"
mount --bind "$SOURCE" "./$CHECKOUT"
mount --bind "$BASE" "./$PYTHON"
mount --bind "$PURELIB" "./$PACKAGES"
: > etc/machine-id
: > etc/fstab
mkdir -p etc/systemd/system
for unit in systemd-udevd.service systemd-udevd-kernel.socket systemd-udevd-control.socket smbd.service nmbd.service; do
    ln -sf /dev/null "etc/systemd/system/$unit"
done
mount --make-rshared "$PLACE/root"
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . /lib/systemd/systemd --unit=basic.target --show-status=no
"""

JOIN = r"""
set -eu
for folder in $BRANCHES; do mkdir -p "$folder"; echo $$ > "$folder/cgroup.procs"; done
exec unshare --kill-child --mount --pid --ipc --uts --net --cgroup --fork bash -c "$BOOT"
"""


class Machine:
    """A booted machine; ``pid`` is its systemd, seen from here."""

    def __init__(self, pid):
        self.pid = pid

    def run(self, command, check=True, limit=COMMAND_LIMIT):
        """Run a shell command in the machine as root would at its terminal, within ``limit`` seconds."""
        inside = ["nsenter", "-t", str(self.pid), "-m", "-p", "-i", "-u", "-n", "-C", "-r", "-w"]
        terminal = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "HOME=/root"]
        done = subprocess.run(
            [*inside, *terminal, "bash", "-euc", command], capture_output=True, text=True, timeout=limit, check=False
        )
        if check:
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done

    def said(self, command):
        return self.run(command).stdout.strip()


@contextlib.contextmanager
def booted(lower=Path("/")):
    """Boot a machine on a copy of ``lower``, this system's root or another; skip with the reason why that is not possible."""
    if os.geteuid() != 0:
        pytest.skip("only root can boot a machine")
    if not Path("/lib/systemd/systemd").exists() or not shutil.which("nsenter"):
        pytest.skip("systemd is not installed")
    one = (CGROUPS / "cgroup.controllers").exists()
    name = f"itrwatch-test-{os.getpid()}"
    tops = [CGROUPS] if one else [CGROUPS / top for top in (*CONTROLLERS, "systemd", "unified")]
    branches = [top / name for top in tops]
    with tempfile.TemporaryDirectory() as folder:
        console = Path(folder, "console")
        console.touch()
        place = Path(folder, "machine")
        place.mkdir()
        environment = os.environ | {
            "PLACE": str(place),
            "LOWER": str(lower),
            "CONSOLE": str(console),
            "HIERARCHY": "one" if one else "many",
            "BRANCHES": " ".join(map(str, branches)),
            "CONTROLLERS": " ".join(CONTROLLERS),
            "BOOT": BOOT,
            "SOURCE": str(SOURCE),
            "CHECKOUT": CHECKOUT,
            "BASE": sys.base_prefix,
            "PYTHON": PYTHON,
            "PURELIB": sysconfig.get_path("purelib"),
            "PACKAGES": PACKAGES,
        }
        with subprocess.Popen(["bash", "-c", JOIN], env=environment, stderr=subprocess.PIPE, text=True) as unshare:
            try:
                yield _ready(unshare)
            finally:
                unshare.kill()  # and with it PID 1 of the namespace, and with that all that runs in it
                unshare.wait()
                for branch in branches:
                    _remove(branch)


def _ready(unshare):
    def up():
        if unshare.poll() is not None:
            return True
        pids = _children(unshare.pid)
        return pids and _comm(pids[0]) == "systemd\n" and _answers(Machine(pids[0]))

    until(up, lambda: "the machine does not come up")
    if unshare.poll() is not None:
        pytest.skip(f"namespaces or control groups are not permitted here: {unshare.stderr.read()[-300:]}")
    return Machine(_children(unshare.pid)[0])


def _answers(machine):
    return machine.run("systemctl is-system-running", check=False).stdout.strip() in ("running", "degraded")


def _children(pid):
    with contextlib.suppress(FileNotFoundError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _comm(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text()
    return ""


def _remove(branch):
    for folder, _, _ in os.walk(branch, topdown=False):
        with contextlib.suppress(OSError):
            until(lambda folder=folder: _gone(Path(folder)), limit=5)


def _gone(folder):
    with contextlib.suppress(OSError):
        folder.rmdir()
    return not folder.exists()
