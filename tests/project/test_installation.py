"""docs/instalacao.md and docs/administracao.md followed to the letter on machines with the real systemd; the service under all its limits."""

import json
import re
import signal
import stat
from pathlib import Path

import pytest

from tests.machine import CHECKOUT, PACKAGES, PYTHON, booted
from tests.office import CASE, scan_bytes
from tests.waiting import until

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "instalacao.md").read_text("utf-8") + (ROOT / "docs" / "administracao.md").read_text("utf-8")
# What the guide fetches with pip is here already: bound into the machine, and named in a venv of its own.
INSTALL = f"""
echo {PYTHON}/lib > /etc/ld.so.conf.d/000-python.conf
ldconfig
{PYTHON}/bin/python3 -m venv --without-pip /opt/itrwatch
echo {PACKAGES} > $(echo /opt/itrwatch/lib/python3*/site-packages)/packages.pth
echo {CHECKOUT} > $(echo /opt/itrwatch/lib/python3*/site-packages)/0-itrwatch.pth
printf '#!/opt/itrwatch/bin/python\nimport sys\nfrom itrwatch.commands.cli import main\nif __name__ == "__main__": sys.exit(main())\n' > /opt/itrwatch/bin/itrwatch
chmod 755 /opt/itrwatch/bin/itrwatch
ln -s /opt/itrwatch/bin/itrwatch /usr/bin/itrwatch
"""
SETUP = "itrwatch setup --yes --uf GO --municipio 'Campo Verde' --feriados 26/08,24/10"


def commands(heading, mark=""):
    """The commands of a section of the guides as one script: those without a mark, or with this one."""
    section = re.search(rf"^##+ {re.escape(heading)}.*?\n(.*?)(?=^##+ |\Z)", GUIDE, re.DOTALL | re.MULTILINE)
    blocks = re.findall(r"(?:<!-- (.+?) -->\n)?```sh\n(.*?)```", section[1], re.DOTALL)
    return "".join(block for marked, block in blocks if marked == mark)


@pytest.fixture
def machine():
    with booted() as machine:
        yield machine


def installed(machine, settle="1"):
    """The program as pip installs it, and a configuration that waits for little; `setup` has not run yet."""
    machine.run(INSTALL)
    machine.run(
        f"install -D -m 644 {CHECKOUT}/systemd/config.yaml /etc/itrwatch/config.yaml && "
        f"printf 'settle_seconds: {settle}\\nrescan_seconds: 2\\nworkers: 1\\n' >> /etc/itrwatch/config.yaml"
    )


def put_case(machine, name=CASE, root="/srv/itr"):
    """Put a scanned case into the inbox as the share does: owned by its account, readable for the service."""
    inside = Path(f"/proc/{machine.pid}/root{root}/entrada")
    (inside / name).mkdir()
    (inside / name / "noti.pdf").write_bytes(scan_bytes("N1", "N2"))
    (inside / name / "processo.yaml").write_text("secoes:\n  - notificacao: noti.pdf\n")
    machine.run(
        f"chown -R itr-entrada:itrwatch '{root}/entrada/{name}' && chmod -R u=rwX,g=rX,o= '{root}/entrada/{name}'"
    )


def published(machine, name=CASE, root="/srv/itr"):
    return machine.run(f"test -e '{root}/saida/{name}/NOTI.pdf'", check=False).returncode == 0


def journal(machine):
    return machine.run("journalctl --no-pager -u 'itrwatch*'; systemctl status --no-pager itrwatch", check=False).stdout


def shown(machine, prop):
    return machine.said(f"systemctl show itrwatch -p {prop} --value")


def status_of(machine, pid):
    return dict(line.split(":\t", 1) for line in machine.said(f"cat /proc/{pid}/status").splitlines() if ":\t" in line)


