"""Write down what a municipality decided."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Municipality, User
from kernel.errors import Refused
from payroll.models import WorkerFile
from subsidies import loonkosten
from subsidies.models import Award
from workers_pool.models import Worker


class TwoAtOnce(Refused):
    """Another award holds on the same days."""


@transaction.atomic(durable=True)
def grant(  # noqa: PLR0913 - the fields of a decision letter
    worker_id: int, *, municipality: Municipality, route: str, wage_value: Decimal | None, week_minutes: int,
    from_on: date, until_on: date | None, letter: str, by: User, at: datetime,
) -> Award:  # fmt: skip
    """Write down a decision; the reference wage it starts with follows from its first day.

    :raises TwoAtOnce: an award of this worker holds on one of the days.
    """
    Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    for other in Award.objects.filter(worker_id=worker_id):
        ends, starts = until_on or date.max, other.until_on or date.max
        if from_on < starts and other.from_on < ends:
            raise TwoAtOnce(_("Er loopt al een beschikking voor deze medewerker in die tijd."))
    award = Award.objects.create(
        worker_id=worker_id, municipality=municipality, route=route, wage_value=wage_value, week_minutes=week_minutes,
        base_on=loonkosten.base_of_new_decision(from_on), from_on=from_on, until_on=until_on, letter=letter,
    )  # fmt: skip
    record("award.granted", award, by_id=by.pk, at=at)
    return award


def terms_of(award: Award, birth_on: date) -> loonkosten.Terms:
    """Return an award as the arithmetic reads it."""
    return loonkosten.Terms(
        route="forfait" if award.route == Award.Route.FORFAIT else "measured", wage_value=award.wage_value,
        week_minutes=award.week_minutes, birth_on=birth_on, base_on=award.base_on, from_on=award.from_on,
        until_on=award.until_on,
    )  # fmt: skip


def birth_days(awards: "list[Award]") -> dict[int, date]:
    """Return the birth days of the workers of awards, from their payroll files."""
    rows = WorkerFile.objects.filter(worker__in=[award.worker_id for award in awards])
    return dict(rows.values_list("worker_id", "birth_on"))
