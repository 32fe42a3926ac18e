"""Who lives with whom. What was bought stays with the household of that day."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Customer, Household, User
from kernel.errors import Refused


class NotAResident(Refused):
    """A firm lives with nobody."""


@transaction.atomic(durable=True)
def move(customer_id: int, *, to: Household | None, by: User, at: datetime) -> Customer:
    """Let a resident live with another household from now on, or in one of their own.

    :raises NotAResident: the customer is a firm.
    """
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    if customer.kind != Customer.Kind.RESIDENT:
        raise NotAResident(_("Alleen een bewoner hoort bij een huishouden."))
    before = customer.household_id
    customer.household = to or Household.objects.create()
    customer.save(update_fields=["household"])
    record("customer.moved", customer, by_id=by.pk, at=at, before=before, after=customer.household_id)
    return customer
