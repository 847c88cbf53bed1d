"""Another version of itrwatch was here before: what it published is read, shown and left as it is."""

import json
import shutil
from pathlib import Path

import pytest

from itrwatch.core.manifest import SCHEMA, ManifestError, NewerManifestError, from_json
from itrwatch.store.fingerprint import fingerprint
from itrwatch.store.inbox import take_snapshot
from tests.commands.test_cli import itrwatch

VERSIONS = Path(__file__).parents[1] / "versions"
DAYS = sorted(path.name for path in VERSIONS.iterdir() if path.name[:2] == "20")
PUBLISHED = "13153.720210-2019-34 Fazenda Boa Vista"
PENDING = "10265.226695-2023-03"


class Site:
    """An office whose outbox was filled by the itrwatch of ``day``; its inbox came back from a backup, with new times."""

    def __init__(self, root, day):
        self.inbox, self.outbox, self.config = root / "entrada", root / "saida", root / "config.yaml"
        shutil.copytree(VERSIONS / "entrada", self.inbox)
        shutil.copytree(VERSIONS / day, self.outbox)
        for entry in self.manifest()["files"]:
            (self.outbox / PUBLISHED / entry["name"]).write_bytes(b"x" * entry["bytes"])
        (self.outbox / PENDING / "PENDENTE.txt").write_text("de antes")
        self.config.write_text(f"inbox: {self.inbox}\noutbox: {self.outbox}\nsettle_seconds: 0\nworkers: 1\n")

    def manifest(self, name=PUBLISHED):
        return json.loads((self.outbox / name / "manifesto.json").read_text("utf-8"))

    def rewrite(self, change, name=PUBLISHED):
        body = self.manifest(name)
        change(body)
        (self.outbox / name / "manifesto.json").write_text(json.dumps(body), "utf-8")

    def published(self):
        """Every file of the published case."""
        return {path.name: path.read_bytes() for path in (self.outbox / PUBLISHED).iterdir()}

    def once(self):
        return itrwatch("once", "--config", self.config)

    def panel(self):
        return (self.outbox / "index.html").read_text("utf-8")


@pytest.fixture(params=DAYS)
def site(tmp_path, request):
    return Site(tmp_path, request.param)


@pytest.fixture
def latest(tmp_path):
    return Site(tmp_path, DAYS[-1])


def test_what_an_older_version_published_is_read_and_not_made_again(site):
    before, old = site.published(), site.manifest()
    done = site.once()
    assert done.returncode == 1, done.stderr  # the pending case still is
    after = site.published()
    assert {name: data for name, data in after.items() if name != "manifesto.json"} == {
        name: data for name, data in before.items() if name != "manifesto.json"
    }
    now = take_snapshot(site.inbox / PUBLISHED)
    assert site.manifest() == old | {"fingerprint": fingerprint(now).published}
    assert "NOTI.pdf" in itrwatch("status", "--config", site.config).stdout
    assert "13153.720210/2019-34" in site.panel()
    assert "NOTI.pdf" in site.panel()


def test_a_pending_case_of_an_older_version_is_taken_up_when_it_is_corrected(site):
    site.once()
    assert site.manifest(PENDING)["files"] == []
    (site.inbox / PENDING / "processo.yaml").write_text("secoes:\n  - notificacao: noti.pdf\n")
    assert site.once().returncode == 0
    assert [entry["name"] for entry in site.manifest(PENDING)["files"]] == ["NOTI.pdf"]


def test_a_correction_after_the_upgrade_moves_the_older_set_to_the_past(site):
    before = site.published()
    sidecar = site.inbox / PUBLISHED / "processo.yaml"
    sidecar.write_text(sidecar.read_text().replace("imp.pdf 1", "imp.pdf"))
    site.once()
    (past,) = (site.outbox / PUBLISHED / "anteriores").iterdir()
    assert {path.name: path.read_bytes() for path in past.iterdir()} == before
    assert len(site.manifest()["pages"]) == 5
    assert {page["outcome"] for page in site.manifest()["pages"]} == {"published", "removed"}


def test_what_a_later_version_added_to_a_manifest_stays_in_it(latest):
    def add(body):
        body["signed_by"] = "Maria"
        body["files"][0]["colour"] = True
        body["pages"][0]["weight"] = 80
        body["pages"][1]["evidence"]["shadow"] = 0.1

    latest.rewrite(add)
    old = latest.manifest()
    latest.once()
    assert latest.manifest() == old | {"fingerprint": latest.manifest()["fingerprint"]}
    assert latest.manifest()["fingerprint"] != old["fingerprint"]  # it was taken up, not just looked away from
    assert not (latest.outbox / PUBLISHED / "anteriores").exists()


def test_a_set_of_a_later_schema_is_named_everywhere_and_touched_nowhere(latest):
    latest.rewrite(lambda body: body.update(schema=SCHEMA + 1, version="3.1", files={"NOTI.pdf": {}}))
    before = latest.published()
    done = latest.once()
    said = "escrito pelo itrwatch 3.1, mais novo do que este"
    assert done.returncode == 1
    assert said in done.stderr
    assert said in itrwatch("status", "--config", latest.config).stdout
    assert said in latest.panel()
    sidecar = latest.inbox / PUBLISHED / "processo.yaml"
    sidecar.write_text(sidecar.read_text().replace("imp.pdf 1", "imp.pdf"))
    latest.once()
    assert latest.published() == before
    (latest.inbox / PENDING / "processo.yaml").write_text("secoes:\n  - notificacao: noti.pdf\n")
    latest.once()
    assert latest.manifest(PENDING)["files"]  # the others go on


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f'{{"schema": {SCHEMA + 1}, "version": "3.1"}}', NewerManifestError),
        (f'{{"schema": {SCHEMA + 1}}}', NewerManifestError),
        ('{"schema": 0, "version": "0.0"}', ManifestError),
        ('{"schema": true}', ManifestError),
        ('{"schema": "2"}', ManifestError),
        ("[2]", ManifestError),
    ],
)
def test_only_a_later_schema_is_of_a_later_version(text, kind):
    with pytest.raises(ManifestError) as caught:
        from_json(text)
    assert caught.type is kind
