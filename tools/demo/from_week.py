"""The same week from a `week/1` file that others made: people, jobs and rules come from the file.

What the file does not say is seeded, and listed when the week begins: names, ages, wages, awards, IBANs, prices.
"""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings

from identity.models import Address, Customer, Neighbourhood, Postcode, Role, User
from marketplace.models import Service
from scheduling.engine.model import Problem
from scheduling.engine.model import Worker as Drawn
from scheduling.models import Assignment, Visit
from tools.demo import neighbourhood as seeds
from tools.demo.client import Person
from tools.demo.neighbourhood import MONDAY, OPENED, Asker, Cast, Wish, email_of
from tools.demo.week_file import service_of
from workers_pool import hiring
from workers_pool.models import Absence, NotWith, Worker

SKILLS = {"guard": "guarding", "odd_jobs": "small_jobs"}
SEEDED = "names, ages, wages, wage values and letters of awards, IBANs and prices are seeded; histories of visits are not kept"
REST_MINUTES = 660
SPARE_HOURS = 2  # what a customer buys beyond the jobs of the file, so that somebody can give hours back


def found(week: Problem, random: Random) -> None:
    """Found the organisation with the file's pool in one neighbourhood."""
    seeds.found(random, workers=0)
    where = Neighbourhood.objects.order_by("pk")[0]
    # the file's jobs may be shorter and its crews larger than the standard catalogue allows
    Service.objects.update(min_minutes=15, max_minutes=720, max_crew=10)
    manager = User.objects.get(email=email_of(Role.PAYROLL))
    for number, worker in enumerate(week.workers, start=1):
        _hire(worker, number, where, manager, random)
    for number, client in enumerate(week.clients):
        job = next((job for job in week.jobs if job.client == client.id), None)
        Postcode.objects.get_or_create(
            code=_code(number),
            defaults={
                "neighbourhood": where, "street": "Weekstraat", "town": "Breda", "x": job.x if job else 0, "y": job.y if job else 0,
            },
        )  # fmt: skip


