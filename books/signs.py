"""Signs that somebody should look: each a sentence, with the hours it rests on. A sign is no verdict."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from books.pseudonyms import of_worker
from kernel.minutes import HOUR
from kernel.periods import Period, local, moments
from scheduling.models import Assignment

SECONDS, VISITS_OF_A_PAIR, SHARE_OF_A_PAIR = 10, 8, 90
DAY_MINUTES, WEEK_MINUTES = 12 * HOUR, 60 * HOUR  # Arbeidstijdenwet 5:7


@dataclass(frozen=True)
class Sign:
    """What was seen, and the refs of the assignments that show it."""

    code: str
    sentence: str
    evidence: tuple[str, ...]


def of_days(days: Period) -> list[Sign]:  # type: ignore[type-arg]
    """Return the signs in the hours of a period of days."""
    inside = moments(days)
    rows = Assignment.objects.filter(visit__start_at__gte=inside.start, visit__start_at__lt=inside.end)
    listed = list(rows.select_related("visit__booking").order_by("worker", "checked_in_at", "pk"))
    return [*_overlaps(listed), *_at_once(listed), *_absent(listed), *_pairs(rows), *_beyond_the_law(listed)]


def _overlaps(rows: list[Assignment]) -> Iterator[Sign]:
    """Lay each hour beside the one that lasts longest of those before it: a long one may hold several."""
    longest: Assignment | None = None
    for row in rows:
        if not (row.checked_in_at and row.checked_out_at):
            continue
        if longest is None or longest.worker_id != row.worker_id:
            longest = row
            continue
        assert longest.checked_out_at is not None, "only hours with an end are kept"
        if row.checked_in_at < longest.checked_out_at:
            sentence = _("%(who)s stond op %(day)s op twee plekken tegelijk ingeklokt.")
            yield Sign("overlap", sentence % _who(longest), (longest.ref, row.ref))
        if row.checked_out_at > longest.checked_out_at:
            longest = row


def _at_once(rows: list[Assignment]) -> Iterator[Sign]:
    for row in rows:
        if row.outcome != Assignment.Outcome.CUSTOMER or not (row.confirmed_at and row.checked_out_at):
            continue
        passed = (row.confirmed_at - row.checked_out_at) / timedelta(seconds=1)
        if 0 <= passed < SECONDS:
            sentence = _(
                "De uren van %(who)s op %(day)s zijn binnen %(seconds)s seconden na het uitklokken bevestigd."
            )
            yield Sign("at_once", sentence % {**_who(row), "seconds": SECONDS}, (row.ref,))


def _absent(rows: list[Assignment]) -> Iterator[Sign]:
    for row in rows:
        if row.confirmed_minutes and not row.checked_in_at:
            sentence = _("Voor %(who)s is op %(day)s met cheques betaald, zonder bewijs van aanwezigheid.")
            yield Sign("absent", sentence % _who(row), (row.ref,))


def _pairs(rows) -> Iterator[Sign]:  # type: ignore[no-untyped-def]
    by_pair = rows.filter(confirmed_minutes__gt=0).values("visit__booking__customer", "worker")
    pairs = list(by_pair.annotate(times=Count("pk"), minutes=Sum("confirmed_minutes")).order_by("worker"))
    whole: dict[int, int] = defaultdict(int)
    for pair in pairs:
        whole[pair["worker"]] += pair["minutes"]
    for pair in pairs:
        share = 100 * pair["minutes"] // whole[pair["worker"]]
        if pair["times"] >= VISITS_OF_A_PAIR and share >= SHARE_OF_A_PAIR:
            seen = rows.filter(
                worker=pair["worker"], visit__booking__customer=pair["visit__booking__customer"]
            )
            sentence = _(
                "%(who)s werkt bijna alleen bij één klant: %(times)s bezoeken, %(share)s%% van de uren."
            )
            facts = {"who": of_worker(pair["worker"]), "times": pair["times"], "share": share}
            yield Sign("pair", sentence % facts, tuple(seen.order_by("pk").values_list("ref", flat=True)))


def _beyond_the_law(rows: list[Assignment]) -> Iterator[Sign]:
    per_day: dict[tuple[int, object], list[Assignment]] = defaultdict(list)
    per_week: dict[tuple[int, object], list[Assignment]] = defaultdict(list)
    for row in rows:
        if row.recorded_minutes:
            day = local(row.visit.start_at).date()
            per_day[row.worker_id, day].append(row)
            per_week[row.worker_id, day - timedelta(days=day.weekday())].append(row)
    limits = (
        (per_day, DAY_MINUTES, _("%(who)s werkte op %(day)s meer dan 12 uur: %(hours)s uur.")),
        (per_week, WEEK_MINUTES, _("%(who)s werkte in de week van %(day)s meer dan 60 uur: %(hours)s uur.")),
    )
    for found, limit, sentence in limits:
        for held in found.values():
            minutes = sum(row.recorded_minutes or 0 for row in held)
            if minutes > limit:
                facts = {**_who(held[0]), "hours": minutes // HOUR}
                yield Sign("law", sentence % facts, tuple(row.ref for row in held))


def _who(row: Assignment) -> dict[str, str]:
    return {"who": of_worker(row.worker_id), "day": f"{local(row.visit.start_at):%d-%m-%Y}"}
