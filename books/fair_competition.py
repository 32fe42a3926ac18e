"""The report on fair competition: what an hour must cost, what others ask, who gets how much, and what was refused.

Customers stand in it under a word that is always the same: it can be made public.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from statistics import median

from django.utils import timezone

from books import names, result
from cheques.firm_models import FirmAccount
from identity.models import Customer
from kernel.minutes import HOUR
from kernel.money import half_up
from kernel.periods import Period, add_months, moments
from lawbook.cheques import PRICE_CENTS
from lawbook.invoicing import PRICE_FLOOR_CENTS
from lawbook.running_costs import DE_MINIMIS_CENTS, HOURS_OF_A_CUSTOMER, PRICE_FLOOR_SHARE
from marketplace.models import Service
from scheduling.models import Assignment
from subsidies.fair_competition import CHECK_HOLDS_MONTHS, YEARS, received_cents
from subsidies.fair_models import AidRow, DisplacementCheck, MarketSample, RefusedWork


@dataclass(frozen=True)
class Floor:
    """What an hour of a service cost in the period, the subsidy that was claimed for it, and so the lowest price."""

    service: str
    minutes: int
    cost_cents: int
    subsidy_cents: int
    floor_cents: int


@dataclass(frozen=True)
class Price:
    """Our price of an hour beside what others ask: residents with VAT, firms without."""

    service: str
    kind: str
    ours_cents: int
    samples: int
    lowest_cents: int
    median_cents: int
    latest_on: date

    @property
    def percent(self) -> int:
        """Our price as a percentage of the middle one of the others."""
        return half_up(Fraction(100 * self.ours_cents, self.median_cents))


@dataclass(frozen=True)
class Agreed:
    """A firm with a price of its own; `under` says which floors it is below."""

    who: str
    cents: int
    below_the_rule: bool
    below_cost: bool
    reason: str


@dataclass(frozen=True)
class Use:
    """The month in which a customer had most hours, and its part of all hours of the period."""

    who: str
    kind: str
    month: date
    minutes: int
    share: int  # percent of the hours of the period
    too_much: bool


@dataclass(frozen=True)
class Check:
    """What a firm answered last; None when nobody asked it within a year."""

    customer: Customer
    who: str
    row: DisplacementCheck | None


@dataclass(frozen=True)
class Aid:
    """De minimis aid of the three years that end with the period."""

    who: str
    cents: int
    left_cents: int


@dataclass(frozen=True)
class Report:
    """Everything of a period."""

    days: Period[date]
    floors: list[Floor]
    prices: list[Price]
    agreed: list[Agreed]
    use: list[Use]
    customers: int
    most_hours: int
    refused: list[RefusedWork]
    checks: list[Check]
    aid: list[Aid]

    @property
    def refused_by_reason(self) -> list[tuple[str, int]]:
        return sorted(Counter(str(row.get_why_display()) for row in self.refused).items())

    @property
    def unchecked(self) -> int:
        """How many firms nobody asked within a year."""
        return sum(1 for check in self.checks if check.row is None)


SHOWN = 25


def of(days: Period[date]) -> Report:
    """Return the report of whole months."""
    last = days.end - timedelta(days=1)
    floors = _floors(days)
    use = _use(days)
    refused = RefusedWork.objects.filter(refused_on__gte=days.start, refused_on__lt=days.end)
    return Report(
        days, floors, _prices(days), _agreed(floors, last), sorted(use, key=lambda row: -row.minutes)[:SHOWN], len(use),
        HOURS_OF_A_CUSTOMER.on(last), list(refused.select_related("service").order_by("refused_on", "pk")),
        _checks(days), _aid(days),
    )  # fmt: skip


def _floors(days: Period[date]) -> list[Floor]:
    rows = [row for month in _months(days) for row in result.of_month(month)]
    share = Fraction(PRICE_FLOOR_SHARE.on(days.start))
    found = []
    for service, sums in result.by(rows, lambda row: row.service).items():
        cost, subsidy = sums.cost_per_hour, sums.per_hour(sums.subsidy_cents)
        if service and cost is not None and subsidy is not None:
            floor = half_up((cost - subsidy) * share)
            found.append(Floor(service, sums.accepted_minutes, cost, subsidy, floor))
    return found


def _months(days: Period[date]) -> list[date]:
    found, month = [], days.start.replace(day=1)
    while month < days.end:
        found.append(month)
        month = add_months(month, 1)
    return found


def _prices(days: Period[date]) -> list[Price]:
    """Return our prices beside the samples of the year before the end of the period."""
    samples: defaultdict[tuple[int, str], list[MarketSample]] = defaultdict(list)
    since = add_months(days.end, -12)
    for row in MarketSample.objects.filter(sampled_on__gte=since, sampled_on__lt=days.end).order_by("pk"):
        samples[row.service_id, row.kind].append(row)
    called = {service.pk: service.code for service in Service.objects.order_by("pk")}
    firms = FirmAccount.objects.values_list("contract_price_cents", flat=True)
    resident = PRICE_CENTS.on(days.start)
    lowest = min((cents for cents in firms if cents is not None), default=PRICE_FLOOR_CENTS.on(days.start))
    return [
        Price(
            called[service], kind, lowest if kind == Customer.Kind.FIRM else resident, len(rows),
            min(row.cents for row in rows), half_up(Fraction(median([row.cents for row in rows]))),
            max(row.sampled_on for row in rows),
        )
        for (service, kind), rows in sorted(samples.items(), key=lambda one: (called[one[0][0]], one[0][1]))
    ]  # fmt: skip


def _agreed(floors: list[Floor], on: date) -> list[Agreed]:
    """Return the firms with a price below the rule of the lawbook, or below what the dearest service costs."""
    highest = max((floor.floor_cents for floor in floors), default=0)
    rule = PRICE_FLOOR_CENTS.on(on)
    rows = FirmAccount.objects.select_related("customer").order_by("customer")
    return [
        Agreed(
            names.pseudonym(row.customer), row.contract_price_cents, row.contract_price_cents < rule,
            row.contract_price_cents < highest, row.below_floor_reason,
        )
        for row in rows
        if row.contract_price_cents is not None and row.contract_price_cents < max(rule, highest)
    ]  # fmt: skip


def _use(days: Period[date]) -> list[Use]:
    inside = moments(days)
    worked = Assignment.objects.filter(
        visit__start_at__gte=inside.start, visit__start_at__lt=inside.end, accepted_minutes__gt=0
    ).values_list("visit__booking__customer", "visit__start_at", "accepted_minutes")
    minutes: defaultdict[int, Counter[date]] = defaultdict(Counter)
    for customer, start_at, worked_minutes in worked:
        minutes[customer][timezone.localdate(start_at).replace(day=1)] += worked_minutes or 0
    everything = sum(sum(months.values()) for months in minutes.values())
    known = Customer.objects.in_bulk(minutes)
    found = []
    for pk, months in sorted(minutes.items()):
        month, most = max(months.items(), key=lambda one: (one[1], one[0]))
        share = half_up(Fraction(100 * sum(months.values()), everything))
        too_much = most > HOURS_OF_A_CUSTOMER.on(month) * HOUR
        found.append(Use(names.pseudonym(known[pk]), known[pk].kind, month, most, share, too_much))
    return found


def _checks(days: Period[date]) -> list[Check]:
    """Return every firm with its last checklist, if that is not older than a year at the end of the period."""
    since = add_months(days.end, -CHECK_HOLDS_MONTHS)
    latest: dict[int, DisplacementCheck] = {}
    rows = DisplacementCheck.objects.filter(checked_on__gte=since, checked_on__lt=days.end)
    for row in rows.order_by("checked_on", "pk"):
        latest[row.customer_id] = row
    firms = Customer.objects.filter(kind=Customer.Kind.FIRM, registered_at__lt=moments(days).end).order_by(
        "pk"
    )
    return [Check(firm, names.pseudonym(firm), latest.get(firm.pk)) for firm in firms]


def _aid(days: Period[date]) -> list[Aid]:
    last = days.end - timedelta(days=1)
    since = add_months(last, -12 * YEARS)
    receivers = AidRow.objects.filter(granted_on__gt=since, granted_on__lte=last).values_list(
        "customer", flat=True
    )
    known = Customer.objects.in_bulk([pk for pk in receivers if pk])
    found = []
    for pk in sorted(set(receivers), key=lambda pk: pk or 0):
        customer = known[pk] if pk else None
        cents = received_cents(customer, last)
        who = names.pseudonym(customer) if customer else ""
        found.append(Aid(who, cents, DE_MINIMIS_CENTS.on(last) - cents))
    return found
