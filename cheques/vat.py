"""Split VAT off what was used in a month: per rate, on the total (rules C4, T4).

What firms used is invoiced, and its VAT is that of each invoice; of the rest it is counted on the total.
What was confirmed or taken back after its month was split off changes no return that was sent: the difference is in the
figures of the next month that is split off.
"""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum

from cheques import usage_invoicing
from cheques.models import Outstanding, Redemption, VatKind, VatPeriod
from cheques.redemption import worth
from events.recording import record
from kernel.money import vat_inside
from kernel.periods import month_of
from lawbook.cheques import PRICE_CENTS
from ledger.models import Account, ClosedMonth
from ledger.posting import Move, post


@transaction.atomic(durable=True)
def close_month(month: date, *, at: datetime) -> list[VatPeriod]:
    """Book the VAT of a month, once per rate; return the rows."""
    return split_off(month, at=at)


def split_off(month: date, *, at: datetime) -> list[VatPeriod]:
    """Book the VAT of a month, once per rate; return the rows. Step: the caller owns the transaction."""
    days = month_of(month)
    if ClosedMonth.objects.filter(month=days.start).exists():
        return list(VatPeriod.objects.filter(month=days.start).order_by("rate"))
    rows, used, late = [], used_by_rate(days.start, days.end), late_by_rate(days.start)
    invoiced = usage_invoicing.by_rate(usage_invoicing.of_month(days.start, at=at))
    for rate in sorted(used.keys() | {rate for rate, cents in late.items() if cents}):
        gross = used.get(rate, 0) + late.get(rate, 0)
        per_invoice, vat = invoiced.get(rate, (0, 0))
        row, fresh = VatPeriod.objects.get_or_create(
            month=days.start, rate=rate,
            defaults={
                "gross_cents": gross, "vat_cents": vat + vat_inside(gross - per_invoice, rate), "entry_key": f"vat:{days.start:%Y-%m}:{rate}",
            },
        )  # fmt: skip
        if fresh:
            _book(row, days.start)
            record("vat.closed", row, by_id=None, at=at, vat_cents=row.vat_cents)
        rows.append(row)
    return rows


def _book(row: VatPeriod, day: date) -> None:
    if row.vat_cents > 0:
        post(row.entry_key, day, Move(Account.REVENUE, Account.VAT, row.vat_cents))
    elif row.vat_cents < 0:  # more was taken back than used
        post(row.entry_key, day, Move(Account.VAT, Account.REVENUE, -row.vat_cents))


def late_by_rate(month: date) -> dict[Decimal, int]:
    """Return the cents, VAT included, by which months that were split off before this one have changed since."""
    split = VatPeriod.objects.filter(month__lt=month)
    late: dict[Decimal, int] = {}
    for earlier in set(split.values_list("month", flat=True)):
        for rate, gross in used_by_rate(earlier, month_of(earlier).end).items():
            late[rate] = late.get(rate, 0) + gross
    for row in split:
        late[row.rate] = late.get(row.rate, 0) - row.gross_cents
    return late


def used_by_rate(start: date, end: date) -> dict[Decimal, int]:
    """Return the cents of hours used in [start, end), VAT included, by rate."""
    at_use = Redemption.objects.filter(
        movement__lot__vat_kind=VatKind.MULTI
    )  # of others VAT fell due at sale
    used = at_use.filter(used_on__gte=start, used_on__lt=end).values("vat_rate")
    totals = {row["vat_rate"]: row["total"] for row in used.annotate(total=Sum("cents"))}
    owed = Outstanding.objects.filter(used_on__gte=start, used_on__lt=end, minutes__gt=F("settled_minutes"))
    for row in owed:
        cents = worth(row.minutes - row.settled_minutes, PRICE_CENTS.on(row.used_on))
        totals[row.vat_rate] = totals.get(row.vat_rate, 0) + cents
    return totals
