"""Money a town pays before claims are made: what came in, which claims it paid, what goes back."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from bank.models import Allocation
from events.recording import record
from identity.models import Municipality, User
from kernel.errors import Refused
from subsidies import claims
from subsidies.models import Advance, AdvanceUse, Claim


class NotAnAdvance(Refused):
    """The days or the amount contradict each other."""


class NotEnoughLeft(Refused):
    """The advance or the claim has not that much left, or they are of two towns."""


@transaction.atomic(durable=True)
def announce(
    *,
    municipality: Municipality,
    cents: int,
    from_on: date,
    until_on: date,
    letter: str,
    by: User,
    at: datetime,
) -> Advance:
    """Write down an advance that a town will pay; it names the reference when it does.

    :raises NotAnAdvance: no amount, or no days.
    """
    if cents <= 0 or until_on <= from_on:
        raise NotAnAdvance(_("Vul een bedrag in, en een einde na het begin."))
    advance = Advance.objects.create(
        municipality=municipality, cents=cents, from_on=from_on, until_on=until_on, letter=letter
    )
    record("advance.announced", advance, by_id=by.pk, at=at, cents=cents)
    return advance


@transaction.atomic(durable=True)
def settle(advance_id: int, *, claim_id: int, cents: int, by: User, at: datetime) -> AdvanceUse:
    """Let an advance pay (a part of) a claim of the same town. Nothing moves in the bank: the money was there.

    :raises NotEnoughLeft: see the class.
    """
    advance = Advance.objects.select_for_update(no_key=True).get(pk=advance_id)
    claim = Claim.objects.select_for_update(no_key=True).get(pk=claim_id)
    open_cents = claims.total_cents(claim) - claims.received_cents(claim)
    fits = 0 < cents <= min(left_cents(advance), open_cents)
    if not fits or claim.state != Claim.State.SENT or claim.municipality_id != advance.municipality_id:
        raise NotEnoughLeft(_("Zoveel staat er niet meer open, of het voorschot is van een andere gemeente."))
    use = AdvanceUse.objects.create(advance=advance, claim=claim, cents=cents, used_at=at, used_by=by)
    record("advance.used", advance, by_id=by.pk, at=at, claim=claim.pk, cents=cents)
    claims.settle(claim)
    return use


def banked_cents(advance: Advance) -> int:
    """Return what came in for an advance."""
    return (
        Allocation.objects.filter(target=f"town_advance:{advance.pk}").aggregate(total=Sum("cents"))["total"]
        or 0
    )


def received_cents(advance: Advance) -> int:
    """Return what came in for an advance, less what went back."""
    back = Allocation.objects.filter(target=f"town_advance:{advance.pk}:back").aggregate(total=Sum("cents"))[
        "total"
    ]
    return banked_cents(advance) + (back or 0)


def used_cents(advance: Advance) -> int:
    """Return what claims used of an advance."""
    return advance.uses.aggregate(total=Sum("cents"))["total"] or 0


def left_cents(advance: Advance) -> int:
    """Return what is in the bank and not used: what the town gets back at the end."""
    return received_cents(advance) - used_cents(advance)
