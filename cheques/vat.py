"""Split VAT off what was used in a month: per rate, on the total (rules C4, T4)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum

from cheques.models import Outstanding, Redemption, VatKind, VatPeriod
from cheques.redemption import worth
from events.recording import record
from kernel.money import vat_inside
from kernel.periods import month_of
from lawbook.cheques import PRICE_CENTS
from ledger.models import Account
from ledger.posting import Move, post


@transaction.atomic(durable=True)
def close_month(month: date, *, at: datetime) -> list[VatPeriod]:
    """Book the VAT of a month, once per rate; return the rows."""
    return split_off(month, at=at)


def split_off(month: date, *, at: datetime) -> list[VatPeriod]:
    """Book the VAT of a month, once per rate; return the rows. Step: the caller owns the transaction."""
    days = month_of(month)
    rows = []
    for rate, gross in sorted(used_by_rate(days.start, days.end).items()):
        row, fresh = VatPeriod.objects.get_or_create(
            month=days.start, rate=rate,
            defaults={
                "gross_cents": gross, "vat_cents": vat_inside(gross, rate), "entry_key": f"vat:{days.start:%Y-%m}:{rate}",
            },
        )  # fmt: skip
        if fresh:
            post(row.entry_key, days.start, Move(Account.REVENUE, Account.VAT, row.vat_cents))
            record("vat.closed", row, by_id=None, at=at, vat_cents=row.vat_cents)
        rows.append(row)
    return rows


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
