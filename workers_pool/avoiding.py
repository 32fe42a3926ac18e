"""Pairs that are not sent to each other: either side may ask, nobody has to say why."""

from datetime import datetime

from django.db import transaction

from events.recording import record
from identity.models import User
from workers_pool.models import NotWith


@transaction.atomic(durable=True)
def keep_apart(worker_id: int, *, customer_id: int, side: str, by: User, at: datetime) -> NotWith:
    """Note that a worker is not sent to a customer from now on. Asked twice it is noted once."""
    pair, new = NotWith.objects.get_or_create(
        worker_id=worker_id, customer_id=customer_id, side=side, defaults={"since_at": at}
    )
    if new:
        record("pair.kept_apart", pair, by_id=by.pk, at=at, side=side)
    return pair


@transaction.atomic(durable=True)
def allow_again(worker_id: int, *, customer_id: int, side: str, by: User, at: datetime) -> None:
    """Take the note back, for the side that asked; the other side's own note stays."""
    for pair in NotWith.objects.filter(worker_id=worker_id, customer_id=customer_id, side=side):
        record("pair.allowed", pair, by_id=by.pk, at=at, side=side)
        pair.delete()
