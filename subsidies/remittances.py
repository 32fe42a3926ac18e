"""Money of a municipality that came in or went back, and what it was for: a claim, a grant, an advance, a clawback."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Sum

from bank.matching import allocate, mentions, one_at_a_time, with_open_cents
from bank.models import Allocation, Line
from ledger.models import Account
from subsidies import advances, clawbacks
from subsidies.claims import received_cents, settle, total_cents
from subsidies.models import Advance, Claim, Clawback, Grant

__all__ = ["match_open_lines", "received_cents"]


@dataclass(frozen=True)
class Owed:
    """What a reference stands for: cents still to come in (above zero) or to go out (below)."""

    ref: str
    target: str
    open_cents: Callable[[], int]
    done: Callable[[], None]


@transaction.atomic(durable=True)
def match_open_lines(*, at: datetime) -> int:
    """Allocate lines that name a claim, grant, advance or clawback, in part or whole; return how many lines.

    One line may pay several that it names; what is more than was asked waits in the queue.
    """
    one_at_a_time()
    owed = list(_owed())
    return sum(_allocate(line, left, owed, at) for line, left in with_open_cents())


def _allocate(line: Line, left: int, owed: list[Owed], at: datetime) -> bool:
    paid = 0
    for one in owed:
        if not mentions(line, one.ref):
            continue
        still = one.open_cents()
        part = min(left - paid, still) if left > 0 else max(left - paid, still)
        if part * left > 0 and still * left > 0:
            allocate(line, cents=part, target=one.target, against=Account.SUBSIDIES_DUE, at=at)
            paid += part
            one.done()
    return paid != 0


def _owed() -> Iterator[Owed]:
    claims = Claim.objects.select_for_update(no_key=True).filter(state=Claim.State.SENT)
    for claim in claims.order_by("pk"):
        yield Owed(claim.ref, f"claim:{claim.pk}", partial(_open_of_claim, claim), partial(settle, claim))
    grants = Grant.objects.select_for_update(no_key=True).filter(state=Grant.State.ASKED)
    for grant in grants.order_by("pk"):
        yield Owed(grant.ref, f"grant:{grant.pk}", partial(_open_of_grant, grant), partial(_granted, grant))
    for advance in Advance.objects.select_for_update(no_key=True).order_by("pk"):
        target = f"town_advance:{advance.pk}"
        yield Owed(advance.ref, target, partial(_open_of_advance, advance), _nothing)
        yield Owed(advance.ref, f"{target}:back", partial(_back_of_advance, advance), _nothing)
    for back in Clawback.objects.select_for_update(no_key=True).order_by("pk"):
        yield Owed(back.ref, f"clawback:{back.pk}", partial(_open_of_clawback, back), _nothing)


def _open_of_claim(claim: Claim) -> int:
    return total_cents(claim) - received_cents(claim)


def _open_of_grant(grant: Grant) -> int:
    return grant.cents - granted_cents(grant)


def _open_of_advance(advance: Advance) -> int:
    return advance.cents - advances.banked_cents(advance)


def _back_of_advance(advance: Advance) -> int:
    return -advances.left_cents(advance)


def _open_of_clawback(back: Clawback) -> int:
    return clawbacks.repaid_cents(back) - back.cents


def granted_cents(grant: Grant) -> int:
    """Return what came in for a grant."""
    return Allocation.objects.filter(target=f"grant:{grant.pk}").aggregate(total=Sum("cents"))["total"] or 0


def _granted(grant: Grant) -> None:
    if granted_cents(grant) == grant.cents:
        grant.state = Grant.State.RECEIVED
        grant.save(update_fields=["state"])


def _nothing() -> None:
    """An advance and a clawback have no state: what is open of them follows from the bank."""
