"""When a year is over, everybody whose cheques moved in it hears what happened."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from cheques import lots, statement
from cheques.models import Lot, Wallet
from events.models import Event
from events.recording import record
from identity.models import Customer
from kernel.periods import local_day, start_of_day

KIND = "statement.due"


def announce(*, at: datetime) -> int:
    """Record that last year's statement is due (`statement.due`), once for a customer and a year; return how many.

    Only for who had movements in it, and never for who bears paper, whom nobody knows.
    """
    year = local_day(at).year - 1
    start, end = start_of_day(date(year, 1, 1)), start_of_day(date(year + 1, 1, 1))
    moved = Lot.objects.filter(
        Q(movements__at__gte=start, movements__at__lt=end)
        | Q(extension__at__gte=start, extension__at__lt=end)
        | Q(expires_at__gt=start, expires_at__lte=end)
    )
    rows = Wallet.objects.filter(pk__in=moved.values("wallet")).exclude(customer__kind=Customer.Kind.BEARER)
    known = set(Event.objects.filter(kind=KIND, payload__year=year).values_list("subject", flat=True))
    customers = [row.customer_id for row in rows.order_by("pk") if f"wallet:{row.pk}" not in known]
    return sum(_announce(customer_id, year, at=at) for customer_id in customers)


@transaction.atomic(durable=True)
def _announce(customer_id: int, year: int, *, at: datetime) -> int:
    wallet = lots.locked_wallet(customer_id)
    said = Event.objects.filter(kind=KIND, subject=f"wallet:{wallet.pk}", payload__year=year)
    if said.exists() or not statement.of_year(customer_id, year, at=at).lines:
        return 0
    record(KIND, wallet, by_id=None, at=at, customer=customer_id, year=year)
    return 1
