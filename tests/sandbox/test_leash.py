"""A stand-in ends with the test run that started it."""

import subprocess
import sys
from pathlib import Path

import requests

from tests.standins import eventually

ROOT = Path(__file__).resolve().parents[2]
STARTS = """
import sys, time; from pathlib import Path; from tests.standins import Running
print(Running("stripe_server", Path(sys.argv[1]), []).start().url, flush=True); time.sleep(600)
"""


def test_a_killed_run_leaves_no_stand_in_behind(tmp_path):
    run = subprocess.Popen(
        [sys.executable, "-c", STARTS, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    url = run.stdout.readline().strip()
    assert requests.get(f"{url}/health", timeout=10).ok

    run.kill()
    run.wait(timeout=10)

    def ended() -> bool:
        try:
            requests.get(f"{url}/health", timeout=10)
        except requests.ConnectionError:
            return True
        return False

    eventually(ended, seconds=20)