def test_setup_gives_a_service_that_works_under_its_limits(machine):
    installed(machine)
    said = machine.run(SETUP).stdout
    assert "serviço: itrwatch.service ligado" in said
    assert "valid users = @fiscais" in said
    assert "erro " not in said
    assert "pode escrever na entrada" not in said
    assert shown(machine, "ActiveState") == "active"
    put_case(machine)
    until(lambda: published(machine), lambda: journal(machine))
    until(lambda: "publicado" in journal(machine), lambda: journal(machine))
    until(lambda: "publicadas: 1" in shown(machine, "StatusText"), lambda: journal(machine))
    modes = machine.said(f"stat -c '%a %U %G' '/srv/itr/saida/{CASE}' '/srv/itr/saida/{CASE}/NOTI.pdf'").splitlines()
    assert modes == ["2750 itrwatch fiscais", "640 itrwatch fiscais"]
    assert "uf: GO" in machine.said("cat /etc/itrwatch/config.yaml")
    watched(machine)
    confined(machine)
    named(machine)
    brought_back(machine)
    reloaded(machine)
    before = shown(machine, "MainPID")
    machine.run(SETUP)  # may be called again, and takes the service along
    assert shown(machine, "MainPID") != before
    machine.run("systemctl stop itrwatch")
    assert shown(machine, "Result") == "success"
    assert shown(machine, "ExecMainStatus") == "0"
    stopped = machine.run("itrwatch status --brief", check=False)
    assert (stopped.returncode, "parado" in stopped.stdout) == (2, True)


def watched(machine):
    """One look from outside: as root, as the service's own user, and as one who may read neither folder nor lock."""
    done = machine.run("itrwatch status --brief", check=False)
    assert (done.returncode, "em execução" in done.stdout, "1 processo: 1 a conferir" in done.stdout) == (0, True, True)
    assert machine.run("runuser -u itrwatch -- itrwatch status --json").returncode == 0
    other = machine.run("setpriv --reuid=65534 --regid=65534 --clear-groups itrwatch status --brief", check=False)
    assert (other.returncode, "não se sabe" in other.stdout) == (1, True)
    said = machine.run("runuser -u itrwatch -- itrwatch doctor --quiet").stdout
    assert [line for line in said.splitlines() if line.startswith(("erro", "atenção"))] == [
        "atenção  nome no Windows: “share_name” está vazio: o painel e o LEIA-ME.html dizem “/srv/itr/entrada”, que ninguém reconhece no Windows"
    ]


def named(machine):
    """The share's name in the configuration ends the doctor's last word, and comes into the guide that lies in the outbox."""
    machine.run(r"echo 'share_name: \\servidor\entrada' >> /etc/itrwatch/config.yaml && systemctl reload itrwatch")
    assert machine.run("runuser -u itrwatch -- itrwatch doctor --quiet").stdout == ""
    until(lambda: r"\\servidor\entrada" in machine.said("cat /srv/itr/saida/LEIA-ME.html"), lambda: journal(machine))


def brought_back(machine):
    """The outbox alone, copied and laid back as the page says: the same state, and nothing is published anew."""
    heading = "Cópia de segurança e volta"
    facts = "cd /srv/itr/saida && find . -path ./.itrwatch -prune -o -type f ! -name index.html -printf '%P %s %T@ %u %g %m\\n' | sort"
    machine.run(commands(heading, "cópia"))
    before, cases = machine.said(facts), json.loads(machine.said("itrwatch status --json"))["cases"]
    machine.run(commands(heading, "volta"))
    until(lambda: "publicadas: 1" in shown(machine, "StatusText"), lambda: journal(machine))
    assert machine.said(facts) == before
    assert json.loads(machine.said("itrwatch status --json"))["cases"] == cases
    assert "anteriores" not in machine.said("ls -R /srv/itr/saida")


def reloaded(machine):
    """A wrong configuration is reported and changes nothing; a good one is taken; the process stays."""
    main = shown(machine, "MainPID")
    machine.run("echo 'settle_secs: 3' >> /etc/itrwatch/config.yaml && systemctl reload itrwatch")
    until(lambda: "settle_seconds" in journal(machine), lambda: journal(machine))
    machine.run(
        "sed -i 's/^settle_secs: 3/watch: polling/; s/^watch: auto.*//' /etc/itrwatch/config.yaml && systemctl reload itrwatch"
    )
    until(lambda: "varredura" in journal(machine) or "polling" in journal(machine), lambda: journal(machine))
    put_case(machine, later := "10265.226695-2023-03")
    until(lambda: published(machine, later), lambda: journal(machine))
    assert shown(machine, "MainPID") == main


