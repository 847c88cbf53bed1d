"""A short day of the soak in bench/: the seed is fixed, what the daemon meets when is not."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_random_operations_then_rest_leave_what_a_fresh_run_makes():
    command = [sys.executable, "-m", "bench", "soak", "--seed", "3", "--operations", "60", "--cases", "4"]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 differences" in done.stdout
