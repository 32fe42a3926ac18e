"""Run the outbox relay until it is told to stop."""

import signal
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management.base import BaseCommand

from events import relay
from events.models import Delivery


class Command(BaseCommand):
    help = "Send recorded events to the tasks that wait for them."

    def handle(self, *_args: Any, **_options: Any) -> None:
        told = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: told.append(True))
        relay.run(_send, stop=lambda: bool(told))


def _send(delivery: Delivery) -> None:
    current_app.send_task(
        "deliver", kwargs={"delivery_id": delivery.pk}, retry=False,
        queue=settings.TASK_QUEUES.get(delivery.task, current_app.conf.task_default_queue),
    )  # fmt: skip
