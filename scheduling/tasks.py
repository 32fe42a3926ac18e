"""Tasks of the planning: each one call."""

from contextlib import suppress
from typing import Any

import structlog
from celery import shared_task
from django.db import InterfaceError, OperationalError, connection

from identity import clock
from kernel.errors import Refused
from scheduling import confirming, planning, replanning

log = structlog.get_logger()


@shared_task
def make_plan(*, plan_id: int, **_kwargs: Any) -> None:
    """Make a plan that was asked for. A database that is away is tried again; another fault ends the plan."""
    try:
        planning.make(plan_id, at=clock.now())
    except (OperationalError, InterfaceError):
        if not connection.is_usable():
            connection.close()
        with suppress(OperationalError, InterfaceError):  # else it is found silent after a while
            planning.hand_back(plan_id)
        raise
    except Exception as error:
        log.exception("plan.failed", plan=plan_id)
        planning.fail(plan_id, why=f"{type(error).__name__}: {error}", at=clock.now())


@shared_task
def make_repair(*, repair_id: int, **_kwargs: Any) -> None:
    """Find out what can be done about a disturbed week, with the same care."""
    try:
        replanning.make(repair_id, at=clock.now())
    except (OperationalError, InterfaceError):
        if not connection.is_usable():
            connection.close()
        with suppress(OperationalError, InterfaceError):
            replanning.hand_back(repair_id)
        raise
    except Exception as error:
        log.exception("repair.failed", repair=repair_id)
        replanning.fail(repair_id, why=f"{type(error).__name__}: {error}", at=clock.now())


@shared_task
def end_silent_runs(**_kwargs: Any) -> None:
    """Fail plans and repairs whose process was killed, so that the page says so."""
    planning.end_silent_runs(at=clock.now())
    replanning.end_silent_runs(at=clock.now())


@shared_task
def confirm_silent(**_kwargs: Any) -> None:
    """Confirm hours about which nobody said anything in time."""
    at = clock.now()
    for visit_id in confirming.waiting_for_silence(at=at):
        try:
            confirming.confirm_by_silence(visit_id, at=at)
        except Refused as refused:  # the customer answered a moment ago
            log.info("silence.refused", visit=visit_id, why=refused.code)
