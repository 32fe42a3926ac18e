"""What a town decided beside its awards: a ceiling, a local scheme, how it counts hours."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Municipality, User
from kernel.errors import Refused
from subsidies import schemes
from subsidies.budgets import LKS
from subsidies.models import Ceiling, LocalScheme, TownRule


class NotADecisionOfTheTown(Refused):
    """The figures or the days contradict each other, or it is there already."""


@transaction.atomic(durable=True)
def set_ceiling(
    *, municipality: Municipality, source: str, year: int, cents: int, letter: str, by: User, at: datetime
) -> Ceiling:
    """Write down the most that a town pays in a year from a source; a later letter takes its place.

    :raises NotADecisionOfTheTown: there is no such source.
    """
    if source != LKS and source not in schemes.all_of():
        raise NotADecisionOfTheTown(_("Kies waar het geld vandaan komt."))
    row, _fresh = Ceiling.objects.update_or_create(
        municipality=municipality, source=source, year=year, defaults={"cents": cents, "letter": letter}
    )
    record("ceiling.set", row, by_id=by.pk, at=at, cents=cents, year=year, source=source)
    return row


@transaction.atomic(durable=True)
def open_scheme(
    *, municipality: Municipality, kind: str, name: str, terms: Mapping[str, object], from_on: date, until_on: date | None,
    letter: str, by: User, at: datetime,
) -> LocalScheme:  # fmt: skip
    """Write down a local scheme of a town.

    :raises UnknownScheme: there is no module of that kind.
    :raises NotItsTerms: a figure is missing or is not a whole number.
    :raises NotADecisionOfTheTown: it ends before it starts, or a project has no end.
    """
    schemes.check(kind, terms)
    if (until_on is not None and until_on <= from_on) or (kind == "project" and until_on is None):
        raise NotADecisionOfTheTown(_("Vul een einde in dat na het begin ligt."))
    row = LocalScheme.objects.create(
        municipality=municipality, kind=kind, name=name, terms=dict(terms), from_on=from_on, until_on=until_on, letter=letter
    )  # fmt: skip
    record("scheme.opened", row, by_id=by.pk, at=at)
    return row


@transaction.atomic(durable=True)
def count_hours(
    *, municipality: Municipality, hours: str, from_on: date, letter: str, by: User, at: datetime
) -> TownRule:
    """Write down how a town counts hours that vary, from a day on. What held before stays on record.

    :raises NotADecisionOfTheTown: another setting starts that day.
    """
    row, fresh = TownRule.objects.get_or_create(
        municipality=municipality,
        from_on=from_on,
        defaults={"hours": TownRule.Hours(hours), "letter": letter},
    )
    if not fresh:
        raise NotADecisionOfTheTown(_("Op deze dag begint al een afspraak."))
    record("town.counts", row, by_id=by.pk, at=at, hours=hours)
    return row
