"""The state machine of `machine.py`, so many steps. `make stateful STEPS=200000` runs it longer, on new seeds."""

import os
import time

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from books import proof_of_value
from tests.cheques.machine import Cheques, done

LENGTH = 50


def test_the_cheques_are_as_their_model_whatever_happens(committed_db, capsys):
    steps = int(os.environ.get("STEPS", "1000"))
    searching = "STEPS" in os.environ
    done.clear()
    began = time.monotonic()

    while done["steps"] < steps:
        run_state_machine_as_test(
            Cheques,
            settings=settings(
                max_examples=max(1, (steps - done["steps"]) // LENGTH), stateful_step_count=LENGTH,
                derandomize=not searching, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
        if not searching:
            break

    with capsys.disabled():
        took = time.monotonic() - began
        print(
            f"\nstateful: {done['steps']:,} steps in {took:.0f} s, 0 differences from the model; {dict(done)}"
        )
    assert all(found.holds for found in proof_of_value.all_of() if not found.code.startswith("orders"))
