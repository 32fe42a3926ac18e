"""Which languages a customer speaks: who comes to help speaks one of them."""

from datetime import datetime

from django.db import transaction

from events.recording import record
from identity.models import Customer, User


@transaction.atomic(durable=True)
def speak(customer_id: int, *, languages: list[str], by: User, at: datetime) -> Customer:
    """Note what a customer speaks, from the next plan on. No language means that any will do."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    spoken = sorted(set(languages))
    if spoken != customer.languages:
        customer.languages = spoken
        customer.save(update_fields=["languages"])
        record("customer.speaks", customer, by_id=by.pk, at=at)
    return customer
