"""`make planted`: twelve bugs of the kind that people write, planted one by one; each must be caught.

A bug is a change in the source of one function (or in a rule of the database), made in memory in a database of its
own. It is caught when the state machine, the hammer or the storm goes red. Exit 1 when one lives, or when the
untouched product is red.
"""

import importlib
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from benchmarks import ground, hammer, storm
from tests.cheques import machine

STEPS, TRIES, WEBHOOKS, LENGTH = 2_000, 480, 150, 40


@dataclass(frozen=True)
class Bug:
    """What is wrong, where, and who must notice."""

    what: str
    where: str
    right: str
    wrong: str
    noticed_by: str = "stateful"


BUGS = (
    Bug("an expired cheque can be spent until the sweep", "cheques.lots:usable", "wallet=wallet, expires_at__gt=start_at", "wallet=wallet"),
    Bug("the newest cheque is taken first", "cheques.lots:usable", '"expires_at", "issued_at"', '"-expires_at"'),
    Bug("a cheque is worth the price of today", "cheques.redemption:_taken", "worth(minutes, price_cents)", "worth(minutes, 1000)"),
    Bug("a visit can be paid twice", "cheques.redemption:redeem", "raise AlreadyRedeemed(key)", "pass"),
    Bug("a cancelled booking keeps a part aside", "cheques.holds:release", "in held_parts(hold):", "in held_parts(hold)[1:]:"),
    Bug("what was outstanding is charged to every next order", "cheques.redemption:settle_outstanding", "row.settled_minutes += part", "pass"),
    Bug("a refund that fails later leaves the money out of the books", "cheques.converging:settle_refund", "if before != Refund.State.REQUESTED:", "if before == Refund.State.REQUESTED:"),
    Bug("a refund pays hours back that are kept aside", "cheques.refunds:request", "minutes <= lot.free_minutes", "minutes <= lot.minutes"),
    Bug("what is kept aside of a disputed order can still be spent", "cheques.chargebacks:_freeze", "lots.held_of(lot.pk)", "[]"),
    Bug("two writers do not wait for each other", "cheques.lots:locked_wallet", ".select_for_update(no_key=True)", "", "hammer"),
    Bug("a letter of an hour ago is believed", "cheques.stripe_gateway:open_letter", "tolerance=TOLERANCE_SECONDS", "tolerance=None", "storm"),
    Bug("a fee at Stripe is booked as a gain", "cheques.stripe_mirror:_mirror", "Move(Account.FEES, Account.STRIPE, line.fee_cents)", "Move(Account.STRIPE, Account.FEES, line.fee_cents)", "storm"),
)  # fmt: skip


@contextmanager
def planted(bug: Bug) -> Iterator[None]:
    """Change the source of one function in memory, for as long as the block lasts."""
    module_name, _, name = bug.where.partition(":")
    module = importlib.import_module(module_name)
    before = getattr(module, name)
    source = textwrap.dedent(inspect.getsource(before))
    assert bug.right in source, f"{bug.where} does not say {bug.right!r} any more"
    namespace: dict[str, Any] = {}
    code = compile(source.replace(bug.right, bug.wrong), inspect.getfile(module), "exec")
    exec(code, module.__dict__, namespace)
    setattr(module, name, namespace[name])
    try:
        yield
    finally:
        setattr(module, name, before)


def stateful() -> str:
    """Return what the state machine says first, or nothing."""
    machine.done.clear()
    try:
        run_state_machine_as_test(
            machine.Cheques,
            settings=settings(
                max_examples=STEPS // LENGTH, stateful_step_count=LENGTH, derandomize=True, database=None, deadline=None,
                phases=[Phase.generate], report_multiple_bugs=False, print_blob=False,
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
    except (Exception, pytest.fail.Exception) as fault:  # noqa: BLE001 - any of them is what was hoped for
        return f"after {machine.done['steps']} steps: {_first_line(fault)}"
    return ""


def hammered() -> str:
    """Return what the hammer finds, or nothing."""
    found = hammer.run(TRIES)
    return (
        "" if found.is_whole else f"{found.doubles} doubles, {len(found.drift)} drift, {found.errors} errors"
    )


def stormed() -> str:
    """Return what the storm finds, or nothing."""
    return "; ".join(storm.run(WEBHOOKS).faults)


TRIALS: dict[str, Callable[[], str]] = {"stateful": stateful, "hammer": hammered, "storm": stormed}


def _first_line(fault: BaseException) -> str:
    said = str(fault).strip().splitlines()
    return f"{type(fault).__name__}: {said[0][:90]}" if said else type(fault).__name__


def main() -> int:
    """Try the product as it is, then with each bug."""
    lived = 0
    for name, trial in TRIALS.items():
        with ground.own_database("planted"):
            said = trial()
        lived += bool(said)
        sys.stdout.write(f"no bug      {name:<9} {said or 'green, as it should'}\n")
    for number, bug in enumerate(BUGS, 1):
        began = monotonic()
        with ground.own_database("planted"), planted(bug):
            said = TRIALS[bug.noticed_by]()
        lived += not said
        outcome = f"caught {said}" if said else "LIVED"
        sys.stdout.write(
            f"{number:>2}. {bug.what}\n    {bug.noticed_by}, {monotonic() - began:.0f} s: {outcome}\n"
        )
        sys.stdout.flush()
    caught = len(BUGS) - lived
    sys.stdout.write(f"{caught} of {len(BUGS)} bugs caught\n")
    return 1 if lived else 0


if __name__ == "__main__":
    sys.exit(main())
