"""Celery as a plain executor: late acknowledgement, short memory, one beat table."""

import os
from typing import Any

import structlog
from celery import Celery
from celery.signals import celeryd_init, setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu import Queue

app = Celery("wijkcheque")
app.conf.update(
    broker_url=settings.BROKER_URL,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 2 * settings.TASK_TIME_LIMIT,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
        "queue_order_strategy": "priority",
    },
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    # a worker that is told no queues takes them all
    task_queues=[Queue(name) for name in settings.QUEUES],
    task_time_limit=settings.TASK_TIME_LIMIT,
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=5,
    worker_hijack_root_logger=False,
    timezone="Europe/Amsterdam",
    beat_schedule=settings.BEAT,
    imports=["config.delivery"],
)
app.autodiscover_tasks(settings.OUR_PACKAGES)
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def _keep_our_logs(**_kwargs: Any) -> None:
    """Celery would set up logs of its own; ours are Django's."""
    import logging.config

    logging.config.dictConfig(settings.LOGGING)
    structlog.get_logger().info("celery.logs")


@celeryd_init.connect
def _look_at_the_role(**_kwargs: Any) -> None:
    """A worker that may not run the program does not start."""
    from config import roles

    roles.look()
