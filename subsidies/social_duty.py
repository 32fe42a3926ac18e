"""Contracts with a social return duty: written down, people placed on them, the town's own table of values imported."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Customer, Municipality, User
from kernel.errors import Refused
from kernel.money import half_up
from kernel.periods import Period, add_months
from lawbook import social_return as law
from subsidies.models import LocalScheme, SocialContract, SocialPlacement
from workers_pool.contracts import contract_on
from workers_pool.models import Worker

KIND = "building_block"


class NotADuty(Refused):
    """The figures or days of the contract contradict each other, or it is there already."""


class CountedTwice(Refused):
    """An hour would count for two duties, or more hours would count than somebody works."""


class NotATable(Refused):
    """A line of the table is not a group and an amount."""


@transaction.atomic(durable=True)
def agree(
    *, customer: Customer, municipality: Municipality, number: str, sum_cents: int, days: Period[date], by: User, at: datetime
) -> SocialContract:  # fmt: skip
    """Write down a contract of a firm; the duty is the share of the lawbook on its first day.

    :raises NotADuty: it is below the sum from which a duty holds, or its number is there already.
    """
    if sum_cents < law.DUTY_FROM_CENTS.on(days.start):
        raise NotADuty(_("Onder deze opdrachtsom geldt geen plicht tot social return."))
    if SocialContract.objects.filter(number=number).exists():
        raise NotADuty(_("Dit contractnummer staat er al."))
    made = SocialContract.objects.create(
        customer=customer, municipality=municipality, number=number, sum_cents=sum_cents,
        duty_share=law.DUTY_SHARE.on(days.start), from_on=days.start, until_on=days.end,
    )  # fmt: skip
    record("duty.agreed", made, by_id=by.pk, at=at, sum_cents=sum_cents)
    return made


@transaction.atomic(durable=True)
def place(
    contract_id: int, *, worker_id: int, category: str, week_minutes: int, days: Period[date], proof: str, by: User, at: datetime
) -> SocialPlacement:  # fmt: skip
    """Let hours a week of a worker count for a contract.

    :raises NotADuty: the days are outside the contract, or the town has no value for the group.
    :raises CountedTwice: with what counts elsewhere it is more than somebody works in a week.
    """
    contract = SocialContract.objects.select_for_update(no_key=True).get(pk=contract_id)
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    if days.start < contract.from_on or days.end > contract.until_on:
        raise NotADuty(_("Deze dagen vallen buiten het contract."))
    if category not in values_on(contract.municipality_id, days.start)[0]:
        raise NotADuty(_("De gemeente heeft geen waarde voor deze groep."))
    agreed = contract_on(worker, days.start)
    others = SocialPlacement.objects.filter(worker=worker, from_on__lt=days.end, until_on__gt=days.start)
    if sum(one.week_minutes for one in others) + week_minutes > (agreed.week_minutes if agreed else 0):
        raise CountedTwice(_("Deze uren tellen al voor een ander contract, of zijn meer dan iemand werkt."))
    made = SocialPlacement.objects.create(
        contract=contract, worker=worker, category=category, week_minutes=week_minutes, from_on=days.start,
        until_on=days.end, proof=proof,
    )  # fmt: skip
    record("duty.placed", made, by_id=by.pk, at=at, week_minutes=week_minutes)
    return made


@transaction.atomic(durable=True)
def import_table(
    municipality: Municipality, *, text: str, from_on: date, letter: str, by: User, at: datetime
) -> LocalScheme:
    """Take over a town's table of values: a line per group, 'group;euros of a year'.

    :raises NotATable: the sentence names the line.
    """
    values: dict[str, int] = {}
    for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=";"), start=1):
        if not any(row):
            continue
        if len(row) != 2 or not row[0].strip() or not row[1].strip().isdigit():
            raise NotATable(
                _("Regel %(number)s: schrijf een groep, een puntkomma en hele euro's.") % {"number": number}
            )
        values[row[0].strip()] = int(row[1]) * 100
    if not values:
        raise NotATable(_("Er staat geen groep in de tabel."))
    made = LocalScheme.objects.create(
        municipality=municipality, kind=KIND, name="Social return", from_on=from_on, letter=letter,
        terms={"year_cents": values, "norm_minutes": law.NORM_MINUTES.on(from_on)},
    )  # fmt: skip
    record("table.imported", made, by_id=by.pk, at=at, groups=len(values))
    return made


def tables() -> list[LocalScheme]:
    """Return the tables that were imported, of every town, the latest first."""
    rows = LocalScheme.objects.filter(kind=KIND).select_related("municipality")
    return list(rows.order_by("municipality__name", "-from_on", "-pk"))


def values_on(municipality_id: int, day: date) -> tuple[dict[str, int], int, str]:
    """Return the value of a year per group, the week it belongs to, and whose table it is."""
    rows = LocalScheme.objects.filter(municipality=municipality_id, kind=KIND, from_on__lte=day)
    own = rows.order_by("-from_on", "-pk").first()
    if own is not None:
        return dict(own.terms["year_cents"]), int(own.terms["norm_minutes"]), f"{own.letter}, {own.from_on}"
    row = law.BUILDING_BLOCKS.row_on(day)
    return dict(row.value), law.NORM_MINUTES.on(day), row.source


def duty_cents(sum_cents: int, share: Decimal) -> int:
    """Return what a contract must spend on people at a distance from work."""
    return half_up(sum_cents * Fraction(share))


def block_cents(year_cents: int, week_minutes: int, norm_minutes: int, days: Period[date]) -> int:
    """Return the value of somebody's work: whole calendar months of twelve, otherwise days of 365 (C10)."""
    return half_up(
        year_cents * Fraction(min(week_minutes, norm_minutes), norm_minutes) * _part_of_a_year(days)
    )


def _part_of_a_year(days: Period[date]) -> Fraction:
    months = (days.end.year - days.start.year) * 12 + days.end.month - days.start.month
    if months > 0 and add_months(days.start, months) == days.end:
        return Fraction(months, 12)
    return Fraction((days.end - days.start).days, 365)
