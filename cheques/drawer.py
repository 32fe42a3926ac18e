"""Count the cash drawer of a desk, name the difference, and take money out for the bank.

Money taken out stays in the account `cash` until the bank line of its deposit is matched.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from cheques.counter_models import DrawerCount
from cheques.models import Order
from events.recording import record
from identity.models import Neighbourhood, User
from kernel.errors import Refused
from kernel.periods import local_day
from ledger.models import Account
from ledger.posting import Move, post


class NotAnAmount(Refused):
    """Below nothing, or more goes to the bank than lies there."""


class CountedBefore(Refused):
    """This drawer was counted today."""


class SayWhy(Refused):
    """A difference needs words."""


def expected(neighbourhood_id: int, *, at: datetime) -> int:
    """Return the cents that should lie in a desk's drawer: what the last count left there, and sales since."""
    last = (
        DrawerCount.objects.filter(neighbourhood=neighbourhood_id, counted_at__lte=at)
        .order_by("-counted_at")
        .first()
    )
    sales = Order.objects.filter(
        way=Order.Way.CASH, state=Order.State.PAID, customer__neighbourhood=neighbourhood_id, paid_at__lte=at
    )
    if last:
        sales = sales.filter(paid_at__gt=last.counted_at)
    taken = sales.aggregate(total=Coalesce(Sum("total_cents"), 0))["total"]
    return int(taken) + (last.counted_cents - last.banked_cents if last else 0)


@transaction.atomic(durable=True)
def count(
    neighbourhood_id: int, *, counted_cents: int, banked_cents: int, words: str, by: User, at: datetime
) -> DrawerCount:
    """Close a desk's day: what lay in the drawer, and what of it goes to the bank. A difference is booked as such.

    :raises NotAnAmount: an amount below nothing, or more to the bank than was counted.
    :raises SayWhy: it differs from the books and nobody said a word about it.
    :raises CountedBefore: once a day.
    """
    desk = Neighbourhood.objects.select_for_update(no_key=True).get(pk=neighbourhood_id)
    if counted_cents < 0 or not 0 <= banked_cents <= counted_cents:
        raise NotAnAmount(_("Vul in hoeveel geld er ligt, en hoeveel daarvan naar de bank gaat."))
    day = local_day(at)
    if DrawerCount.objects.filter(neighbourhood=desk, day=day).exists():
        raise CountedBefore(_("De kas is vandaag al geteld."))
    should = expected(neighbourhood_id, at=at)
    difference = counted_cents - should
    if difference and not words.strip():
        raise SayWhy(_("De kas klopt niet met de boeken. Schrijf erbij hoe dat komt."))
    row = DrawerCount.objects.create(
        neighbourhood=desk, day=day, expected_cents=should, counted_cents=counted_cents, banked_cents=banked_cents,
        words=words.strip(), counted_at=at, counted_by=by,
    )  # fmt: skip
    if difference:
        over = Move(Account.CASH, Account.CASH_DIFFERENCE, difference)
        short = Move(Account.CASH_DIFFERENCE, Account.CASH, -difference)
        post(f"drawer:{row.pk}", day, over if difference > 0 else short)
    record(
        "drawer.counted", row, by_id=by.pk, at=at, counted_cents=counted_cents, difference_cents=difference
    )
    return row