def ask(week: Problem) -> Cast:
    """Return the file's clients and jobs as customers and bookings."""
    hours: dict[str, int] = {}
    for job in week.jobs:
        hours[job.client] = hours.get(job.client, 0) + job.team * job.minutes
    askers = [
        Asker(client.id, f"{client.id}@week.example", f"Klant {client.id}", "resident", _code(number), "50",
              seeds.orders_of(-(-hours[client.id] // 60) + SPARE_HOURS))
        for number, client in enumerate(week.clients) if client.id in hours
    ]  # fmt: skip
    wishes = [
        Wish(job.id, job.client, service_of(job.skill), tuple(_moment(start) for start in job.starts), job.minutes,
             job.team, (job.series or "")[:20])
        for job in week.jobs
    ]  # fmt: skip
    where = Neighbourhood.objects.order_by("pk")[0]
    return Cast(askers, wishes, {where.ref: email_of(Role.COORDINATOR, 1)})


def agree(week: Problem) -> None:
    """Have the coordinator write down what the file says of pairs and languages, once the customers are there."""
    coordinator = Person(settings.SITE_URL, settings.INBOX_URL, email_of(Role.COORDINATOR, 1))
    coordinator.sign_in()
    write_down(week, coordinator)


def write_down(week: Problem, coordinator: Person) -> None:
    """Fill in the pages of a worker and of a customer. What stands there already is filled in once more, to no effect."""
    refs = {email: ref for ref, email in Worker.objects.values_list("ref", "user__email")}
    customers = {
        row.members.get().user.email: row for row in Customer.objects.prefetch_related("members__user")
    }
    by_name = {client.id: customers.get(f"{client.id}@week.example") for client in week.clients}
    for client in week.clients:
        customer = by_name[client.id]
        if customer is None:
            continue
        if sorted(client.languages) != customer.languages:
            coordinator.fill(
                f"/kantoor/klanten/{customer.ref}/talen/", {"languages": sorted(client.languages)}
            )
        for name in client.excluded_workers:
            _apart(coordinator, refs[email_in(week, name)], customer, NotWith.Side.CUSTOMER)
    for worker in week.workers:
        for name in worker.excluded_clients:
            if customer := by_name.get(name):
                _apart(coordinator, refs[email_in(week, worker.id)], customer, NotWith.Side.WORKER)


def keep(folder: Path, moment: str) -> None:
    """Keep the plan as it stands at a moment: each visit that was not taken back, and who is expected there."""
    start = datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=ZoneInfo("Europe/Amsterdam"))
    rows = [
        (
            visit.booking.ref, round((visit.start_at - start).total_seconds() // 60),
            [row.worker.user.email for row in visit.assignments.all() if row.state in Assignment.LIVE],
        )
        for visit in Visit.objects.exclude(state="cancelled").select_related("booking").prefetch_related("assignments__worker__user")
    ]  # fmt: skip
    (folder / f"{moment}.json").write_text(json.dumps(rows))


def _apart(coordinator: Person, worker: str, customer: Customer, side: str) -> None:
    facts = {"niet-naar-customer": customer.ref, "niet-naar-side": side}
    coordinator.fill(f"/kantoor/medewerkers/{worker}/verander/niet-naar/", facts)


def email_in(week: Problem, name: str) -> str:
    """Return the address of a worker of the file."""
    return email_of("w", 1 + next(number for number, worker in enumerate(week.workers) if worker.id == name))


def _hire(drawn: Drawn, number: int, where: Neighbourhood, by: User, random: Random) -> None:
    birth_on = date(random.randrange(1963, 2005), random.randrange(1, 13), random.randrange(1, 28))
    email = email_of("w", number)
    if Worker.objects.filter(user__email=email).exists():
        return
    user = User.objects.get_or_create(email=email, defaults={"name": f"Medewerker {drawn.id}"})[0]
    home = Address.objects.get_or_create(
        postcode="4811AA", house_number=str(1000 + number),
        defaults={"street": "Weekstraat", "town": "Breda", "neighbourhood": where, "x": drawn.x, "y": drawn.y},
    )[0]  # fmt: skip
    papers = {
        kind: day for kind, minute in drawn.certificates.items() if (day := _last_day(minute)) > OPENED.date()
    }
    worker = hiring.hire(
        user, home=home, mode=drawn.mode, languages=sorted(drawn.languages),
        skills={SKILLS.get(skill, skill): level for skill, level in drawn.skills.items()}, week_minutes=drawn.contract,
        wanted_minutes=drawn.wanted, windows=[(since // 1440, since % 1440, since % 1440 + until - since) for since, until in drawn.availability],
        by=by, at=OPENED, from_on=OPENED.date(), certificates=papers, likes_late=drawn.likes_late,
    )  # fmt: skip
    if drawn.previous_end + REST_MINUTES > 0:  # the last visit of the week before ended late on Sunday
        Absence.objects.create(
            worker=worker,
            from_at=_moment(0),
            until_at=_moment(drawn.previous_end + REST_MINUTES),
            reported_at=OPENED,
            reported_by=by,
        )
    seeds.pay_and_award(worker, number, birth_on, drawn.contract, by)


def _last_day(minute: int) -> date:
    """Return the last whole day on which a paper is valid; capped, for papers that last for years."""
    days = min((minute + 1) // 1440 - 1, 3000)
    return MONDAY + timedelta(days=days)


def _moment(minute: int) -> datetime:
    start = datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=ZoneInfo("Europe/Amsterdam"))
    return start + timedelta(minutes=minute)


def _code(number: int) -> str:
    """Return a postcode of its own for each client, so that each lies where the file says."""
    return f"{5000 + number // 26:04d}Z{chr(65 + number % 26)}"
