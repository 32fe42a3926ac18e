"""What was sold and not used on a day, by lot: any day in the past gives the same answer every time it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, IntegerField, Sum, When

from cheques.models import Lot, Movement, Refund
from cheques.redemption import worth
from kernel.periods import end_of_day, local_day
from ledger.balances import balance
from ledger.models import Account, Entry

UNSPENT = (Movement.Figure.FREE, Movement.Figure.HELD, Movement.Figure.FROZEN)


@dataclass(frozen=True)
class Owed:
    """What of one lot was still to be used."""

    lot: Lot
    minutes: int
    cents: int

    @property
    def sold_on(self) -> date:
        return local_day(self.lot.issued_at)

    def age_days(self, on: date) -> int:
        return (on - self.sold_on).days


@dataclass(frozen=True)
class Liability:
    """All that was still to be used at the end of a day, and the account that must say the same."""

    day: date
    lots: Sequence[Owed]
    refunds_under_way_cents: int
    account_cents: int

    @property
    def cents(self) -> int:
        return sum(row.cents for row in self.lots)

    @property
    def ties(self) -> bool:
        """Whether lots, and refunds asked and not yet gone, are what the account of the books has."""
        return self.cents + self.refunds_under_way_cents == self.account_cents

    def by_month_of_sale(self) -> dict[date, tuple[int, int]]:
        """Return first day of the month -> (minutes, cents), oldest first."""
        found: dict[date, tuple[int, int]] = {}
        for row in sorted(self.lots, key=lambda row: row.sold_on):
            month = row.sold_on.replace(day=1)
            minutes, cents = found.get(month, (0, 0))
            found[month] = (minutes + row.minutes, cents + row.cents)
        return found


def at_end_of(day: date) -> Liability:
    """Return what was sold and not used at the end of a day."""
    until = end_of_day(day)
    moved = (
        Movement.objects.filter(at__lt=until)
        .values("lot_id")
        .annotate(
            left=Sum(
                Case(When(target__in=UNSPENT, then=F("minutes")), default=0, output_field=IntegerField())
                - Case(When(source__in=UNSPENT, then=F("minutes")), default=0, output_field=IntegerField())
            )
        )
        .filter(left__gt=0)
    )
    left = {row["lot_id"]: row["left"] for row in moved}
    lots = (
        Lot.objects.filter(pk__in=left).select_related("order", "parent__order").order_by("issued_at", "pk")
    )
    rows = [Owed(lot, left[lot.pk], worth(left[lot.pk], lot.price_cents)) for lot in lots]
    books = -balance(Account.CHEQUES, until=local_day(until))
    return Liability(day, rows, _refunds_under_way(day), books)


def _refunds_under_way(day: date) -> int:
    """Return the cents of refunds that were asked by then, and had neither gone out nor failed."""
    until = end_of_day(day)
    asked = Refund.objects.filter(requested_at__lt=until).exclude(stripe_id="", settled_at__lt=until)
    gone = _refunds_with_entry(day)
    back = set(
        Movement.objects.filter(key__startswith="refund:", key__endswith=":back", at__lt=until).values_list(
            "key", flat=True
        )
    )
    return sum(
        refund.cents for refund in asked if refund.pk not in gone and f"refund:{refund.pk}:back" not in back
    )


def _refunds_with_entry(day: date) -> set[int]:
    keys = Entry.objects.filter(key__startswith="refund:", day__lte=day).values_list("key", flat=True)
    return {int(key.split(":")[1]) for key in keys if key.count(":") == 1}
