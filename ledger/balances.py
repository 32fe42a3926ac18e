"""What stands on the accounts: sums, never stored."""

from datetime import date

from django.db.models import Q, Sum

from ledger.models import Account, Transfer


def balance(account: Account, *, party: str | None = None, until: date | None = None) -> int:
    """Return debit minus credit of an account in cents; `until` is exclusive."""
    rows = Transfer.objects.filter(**({"party": party} if party is not None else {}))
    if until:
        rows = rows.filter(entry__day__lt=until)
    sums = rows.aggregate(
        debit=Sum("cents", filter=Q(debit=account)), credit=Sum("cents", filter=Q(credit=account))
    )
    return (sums["debit"] or 0) - (sums["credit"] or 0)


def trial(*, until: date | None = None) -> dict[Account, int]:
    """Return debit minus credit of every account; they sum to zero by construction."""
    return {account: balance(account, until=until) for account in Account}


def moved(debit: Account, credit: Account, *, start: date | None = None, end: date | None = None) -> int:
    """Return the cents that went from `credit` to `debit` in [start, end)."""
    rows = Transfer.objects.filter(debit=debit, credit=credit)
    if start:
        rows = rows.filter(entry__day__gte=start)
    if end:
        rows = rows.filter(entry__day__lt=end)
    return int(rows.aggregate(total=Sum("cents"))["total"] or 0)
