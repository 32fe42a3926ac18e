"""Make a draft plan of a neighbourhood's week: asked, made by one process at a time, stopped, failed."""

import dataclasses
import time
import uuid
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Neighbourhood, User
from kernel.errors import Refused
from scheduling import drafting, explaining, promises, weighting
from scheduling.engine.check import violations
from scheduling.engine.model import Plan as EnginePlan
from scheduling.engine.model import Problem
from scheduling.engine.promises import kept
from scheduling.engine.solve import Progress, Solution, solve
from scheduling.engine.stop import Asked, Seconds, Stop
from scheduling.models import Plan
from scheduling.week_problem import problem

MOST_SECONDS = 300  # a task is killed after twice as long
SILENT = timedelta(seconds=45)
"""A run that was not heard of for so long, in real time, is over."""
KILLED = "killed"
BEAT_SECONDS = 1.0
MOST_TURNS = 5
"""A start that is promised during a search makes it look again, so often at most."""


class NotAMonday(Refused):
    """A plan is made for a week, which starts on a Monday."""


class NotANumberOfSeconds(Refused):
    """The engine gets at least a second, and no more than a task may last."""


class IsBeingMade(Refused):
    """The neighbourhood's plan is being made: one at a time."""


class NotBusy(Refused):
    """There is nothing to stop."""


class Overtaken(Exception):
    """Somebody else decided about this plan while it was being made; its result is not wanted."""


def ask(neighbourhood_id: int, *, monday: date, seconds: int, seed: int, by: User, at: datetime) -> Plan:
    """Ask for a plan; a worker makes it.

    :raises NotAMonday: the day is another one.
    :raises NotANumberOfSeconds: it would not be done in time.
    :raises IsBeingMade: somebody asked before, and that plan is not ready yet.
    """
    if not 1 <= seconds <= MOST_SECONDS:
        raise NotANumberOfSeconds(_("Kies 1 tot %(most)s seconden.") % {"most": MOST_SECONDS})
    if monday.weekday() != 0:
        raise NotAMonday(_("Kies een maandag."))
    end_silent_runs(at=at, neighbourhood_id=neighbourhood_id)
    try:
        return _ask(neighbourhood_id, monday=monday, seconds=seconds, seed=seed, by=by, at=at)
    except IntegrityError as error:  # by one_plan_at_a_time
        busy = (
            Plan.objects.filter(neighbourhood=neighbourhood_id, state__in=Plan.BUSY)
            .select_related("asked_by")
            .first()
        )
        who = busy.asked_by.name if busy else _("Een collega")
        raise IsBeingMade(
            _("Er wordt al een rooster gemaakt. %(who)s vroeg dat net. Wacht tot het klaar is, of stop het.")
            % {"who": who}
        ) from error


@transaction.atomic(durable=True)
def _ask(neighbourhood_id: int, *, monday: date, seconds: int, seed: int, by: User, at: datetime) -> Plan:
    last = Plan.objects.filter(neighbourhood=neighbourhood_id, monday=monday).aggregate(last=Max("version"))[
        "last"
    ]
    plan = Plan.objects.create(
        neighbourhood_id=neighbourhood_id, monday=monday, version=(last or 0) + 1, seconds=seconds, seed=seed,
        asked_at=at, asked_by=by,
    )  # fmt: skip
    record("plan.asked", plan, by_id=by.pk, at=at, version=plan.version)
    return plan


def make(plan_id: int, *, at: datetime, stop: Stop | None = None) -> Plan:
    """Run the engine and write the draft. No lock is held, and no transaction is open, while it searches.

    What was promised to a customer is in it, also when the promise was made during the search. A plan that another
    process makes is left to it. What was stopped, failed or overtaken meanwhile is not written.

    :param stop: ends the search; the seconds that were asked when it is not given.
    """
    plan = _begin(plan_id, at=at)
    if plan is None:
        return Plan.objects.get(pk=plan_id)
    watch, found = _Watch(plan), None
    for turn in range(1, MOST_TURNS + 1):
        promised = promises.waiting(plan.neighbourhood_id, plan.monday)
        try:
            found = _search(plan, watch, promised, stop=stop, start=found, at=at)
            return drafting.write(plan, found, promised=None if turn == MOST_TURNS else promised, at=at)
        except Overtaken:
            break
        except drafting.PromisedMeanwhile:
            continue
    return Plan.objects.get(pk=plan_id)


def _search(
    plan: Plan, watch: "_Watch", promised: frozenset[str], *, stop: Stop | None, start: Solution | None, at: datetime
) -> Solution:  # fmt: skip
    """Return a plan of the week as it is now. One who goes on from a plan needs but a little time.

    :raises Overtaken: this run is not wanted any more.
    """
    week = problem(plan.neighbourhood, plan.monday, now=at, weights=weighting.weights())

    def until(part: float) -> Stop:
        return Asked(watch.is_stopped, within=stop or Seconds(plan.seconds * part))

    begin = start.plan if start else None
    found = solve(week, stop=until(0.2 if start else 1), seed=plan.seed, start=begin, on_progress=watch)
    return kept(found, promised, stop=lambda: until(0.25), seed=plan.seed, on_progress=watch)


