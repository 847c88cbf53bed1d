"""``python -m release.audit REPORT``: what pip-audit's report (JSON) says, as an exit code and one line.

    every package looked up, none vulnerable   -> 0
    a known vulnerability                      -> 1, each with its number and the version that mends it
    no report, or packages not looked up       -> 0, with the words that the advisories could not be had

pip-audit itself says "No known vulnerabilities found" where the index has no advisories: what it did not look up stands
only in the report, as ``skip_reason``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def judge(report: Path) -> tuple[int, str]:
    """The exit code and what to say of pip-audit's ``report``, which may not be there."""
    if not report.exists():
        return 0, "pip-audit: advisories could not be had here (no answer); nothing was audited"
    packages = json.loads(report.read_text("utf-8"))["dependencies"]
    found = [
        f"{package['name']} {package['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'no version yet'}"
        for package in packages
        for flaw in package.get("vulns", ())
    ]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if found:
        return 1, "\n".join(["pip-audit: known vulnerabilities", *found])
    if skipped:
        return 0, f"pip-audit: advisories could not be had here for {len(skipped)} of {len(packages)} packages"
    return 0, f"pip-audit: {len(packages)} packages, no known vulnerability"


if __name__ == "__main__":
    code, words = judge(Path(sys.argv[1]))
    print(words)
    sys.exit(code)
