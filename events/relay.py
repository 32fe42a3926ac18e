"""Send what was recorded to the tasks that wait for it, at least once, until they say they are done.

The relay is an edge: it lives in real time. When the broker is away nothing is lost: rows wait, and are
sent when it is back. A delivery that failed five times is dead and needs a person.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from events import audit
from events.models import Delivery

log = structlog.get_logger()

MOST_TRIES = 5
SENT_AGAIN_AFTER = timedelta(seconds=90)
Send = Callable[[Delivery], object]


def run(send: Send, *, stop: Callable[[], bool], pause_seconds: float = 0.25) -> None:
    """Relay until `stop` says so; a fault of broker or database is logged and tried again."""
    while not stop():
        try:
            busy = audit.seal_new() + send_waiting(send, now=timezone.now())
        except Exception:
            log.exception("relay.failed")
            _reconnect()
            time.sleep(2)
        else:
            if not busy:
                time.sleep(pause_seconds)


def send_waiting(send: Send, *, now: datetime, most: int = 200) -> int:
    """Send deliveries that wait, or were sent long ago and not answered. Return how many were sent."""
    sent = 0
    with transaction.atomic():
        due = Delivery.objects.select_for_update(skip_locked=True, no_key=True).filter(
            Q(state=Delivery.State.WAITING) | Q(state=Delivery.State.SENT, sent_at__lt=now - SENT_AGAIN_AFTER)
        )
        for delivery in due.order_by("pk")[:most]:
            if delivery.tries >= MOST_TRIES:
                delivery.state = Delivery.State.DEAD
                log.error("delivery.dead", delivery=delivery.pk, task=delivery.task, error=delivery.error)
            else:
                send(delivery)
                delivery.state, delivery.sent_at = Delivery.State.SENT, now
                sent += 1
            delivery.save(update_fields=["state", "sent_at"])
    return sent


def deliver(delivery_id: int, *, run_task: Callable[[str, dict[str, Any]], object]) -> None:
    """Run the task of one delivery and note that it is done; the try is counted before the work starts."""
    delivery = _begin(delivery_id)
    if delivery is None:
        return
    event = delivery.event
    if event.request_id:  # the log of a task can be found by the request that caused it
        structlog.contextvars.bind_contextvars(request_id=event.request_id)
    subject, _, pk = event.subject.partition(":")
    facts = {**event.payload, f"{subject}_id": int(pk), "event_id": event.pk, "at": event.at.isoformat()}
    try:
        run_task(delivery.task, facts)
    except Exception as error:
        Delivery.objects.filter(pk=delivery_id).update(
            error=f"{type(error).__name__}: {error}"[:500], state=Delivery.State.WAITING
        )
        raise
    Delivery.objects.filter(pk=delivery_id).update(
        state=Delivery.State.DONE, done_at=timezone.now(), error=""
    )


def _begin(delivery_id: int) -> Delivery | None:
    """Count a try and return the delivery, or None when it is done or dead."""
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(no_key=True, of=("self",))
            .select_related("event")
            .get(pk=delivery_id)
        )
        if delivery.state in {Delivery.State.DONE, Delivery.State.DEAD}:
            return None
        delivery.tries += 1
        delivery.save(update_fields=["tries"])
    return delivery


def _reconnect() -> None:
    """Drop a broken connection, so that the next round opens a new one."""
    from django.db import connections

    connections.close_all()
