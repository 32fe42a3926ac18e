"""Who still owes what, how long, and the reminders they get."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from cheques import payables
from cheques.firm_models import Invoice, Reminder
from events.recording import record
from identity.models import Customer
from lawbook.invoicing import REMINDER_DAYS

AGES = (0, 30, 60, 90)  # days after the last day to pay; the last group has no end


@dataclass
class Open:
    """An invoice that is not paid, what is open of it, and how many days too late (below zero: not due)."""

    invoice: Invoice
    cents: int
    days_late: int


@dataclass
class Debtor:
    """A customer with open invoices; `by_age` is what is not due, then late up to 30, 60, 90 days, then more."""

    customer: Customer
    invoices: list[Open] = field(default_factory=list)

    @property
    def by_age(self) -> list[int]:
        """Return cents for each age."""
        groups = [0] * (len(AGES) + 1)
        for one in self.invoices:
            groups[sum(one.days_late > age for age in AGES)] += one.cents
        return groups

    @property
    def cents(self) -> int:
        """Everything that is open."""
        return sum(one.cents for one in self.invoices)


def open_invoices(*, on: date, customer_id: int | None = None) -> list[Open]:
    """Return invoices that are not wholly paid or credited, by customer, the oldest first."""
    left = {one.target: one.open_cents for one in payables.all_of()}
    rows = Invoice.objects.filter(kind=Invoice.Kind.INVOICE).select_related("customer", "order")
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    found = [
        Open(row, left[f"invoice:{row.pk}"], (on - row.due_on).days)
        for row in rows.order_by("customer__name", "customer", "due_on", "pk")
    ]
    return [one for one in found if one.cents > 0]


def aged(*, on: date) -> list[Debtor]:
    """Return who owes what on a day, by age."""
    rows: Iterable[Open] = open_invoices(on=on)
    return [
        Debtor(customer, list(group))
        for customer, group in groupby(rows, key=lambda one: one.invoice.customer)
    ]


@transaction.atomic(durable=True)
def remind_due(*, at: datetime) -> list[Reminder]:
    """Remind of every invoice that is late, each step once; return what was sent now.

    Somebody who was never reminded starts with the first step, however late it is.
    """
    today = timezone.localdate(at)
    steps = REMINDER_DAYS.on(today)
    made = []
    for one in open_invoices(on=today):
        last = one.invoice.reminders.order_by("-step").first()
        step = last.step + 1 if last else 1
        rested = last is None or last.sent_on < today
        if step <= len(steps) and one.days_late >= steps[step - 1] and rested:
            reminder, fresh = Reminder.objects.get_or_create(
                invoice=one.invoice, step=step, defaults={"open_cents": one.cents, "sent_on": today}
            )
            if fresh:
                record("invoice.reminded", one.invoice, by_id=None, at=at, step=step, open_cents=one.cents)
                made.append(reminder)
    return made
