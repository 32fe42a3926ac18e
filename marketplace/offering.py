"""Decide what can be booked: put the standard catalogue in, and switch a service on or off."""

from datetime import datetime

from django.db import transaction

from events.recording import record
from identity.models import User
from marketplace import catalogue
from marketplace.models import Service


@transaction.atomic(durable=True)
def install(*, by: User, at: datetime) -> int:
    """Put the standard services in the catalogue; what is there stays as it is. Return how many are new."""
    known = set(Service.objects.values_list("pk", flat=True))
    catalogue.install_standard()
    fresh = Service.objects.exclude(pk__in=known).order_by("pk")
    for service in fresh:
        record("service.added", service, by_id=by.pk, at=at, code=service.code)
    return len(fresh)


@transaction.atomic(durable=True)
def switch(service_id: int, *, on: bool, by: User, at: datetime) -> Service:
    """Let a service be booked, or not any more. Bookings that were made stay."""
    service = Service.objects.select_for_update(no_key=True).get(pk=service_id)
    if service.active != on:
        service.active = on
        service.save(update_fields=["active"])
        record("service.switched", service, by_id=by.pk, at=at, on=on)
    return service
