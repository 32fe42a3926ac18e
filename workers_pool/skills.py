"""What someone can do: skills, and the papers that some work needs."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from workers_pool.models import Certificate, Skill, Worker, WorkerSkill

DAY = timedelta(days=1)


class NotASkill(Refused):
    """The pool does not do this work, or the level is no level."""


class NeverValid(Refused):
    """The paper ends before it starts."""


@transaction.atomic(durable=True)
def learn(worker_id: int, *, skill: str, level: str, by: User, at: datetime) -> WorkerSkill:
    """Note that a worker learns some work, or has learned it.

    :raises NotASkill: the work or the level is unknown.
    """
    if skill not in Skill.values or level not in WorkerSkill.Level.values:
        raise NotASkill(_("Dit werk kennen wij niet."))
    worker = Worker.objects.get(pk=worker_id)
    row, _new = WorkerSkill.objects.update_or_create(worker=worker, skill=skill, defaults={"level": level})
    record("worker.skill", worker, by_id=by.pk, at=at, skill=skill, level=level)
    return row


@transaction.atomic(durable=True)
def unlearn(worker_id: int, *, skill: str, by: User, at: datetime) -> None:
    """Note that a worker does not do some work any more."""
    worker = Worker.objects.get(pk=worker_id)
    worker.skills.filter(skill=skill).delete()
    record("worker.skill", worker, by_id=by.pk, at=at, skill=skill, level="")


@transaction.atomic(durable=True)
def set_all(worker_id: int, *, levels: dict[str, str], by: User, at: datetime) -> Worker:
    """Note everything a worker can do, in place of what was noted; work that is not named is not done.

    :param levels: skill -> 'qualified' or 'learner'.
    :raises NotASkill: the work or the level is unknown.
    """
    if not set(levels) <= set(Skill.values) or not set(levels.values()) <= set(WorkerSkill.Level.values):
        raise NotASkill(_("Dit werk kennen wij niet."))
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    before = dict(worker.skills.values_list("skill", "level"))
    worker.skills.exclude(skill__in=levels).delete()
    for skill, level in levels.items():
        WorkerSkill.objects.update_or_create(worker=worker, skill=skill, defaults={"level": level})
    for skill in sorted(before.keys() | levels.keys()):
        if before.get(skill) != levels.get(skill):
            record("worker.skill", worker, by_id=by.pk, at=at, skill=skill, level=levels.get(skill, ""))
    return worker


@transaction.atomic(durable=True)
def add_certificate(
    worker_id: int, *, kind: str, number: str, from_on: date, until_on: date, by: User, at: datetime
) -> Certificate:
    """Note a paper, valid from `from_on` to the end of `until_on`. A renewal is one more paper.

    :raises NeverValid: it ends before it starts.
    """
    if until_on < from_on:
        raise NeverValid(_("Dit papier eindigt voordat het begint."))
    worker = Worker.objects.get(pk=worker_id)
    paper = Certificate.objects.create(
        worker=worker, kind=kind, number=number.strip(), valid_from_on=from_on, valid_until_on=until_on
    )
    record("worker.certificate", worker, by_id=by.pk, at=at, kind_of_paper=kind, until_on=str(until_on))
    return paper


def valid_to(papers: Iterable[Certificate], kind: str, *, since: date) -> date | None:
    """Return the last day of unbroken validity that covers `since`, or None.

    A paper that begins later does not count for the days before it: those days would be worked without.
    """
    last: date | None = None
    for paper in sorted(papers, key=lambda paper: paper.valid_from_on):
        if (
            paper.kind == kind
            and paper.valid_from_on <= (last + DAY if last else since) <= paper.valid_until_on
        ):
            last = paper.valid_until_on
    return last