def confined(machine):
    """The service and what its page workers are forked from as the kernel sees them, and what they see of the machine."""
    main = shown(machine, "MainPID")
    fork_server = machine.said("pgrep --full itrwatch.workers.fork_server")
    for pid in (main, fork_server):
        status = status_of(machine, pid)
        assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
        assert {status[key] for key in ("CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
    assert re.search(r"Max core file size\s+0\s+0", machine.said(f"cat /proc/{fork_server}/limits"))
    assert [line.split(":")[0].strip() for line in machine.said(f"cat /proc/{main}/net/dev").splitlines()[2:]] == ["lo"]
    inside = f"nsenter -t {main} -m -r"
    for path in ("/srv/itr/entrada/x", f"/srv/itr/entrada/{CASE}/x", "/etc/x", "/opt/itrwatch/x", "/var/x", "/usr/x"):
        assert "Read-only file system" in machine.run(f"{inside} touch '{path}'", check=False).stderr, path
    machine.run(f"{inside} touch /srv/itr/saida/.x && rm /srv/itr/saida/.x")
    assert machine.said(f"{inside} ls -A /root /home /tmp | tr -d '\\n'") == "/home:/root:/tmp:"
    assert int(shown(machine, "MemoryMax")) < 1 << 62
    assert shown(machine, "TasksMax") == "512"


def test_a_loop_that_is_dead_is_noticed_by_systemd_and_started_again(machine):
    installed(machine)
    quick = "[Service]\\nWatchdogSec=3\\nTimeoutAbortSec=1\\nRestartSec=0\\n"
    machine.run(
        f"mkdir -p /etc/systemd/system/itrwatch.service.d && printf '{quick}' > /etc/systemd/system/itrwatch.service.d/quick.conf"
    )
    machine.run(SETUP)
    main = shown(machine, "MainPID")
    machine.run(f"kill -{signal.SIGSTOP.value} {main}")
    until(
        lambda: shown(machine, "NRestarts") != "0" and shown(machine, "ActiveState") == "active",
        lambda: journal(machine),
    )
    assert shown(machine, "MainPID") != main
    put_case(machine)
    until(lambda: published(machine), lambda: journal(machine))


def test_a_wrong_configuration_fails_once_and_is_not_retried(machine):
    installed(machine)
    machine.run(SETUP)
    root = Path(f"/proc/{machine.pid}/root")
    for place, mark in (
        ("itrwatch.service.d/aviso.conf", "onfailure"),
        ("aviso@.service", "aviso"),
        ("itrwatch.service.d/metrics.conf", "metrics"),
    ):
        unit = root / "etc/systemd/system" / place
        unit.parent.mkdir(exist_ok=True)
        unit.write_text(re.search(rf"<!-- {mark} -->\n```ini\n(.*?)```", GUIDE, re.DOTALL)[1])
    (root / "usr/local/bin/mail").write_text(
        '#!/bin/sh\n{ echo "$@"; cat; } > /tmp/mail.part && mv /tmp/mail.part /tmp/mail\n'
    )
    machine.run("chmod 755 /usr/local/bin/mail; systemctl daemon-reload")
    machine.run("systemctl stop itrwatch && echo 'settle_secs: 3' >> /etc/itrwatch/config.yaml")
    assert machine.run("systemctl start itrwatch", check=False).returncode != 0
    until(lambda: shown(machine, "ActiveState") == "failed", lambda: journal(machine))
    until((root / "tmp/mail").exists, lambda: journal(machine))
    assert stat.S_IMODE((root / "var/log/itrwatch").stat().st_mode) == 0o755  # the collector of metrics can read there
    assert "-s itrwatch.service falhou em " in (root / "tmp/mail").read_text()
    assert "settle_seconds" in (root / "tmp/mail").read_text()
    assert (shown(machine, "ExecMainStatus"), shown(machine, "NRestarts")) == ("78", "0")
    assert "settle_seconds" in journal(machine)
    again = machine.run(SETUP, check=False)
    assert (again.returncode, "settle_seconds" in again.stderr) == (78, True)


def test_share_mounted_only_after_the_service_started(machine):
    """The mount reaches the service's own view of the machine, and the outbox that came can be written (R22, F49)."""
    installed(machine)
    machine.run(SETUP)
    for folder, owner, group in (("entrada", "itr-entrada", "itrwatch"), ("saida", "itrwatch", "fiscais")):
        rights = f"mode=2750,uid=$(id -u {owner}),gid=$(getent group {group} | cut -d: -f3)"
        machine.run(f"mount -t tmpfs -o {rights} tmpfs /srv/itr/{folder}")
    put_case(machine)
    until(lambda: published(machine), lambda: journal(machine))


def test_without_systemd_start_restart_and_stop_work_as_the_guide_says(machine):
    installed(machine)
    machine.run("mv /run/systemd/system /run/systemd/elsewhere")  # the sign by which programs know that systemd runs
    assert "runuser -u itrwatch -- itrwatch start" in machine.run(SETUP).stdout
    said = machine.run(commands("Sem o pacote do Debian", "sem systemd")).stdout.splitlines()
    assert [line.split(" (")[0] for line in said] == [
        "itrwatch em execução",
        "itrwatch parado",
        "itrwatch em execução",
        "itrwatch parado",
    ]
    assert "encerrando" in machine.said("cat /var/log/itrwatch/itrwatch.log")


def test_a_fiscal_on_the_share_after_the_commands_of_the_guide(machine):
    """The four commands but for the package: what Windows would do then is done with smbclient."""
    if machine.run("command -v smbd smbclient", check=False).returncode != 0:
        pytest.skip("samba is not installed")
    installed(machine)
    machine.run("rm -f /etc/systemd/system/smbd.service && systemctl daemon-reload")  # a container may have it masked
    _, setup, account, password = commands("Quatro comandos", "rede").splitlines()
    machine.run(f"{SETUP} {setup.removeprefix('itrwatch setup ')}")
    machine.run(f"{account}; printf 'segredo\nsegredo\n' | {password.replace('smbpasswd', 'smbpasswd -s')}")
    office = Path(f"/proc/{machine.pid}/root/tmp")
    (office / "noti.pdf").write_bytes(scan_bytes("N1", "N2"))
    (office / "processo.yaml").write_text("secoes:\n  - notificacao: noti.pdf\n")

    def client(share, orders, check=True):
        return machine.run(f"cd /tmp; smbclient //127.0.0.1/{share} -U maria%segredo -c '{orders}'", check=check).stdout

    until(lambda: "blocks" in client("entrada", "ls", check=False), lambda: journal(machine))
    client("entrada", f'mkdir "{CASE}"; cd "{CASE}"; put noti.pdf; put processo.yaml')
    until(lambda: published(machine), lambda: journal(machine))
    client("saida", f'cd "{CASE}"; get NOTI.pdf')
    assert (office / "NOTI.pdf").read_bytes().startswith(b"%PDF-")
    assert "ACCESS_DENIED" in client("saida", f'cd "{CASE}"; put processo.yaml x.yaml', check=False)
    assert ".itrwatch" not in client("saida", "ls")


def test_two_offices_run_side_by_side(machine):
    """Each with its own folders, readers and configuration; one is stopped and the other works on."""
    installed(machine)
    machine.run(SETUP)
    machine.run(commands("Várias repartições no mesmo servidor"))
    machine.run("printf 'settle_seconds: 1\\nrescan_seconds: 2\\nworkers: 1\\n' >> /etc/itrwatch/norte.yaml")
    machine.run("systemctl restart itrwatch@norte")
    put_case(machine)
    put_case(machine, later := "10265.226695-2023-03", "/srv/itr/norte")
    until(lambda: published(machine), lambda: journal(machine))
    until(lambda: published(machine, later, "/srv/itr/norte"), lambda: journal(machine))
    owner = machine.said(f"stat -c '%U %G' '/srv/itr/norte/saida/{later}/NOTI.pdf'")
    assert owner == "itrwatch fiscais-norte"
    assert not published(machine, later)
    machine.run("systemctl stop itrwatch@norte")
    assert machine.run("itrwatch status --brief --config /etc/itrwatch/norte.yaml", check=False).returncode == 2
    assert machine.run("itrwatch status --brief", check=False).returncode == 0
    inside = f"nsenter -t {shown(machine, 'MainPID')} -m -r"
    assert "Read-only" in machine.run(f"{inside} touch /srv/itr/norte/saida/x", check=False).stderr


def test_every_fstab_line_of_the_guide_is_understood():
    lines = "".join(re.findall(r"<!-- fstab -->\n```\n(.*?)```", GUIDE, re.DOTALL)).splitlines()
    assert len(lines) == 4
    for line in lines:
        _, point, kind, options, dump, check = line.split()
        assert point in ("/srv/itr/entrada", "/srv/itr/saida")
        assert ("ro" in options.split(",")) == (point == "/srv/itr/entrada")
        assert {"nofail", "_netdev", "actimeo=1"} <= set(options.split(","))
        assert (kind in ("cifs", "nfs4"), dump, check) == (True, "0", "0")
