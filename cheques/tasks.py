"""Tasks of the cheques: each one call."""

from typing import Any

from celery import shared_task

from cheques import (
    converging,
    expiring,
    expiry,
    sponsoring,
    stripe_gateway,
    stripe_inbox,
    stripe_mirror,
    yearly,
)
from identity import clock


@shared_task
def handle_notice(*, notice_id: int, **_kwargs: Any) -> None:
    """Bring what Stripe told us about to its present state."""
    stripe_inbox.handle(notice_id, at=clock.now())


@shared_task
def poll_stripe(**_kwargs: Any) -> None:
    """Ask for what no webhook told."""
    for heard in stripe_gateway.missed_events():
        stripe_inbox.keep(heard, at=clock.now())
    converging.converge_open(at=clock.now())
    stripe_mirror.pull(at=clock.now())


@shared_task
def expire_due(**_kwargs: Any) -> None:
    """Book what expired; what a public funder paid goes back to it."""
    sponsoring.return_unused(at=clock.now())
    expiry.expire_due(at=clock.now())
    expiring.warn_due(at=clock.now())


@shared_task
def announce_year(**_kwargs: Any) -> None:
    """Tell everybody what happened to their cheques last year; who was told before hears nothing."""
    yearly.announce(at=clock.now())
