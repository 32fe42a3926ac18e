"""Record a fact, and put it on its way to the tasks that wait for it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from structlog.contextvars import get_contextvars

from events.models import Delivery, Event


def record(kind: str, subject: models.Model, /, *, by_id: int | None, at: datetime, **payload: Any) -> Event:
    """Record that something happened. Step: the caller owns the transaction.

    `settings.EVENT_TASKS` names the tasks that a kind is delivered to; the relay sends them after commit.

    :param by_id: the user who did it; None when a rule did.
    :param payload: ids, ISO dates, minutes, cents; never a name, an address or a number of a person.
    """
    assert transaction.get_connection().in_atomic_block, "record() runs inside the caller's transaction"
    event = Event.objects.create(
        kind=kind,
        subject=f"{type(subject).__name__.lower()}:{subject.pk}",
        by_id=by_id,
        at=at,
        payload=payload,
        request_id=str(get_contextvars().get("request_id", ""))[:64],
    )
    Delivery.objects.bulk_create(
        Delivery(event=event, task=task) for task in settings.EVENT_TASKS.get(kind, ())
    )
    return event
