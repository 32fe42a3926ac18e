"""Ask what a local scheme gives over a month, and write down what the town answered."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from kernel.periods import Period, local_day, month_of
from ledger.models import Account
from ledger.posting import Move, post
from payroll.models import PayRun, Payslip, WageLine
from subsidies import schemes
from subsidies.models import Award, Grant, LocalScheme, Track
from subsidies.schemes import Facts, Path
from workers_pool.contracts import contract_on
from workers_pool.models import Worker


class NothingDue(Refused):
    """The scheme gives nothing over the month, or it was asked before."""


class PaysNoMoney(Refused):
    """The scheme counts a value; there is nothing to ask."""


class AlreadyAnswered(Refused):
    """The town answered before."""


class WageIsSubsidised(Refused):
    """A reintegration fee does not pay the wage of a job with a wage subsidy."""


@transaction.atomic(durable=True)
def ask(scheme_id: int, *, month: date, by: User, at: datetime) -> list[Grant]:
    """Ask what a scheme gives over a month: what was not asked yet, or was refused.

    :raises PaysNoMoney: the scheme counts a value.
    :raises NothingDue: there is nothing (more) to ask.
    """
    scheme = LocalScheme.objects.select_for_update(no_key=True).get(pk=scheme_id)
    module, first = schemes.find(scheme.kind), month_of(month).start
    if not module.PAYS:
        raise PaysNoMoney(_("Deze regeling telt een waarde. Er is geen geld te vragen."))
    asked = set(scheme.grants.exclude(state=Grant.State.REFUSED).values_list("key", flat=True))
    found = [one for one in module.due(scheme, first, facts(scheme, first)) if one.key not in asked]
    if not found:
        raise NothingDue(_("Over deze maand is niets (meer) te vragen."))
    made = []
    last_day = month_of(month).end - timedelta(days=1)
    for one in found:
        grant = Grant.objects.create(
            municipality_id=scheme.municipality_id, scheme=scheme, worker_id=one.worker_id, purpose=scheme.name,
            month=first, cents=one.cents, letter=scheme.letter, key=one.key, rule=one.rule,
        )  # fmt: skip
        post(
            f"grant:{grant.pk}", last_day,
            Move(Account.SUBSIDIES_DUE, Account.PUBLIC_INCOME, grant.cents, f"scheme:{scheme.pk}"),
        )  # fmt: skip
        made.append(grant)
    record(
        "scheme.asked", scheme, by_id=by.pk, at=at, month=str(first), cents=sum(one.cents for one in found)
    )
    return made


@transaction.atomic(durable=True)
def refuse(grant_id: int, *, reason: str, by: User, at: datetime) -> Grant:
    """Write down that the town refused an amount; it may be asked again, alone.

    :raises AlreadyAnswered: it was refused or received before.
    """
    grant = (
        Grant.objects.select_for_update(no_key=True, of=("self",)).select_related("scheme").get(pk=grant_id)
    )
    if grant.state != Grant.State.ASKED:
        raise AlreadyAnswered(_("Dit bedrag is al beantwoord."))
    post(
        f"grant:{grant.pk}:refused", local_day(at),
        Move(Account.PUBLIC_INCOME, Account.SUBSIDIES_DUE, grant.cents, f"scheme:{grant.scheme_id}"),
    )  # fmt: skip
    grant.state, grant.reason = Grant.State.REFUSED, reason[:160]
    grant.save(update_fields=["state", "reason"])
    record("grant.refused", grant, by_id=by.pk, at=at)
    return grant


@transaction.atomic(durable=True)
def start_track(
    scheme_id: int, *, worker_id: int, purpose: str, from_on: date, by: User, at: datetime, category: str = ""
) -> Track:
    """Put a worker on a track of a scheme.

    :raises WageIsSubsidised: the track would pay the wage of somebody with a wage subsidy.
    """
    Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    if purpose == Track.Purpose.WAGE and _subsidised(
        [worker_id], Period(from_on, from_on + timedelta(days=1))
    ):
        raise WageIsSubsidised(
            _("Het loon heeft al loonkostensubsidie. Dit geld mag alleen begeleiding of opleiding betalen.")
        )
    track = Track.objects.create(
        scheme_id=scheme_id, worker_id=worker_id, purpose=purpose, category=category, from_on=from_on
    )
    record("track.started", track, by_id=by.pk, at=at)
    return track


@transaction.atomic(durable=True)
def end_track(track_id: int, *, until_on: date, outcome: str, by: User, at: datetime) -> Track:
    """End a track with its outcome.

    :raises AlreadyAnswered: it ended before, or would end before it starts.
    """
    track = Track.objects.select_for_update(no_key=True).get(pk=track_id)
    if track.until_on is not None or until_on <= track.from_on:
        raise AlreadyAnswered(_("Dit traject is al geëindigd, of het einde ligt voor het begin."))
    track.until_on, track.outcome = until_on, Track.Outcome(outcome)
    track.save(update_fields=["until_on", "outcome"])
    record("track.ended", track, by_id=by.pk, at=at, outcome=outcome)
    return track


def facts(scheme: LocalScheme, month: date) -> Facts:
    """Return what the module of a scheme may look at."""
    days = month_of(month)
    paid = WageLine.objects.filter(run__month=days.start).exclude(run__state=PayRun.State.DRAFT)
    paid = paid.filter(worker__neighbourhood__municipality=scheme.municipality_id)
    paid = paid.exclude(kind__in=WageLine.ON_TOP)  # their minutes are paid in another line
    minutes = {
        row["worker"]: row["total"]
        for row in paid.values("worker").annotate(total=Sum("minutes")).order_by("worker")
    }
    tracks = list(scheme.tracks.select_related("worker").order_by("pk"))
    workers = {*minutes, *(track.worker_id for track in tracks)}
    spent = Payslip.objects.filter(run__month__gte=scheme.from_on.replace(day=1), run__month__lte=days.start)
    spent = spent.exclude(run__state=PayRun.State.DRAFT)
    sums = spent.aggregate(
        gross=Sum(F("gross_cents") - F("holiday_paid_cents")),
        holiday=Sum("holiday_cents"),
        premium=Sum("premium_cents"),
    )
    given = scheme.grants.exclude(state=Grant.State.REFUSED).filter(month__lt=days.start)
    return Facts(
        minutes, frozenset(_subsidised(workers, days)), [_path(track) for track in tracks],
        sum(value or 0 for value in sums.values()), given.aggregate(total=Sum("cents"))["total"] or 0,
    )  # fmt: skip


def _path(track: Track) -> Path:
    contract = contract_on(track.worker, track.from_on)
    return Path(
        track.pk, track.worker_id, track.purpose, track.category, track.from_on, track.until_on, track.outcome,
        contract.week_minutes if contract else 0,
    )  # fmt: skip


def _subsidised(workers: "list[int] | set[int]", days: Period[date]) -> set[int]:
    held = Award.objects.filter(worker__in=workers, from_on__lt=days.end)
    held = held.filter(Q(until_on=None) | Q(until_on__gt=days.start))
    return set(held.values_list("worker", flat=True))
