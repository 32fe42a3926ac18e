"""Why somebody is sent, and why somebody cannot be: the engine's facts, in people's words."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from identity.models import Customer
from marketplace.models import Booking
from scheduling.engine.board import Board
from scheduling.engine.day import paid_minutes, weeks
from scheduling.engine.model import Job, Plan, Problem
from scheduling.engine.rulebook import Refusal
from scheduling.travelling import minutes_between
from workers_pool.models import Skill, Worker

Line = dict[str, str]
PAPERS: Mapping[str, Any] = {"guard_pass": _("beveiligingspas"), "lifting": _("papier voor tillen")}
"""What a certificate is called."""


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


class Names:
    """The names of people behind the engine's ids, each looked up once; a whole week's in three questions."""

    def __init__(self, week: Problem | None = None) -> None:
        self._workers: dict[str, str] = {}
        self._customers: dict[str, str] = {}
        self._bookings: dict[str, str] = {}
        if week is not None:
            self._workers = _named(Worker.objects.filter(pk__in=[*week.worker]), "user__name")
            self._customers = _named(
                Customer.objects.filter(pk__in={job.client for job in week.jobs}), "name"
            )
            self._bookings = {job.id: self._customers.get(job.client, job.id) for job in week.jobs}

    def worker(self, key: str) -> str:
        """Return a worker's name."""
        if key not in self._workers:
            self._workers |= _named(Worker.objects.filter(pk=key), "user__name")
        return self._workers.get(key, key)

    def customer(self, key: str) -> str:
        """Return a customer's name."""
        if key not in self._customers:
            self._customers |= _named(Customer.objects.filter(pk=key), "name")
        return self._customers.get(key, key)

    def booking(self, key: str) -> str:
        """Return the name of the customer of a booking."""
        if key not in self._bookings:
            self._bookings |= _named(Booking.objects.filter(pk=key), "customer__name")
        return self._bookings.get(key, key)

    def __call__(self, key: str) -> str:
        """Return the name of a worker, or of a skill: what a change of a week is about."""
        return (
            self.worker(key)
            if key.isdigit()
            else str(Skill(key).label.lower())
            if key in Skill.values
            else str(PAPERS.get(key, key))
        )


def _named(rows: "QuerySet[Any]", column: str) -> dict[str, str]:
    return {str(pk): name for pk, name in rows.values_list("pk", column)}


def sentence(refusal: Refusal, names: Names | None = None) -> str:
    """Return why a rule says no, with names in place of the engine's ids, in the reader's language."""
    names, facts = names or Names(), dict(refusal.facts)
    for key in ("before", "after"):
        if key in facts:
            facts[key] = names.booking(str(facts[key]))
    if "client" in facts:
        facts["client"] = names.customer(str(facts["client"]))
    if "skill" in facts:
        facts["skill"] = names(str(facts["skill"]))
    if "certificate" in facts:
        facts["certificate"] = PAPERS.get(str(facts["certificate"]), facts["certificate"])
    named = dataclasses.replace(
        refusal,
        job=names.booking(refusal.job) if refusal.job else None,
        worker=names.worker(refusal.worker) if refusal.worker else None,
        facts=facts,
    )
    return named.say(language())


def language() -> str:
    """Return the reader's language, as the engine knows it: nl or en."""
    return (get_language() or "nl")[:2]
