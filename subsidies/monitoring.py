"""What cannot be read from the work alone: the participation ladder twice a year, and where somebody went who left."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from kernel.periods import add_months
from subsidies.models import Award, LadderStep, Outflow
from workers_pool.models import Worker

EVERY_MONTHS = 6
STEPS = range(1, 7)
PAID_WITH_SUPPORT, PAID = 5, 6
ASKED_FOR_MONTHS = 12  # so long after somebody left we ask where to


class NotAStep(Refused):
    """The ladder has six steps."""


class NotLeft(Refused):
    """They still work here."""


@dataclass(frozen=True)
class ToMeasure:
    """Somebody whose last measurement is half a year ago, and the step that the work tells of."""

    worker: Worker
    step: int


def steps_by_work(workers: "QuerySet[Worker]", *, on: date) -> dict[int, int]:
    """Return the step that paid work tells of, by worker: with support when an award runs on the day."""
    runs = Q(until_on=None) | Q(until_on__gt=on)
    held = set(
        Award.objects.filter(runs, worker__in=workers, from_on__lte=on).values_list("worker", flat=True)
    )
    return {pk: PAID_WITH_SUPPORT if pk in held else PAID for pk in workers.values_list("pk", flat=True)}


def to_measure(*, on: date) -> list[ToMeasure]:
    """Return who works here and was not measured in the past half year, each with the step the work tells of."""
    fresh = LadderStep.objects.filter(measured_on__gt=add_months(on, -EVERY_MONTHS), measured_on__lte=on)
    here = Worker.objects.filter(Q(left_on=None) | Q(left_on__gt=on), hired_on__lte=on)
    rows = here.exclude(pk__in=fresh.values("worker"))
    steps = steps_by_work(rows, on=on)
    return [ToMeasure(row, steps[row.pk]) for row in rows.select_related("user").order_by("user__name", "pk")]


@transaction.atomic(durable=True)
def measure(steps: Mapping[int, int], *, on: date, by: User, at: datetime) -> list[LadderStep]:
    """Note where people stand on a day, by worker; noted again on the same day, the last word counts.

    :raises NotAStep: the ladder has no such step.
    """
    if any(step not in STEPS for step in steps.values()):
        raise NotAStep(_("De ladder heeft zes treden, van 1 tot en met 6."))
    return list(_measured(steps, on, by=by, at=at))


def _measured(steps: Mapping[int, int], on: date, *, by: User, at: datetime) -> Iterator[LadderStep]:
    for worker in Worker.objects.filter(pk__in=steps).order_by("pk"):
        row, _made = LadderStep.objects.update_or_create(
            worker=worker, measured_on=on, defaults={"step": steps[worker.pk]}
        )
        record("ladder.measured", worker, by_id=by.pk, at=at, on=str(on))
        yield row


def to_ask(*, on: date) -> list[Worker]:
    """Return who left in the past year and of whom we do not know where to, the first first."""
    known = Outflow.objects.values("worker")
    rows = Worker.objects.filter(left_on__gt=add_months(on, -ASKED_FOR_MONTHS), left_on__lte=on)
    return list(rows.exclude(pk__in=known).select_related("user").order_by("left_on", "pk"))


def known_of(worker_id: int) -> Outflow | None:
    """Return where somebody went, as far as it was noted."""
    return Outflow.objects.filter(worker=worker_id).first()


@transaction.atomic(durable=True)
def note_outflow(
    worker_id: int, *, work_from_on: date | None, work_months: int, wage_not_lower: bool, proof: str,
    by: User, at: datetime,
) -> Outflow:  # fmt: skip
    """Note where somebody went who left: the other contract, or none. What was noted before is replaced.

    :raises NotLeft: they still work here.
    """
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    if worker.left_on is None:
        raise NotLeft(_("Deze persoon werkt hier nog. Noteer eerst het afscheid."))
    row, _made = Outflow.objects.update_or_create(worker=worker, defaults={
        "work_from_on": work_from_on, "work_months": work_months, "wage_not_lower": wage_not_lower, "proof": proof,
    })  # fmt: skip
    record("outflow.noted", worker, by_id=by.pk, at=at)
    return row
