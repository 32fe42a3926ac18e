"""The figures of a VAT return: per rate, from what was split off, beside what the books say."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from cheques.models import VatPeriod
from cheques.vat import used_by_rate
from kernel.periods import Period, month_of, split_at_months
from ledger.balances import moved
from ledger.models import Account, ClosedMonth


@dataclass(frozen=True)
class Rate:
    """What was used at one rate: the amount without VAT, and the VAT."""

    rate: Decimal
    net_cents: int
    vat_cents: int


@dataclass(frozen=True)
class Return:
    """A period of whole months. `open_months` were used in and are not split off yet."""

    period: Period[date]
    rates: list[Rate]
    booked_cents: int
    open_months: list[date]

    @property
    def vat_cents(self) -> int:
        return sum(row.vat_cents for row in self.rates)

    @property
    def ties(self) -> bool:
        """Whether the return asks what stands on the VAT account for the period."""
        return self.vat_cents == self.booked_cents


def of(period: Period[date]) -> Return:
    """Return the figures of a period of whole months."""
    rows = (
        VatPeriod.objects.filter(month__gte=period.start, month__lt=period.end)
        .values("rate")
        .annotate(gross=Sum("gross_cents"), vat=Sum("vat_cents"))
        .order_by("rate")
    )
    booked = moved(Account.REVENUE, Account.VAT, start=period.start, end=period.end)
    back = moved(Account.VAT, Account.REVENUE, start=period.start, end=period.end)
    return Return(
        period, [Rate(row["rate"], row["gross"] - row["vat"], row["vat"]) for row in rows], booked - back,
        [month.start for month in split_at_months(period) if _is_open(month.start)],
    )  # fmt: skip


def _is_open(month: date) -> bool:
    days = month_of(month)
    if ClosedMonth.objects.filter(month=month).exists():
        return False  # what came later is in a later month
    split = set(VatPeriod.objects.filter(month=days.start).values_list("rate", flat=True))
    return bool(set(used_by_rate(days.start, days.end)) - split)