@transaction.atomic(durable=True)
def _begin(plan_id: int, *, at: datetime) -> Plan | None:
    """Take a plan that waits for its turn, and note that it is in hand."""
    plan = (
        Plan.objects.select_for_update(no_key=True, of=("self",))
        .select_related("neighbourhood")
        .get(pk=plan_id)
    )
    if plan.state != Plan.State.ASKED:
        return None
    plan.state, plan.run, plan.began_at = Plan.State.RUNNING, uuid.uuid4(), at
    plan.save(update_fields=["state", "run", "began_at"])
    Plan.objects.filter(pk=plan_id).update(seen_at=Now())
    record("plan.begun", plan, by_id=None, at=at)
    return plan


class _Watch:
    """Says once a second how far a run is, which is its heartbeat, and hears whether to stop."""

    def __init__(self, plan: Plan) -> None:
        self._mine = Plan.objects.filter(pk=plan.pk, state=Plan.State.RUNNING, run=plan.run)
        self._said = time.monotonic()
        self._stopped = False

    def is_stopped(self) -> bool:
        return self._stopped

    def __call__(self, progress: Progress) -> None:
        """Note the progress.

        :raises Overtaken: this run is not wanted any more.
        """
        if time.monotonic() - self._said < BEAT_SECONDS:
            return
        self._said = time.monotonic()
        unserved, _changes, soft = progress.layers
        said = {
            "percent": min(99, int(100 * progress.spent)),
            "unserved_minutes": unserved,
            "soft_cost": soft,
        }
        if not self._mine.update(seen_at=Now(), progress=said):
            raise Overtaken
        self._stopped = self._mine.filter(stop_at__isnull=False).exists()


@transaction.atomic(durable=True)
def stop(plan_id: int, *, by: User, at: datetime) -> Plan:
    """Stop making a plan and keep what there is; one that waits for its turn is dropped.

    :raises NotBusy: it is made, or failed, already.
    """
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan_id)
    if plan.state == Plan.State.ASKED:
        plan.state = Plan.State.DROPPED
    elif plan.state != Plan.State.RUNNING:
        raise NotBusy(_("Dit rooster is al klaar."))
    plan.stop_at = plan.stop_at or at
    plan.save(update_fields=["state", "stop_at"])
    record("plan.stopped", plan, by_id=by.pk, at=at)
    return plan


@transaction.atomic(durable=True)
def fail(plan_id: int, *, why: str, at: datetime) -> None:
    """Note that a plan could not be made, so that somebody can ask for another."""
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan_id)
    if plan.state in Plan.BUSY:
        plan.state, plan.error = Plan.State.FAILED, why
        plan.save(update_fields=["state", "error"])
        record("plan.failed", plan, by_id=None, at=at, why=why[:200])


@transaction.atomic(durable=True)
def hand_back(plan_id: int) -> None:
    """Let a plan that is in hand wait for its turn again: what it needs is away for a moment."""
    Plan.objects.filter(pk=plan_id, state=Plan.State.RUNNING).update(state=Plan.State.ASKED, seen_at=None)


def end_silent_runs(*, at: datetime, neighbourhood_id: int | None = None) -> int:
    """Fail plans whose process was not heard of for a while: it was killed. What was published stays as it is."""
    silent = Plan.objects.filter(Q(seen_at__lt=Now() - SILENT), state=Plan.State.RUNNING)
    if neighbourhood_id is not None:
        silent = silent.filter(neighbourhood=neighbourhood_id)
    found = list(silent.values_list("pk", flat=True))
    for plan_id in found:
        fail(plan_id, why=KILLED, at=at)
    return len(found)


def what_went_wrong(plan: Plan) -> str:
    """Return why a plan failed, and what to do, for who asked for it."""
    if plan.error == KILLED:
        return _(
            "Het maken van dit rooster is afgebroken. Wat er al stond, is niet veranderd. Maak het rooster opnieuw."
        )
    return _(
        "Dit rooster maken is niet gelukt. Wat er al stond, is niet veranderd. Lukt het nog een keer niet? Bel de beheerder."
    )


def neighbourhood_week(neighbourhood_id: int, monday: date, *, now: datetime | None = None) -> Problem:
    """Return the engine's problem of a neighbourhood's week."""
    return problem(Neighbourhood.objects.get(pk=neighbourhood_id), monday, now=now)


def what_breaks(neighbourhood_id: int, monday: date) -> list[str]:
    """Return the rules that a published week breaks today, in words: a paper ended, a contract became smaller.

    What was promised stays until somebody decides; whoever plans hears it.
    """
    week = neighbourhood_week(neighbourhood_id, monday)
    broken = violations(dataclasses.replace(week, locked=frozenset()), EnginePlan(week.published))
    names = explaining.Names(week)
    return list(
        dict.fromkeys(explaining.sentence(refusal, names) for refusal in broken if refusal.rule != "team")
    )
