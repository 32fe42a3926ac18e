"""Why somebody is sent, and why somebody cannot be: the engine's facts, in people's words."""

import dataclasses
from collections.abc import Mapping

from django.utils.translation import get_language

from identity.models import Customer
from marketplace.models import Booking
from scheduling.engine.board import Board
from scheduling.engine.day import paid_minutes, weeks
from scheduling.engine.model import Job, Plan, Problem
from scheduling.engine.rulebook import Refusal
from scheduling.travelling import minutes_between
from workers_pool.models import Skill, Worker

Line = dict[str, str]


def reasons(week: Problem, plan: Plan) -> Mapping[str, dict[str, list[Line]]]:
    """Return why each worker of each visit of a plan that is not locked, by job and worker."""
    paid = {name: paid_minutes(days) for name, days in weeks(week, plan).items()}
    board = Board(week)
    why: dict[str, dict[str, list[Line]]] = {}
    for visit in plan.visits:
        if not week.is_locked(visit.job):
            job = week.job[visit.job]
            alone = len(board.who(job, visit.start)) <= job.team
            why[visit.job] = {
                name: for_worker(week, job, name, paid=paid[name], alone=alone) for name in visit.workers
            }
    return why


def for_worker(week: Problem, job: Job, name: str, *, paid: int, alone: bool = False) -> list[Line]:
    """Return why one worker: a known face, the way there, the hours they would like, nobody else.

    :param paid: the worker's paid minutes of the week with this job.
    :param alone: nobody else could do this then.
    """
    worker = week.worker[name]
    travel = minutes_between((worker.x, worker.y), (job.x, job.y), worker.mode)
    lines = [{"nl": "kwam hier al eerder", "en": "has been here before"}] if name in job.regulars else []
    lines.append({"nl": f"{travel} minuten van huis", "en": f"{travel} minutes from home"})
    hours, wanted = paid / 60, worker.wanted / 60
    lines.append({
        "nl": f"werkt zo {hours:.1f} van de {wanted:.1f} gewenste uren deze week".replace(".", ","),
        "en": f"works {hours:.1f} of {wanted:.1f} wanted hours this week this way",
    })  # fmt: skip
    if worker.skills.get(job.skill) == "learner":
        lines.append({"nl": "leert dit werk van een collega", "en": "learns this work from a colleague"})
    if alone:
        lines.append({"nl": "niemand anders kan dit dan doen", "en": "nobody else can do this then"})
    return lines


def sentence(refusal: Refusal) -> str:
    """Return why a rule says no, with names in place of the engine's ids, in the reader's language."""
    facts = dict(refusal.facts)
    for key in ("before", "after"):
        if key in facts:
            facts[key] = _customer_of_job(str(facts[key]))
    if "client" in facts:
        facts["client"] = Customer.objects.values_list("name", flat=True).get(pk=str(facts["client"]))
    if "skill" in facts:
        facts["skill"] = Skill(str(facts["skill"])).label.lower()
    named = dataclasses.replace(
        refusal,
        job=_customer_of_job(refusal.job) if refusal.job else None,
        worker=_name_of_worker(refusal.worker) if refusal.worker else None,
        facts=facts,
    )
    return named.say((get_language() or "nl")[:2])


def _customer_of_job(job: str) -> str:
    names = Booking.objects.filter(pk=job).values_list("customer__name", flat=True)
    return names.first() or job


def _name_of_worker(worker: str) -> str:
    names = Worker.objects.filter(pk=worker).values_list("user__name", flat=True)
    return names.first() or worker
