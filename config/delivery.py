"""The one task the relay sends: run the task of a recorded event, and note that it is done."""

from typing import Any

import structlog
from celery import shared_task

from config.celery import app
from events import relay


@shared_task(name="deliver")
def deliver(*, delivery_id: int, **_kwargs: Any) -> None:
    """Deliver one event to its task; a failure is counted there and sent again by the relay."""
    structlog.contextvars.bind_contextvars(delivery=delivery_id)
    relay.deliver(delivery_id, run_task=lambda name, facts: app.tasks[name](**facts))
