"""What each hour brought in and cost: cheques without VAT + subsidy - wage cost - training - overhead.

Everything booked for more than an hour (VAT of a month, charges of a payslip, a subsidy of a month) is shared by
largest remainder, so that the rows of a month add up to what is booked. What belongs to no visit (leave, sickness,
a subsidy without work) is a row of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import F, Sum

from books.pseudonyms import of_worker
from cheques.models import Outstanding, Redemption
from cheques.redemption import worth
from kernel.minutes import HOUR
from kernel.money import half_up, percentage, split_largest_remainder, vat_inside
from kernel.periods import moments, month_of
from lawbook.cheques import PRICE_CENTS
from lawbook.running_costs import OVERHEAD_CENTS_PER_HOUR, TRAINING_CENTS_PER_HOUR
from payroll.models import PaidPiece, PayRun, Payslip
from scheduling.models import Assignment
from subsidies.models import ClaimLine, Clawback, PieceShare


@dataclass(frozen=True, slots=True)
class Result:
    """Income and cost in cents, and the minutes behind them. Results add up."""

    accepted_minutes: int = 0
    sold_minutes: int = 0
    cheques_net_cents: int = 0
    subsidy_cents: int = 0
    wage_cost_cents: int = 0
    training_cents: int = 0
    overhead_cents: int = 0

    def __add__(self, other: "Result") -> "Result":
        return Result(*(getattr(self, name) + getattr(other, name) for name in Result.__slots__))

    @property
    def cost_cents(self) -> int:
        return self.wage_cost_cents + self.training_cents + self.overhead_cents

    @property
    def income_cents(self) -> int:
        return self.cheques_net_cents + self.subsidy_cents

    @property
    def rest_cents(self) -> int:
        """What is left; below zero, what other money must pay."""
        return self.income_cents - self.cost_cents

    @property
    def coverage(self) -> Decimal | None:
        """The part of the cost that is paid, in percent; None without cost."""
        return percentage(self.income_cents, self.cost_cents) if self.cost_cents > 0 else None

    @property
    def own_ratio(self) -> Decimal | None:
        """The part of the cost that cheques pay, without public money."""
        return percentage(self.cheques_net_cents, self.cost_cents) if self.cost_cents > 0 else None

    def per_hour(self, cents: int) -> int | None:
        """Return an amount per accepted hour, or None when nobody worked."""
        return half_up(Fraction(cents * HOUR, self.accepted_minutes)) if self.accepted_minutes else None

    @property
    def cost_per_hour(self) -> int | None:
        return self.per_hour(self.cost_cents)

    @property
    def rest_per_hour(self) -> int | None:
        return self.per_hour(self.rest_cents)


@dataclass(frozen=True, slots=True)
class Row:
    """The result of one worker at one visit, or of a worker's paid time that belongs to no visit."""

    month: date
    worker_id: int
    visit_ref: str  # empty: no visit
    service: str
    neighbourhood: str
    result: Result


def of_month(month: date) -> list[Row]:
    """Return the results of a month, by visit and worker; then what belongs to no visit.

    :raises NothingInForce: the cost of training or overhead of that month is not in the lawbook.
    """
    first = month_of(month).start
    worked = _worked(first)
    net, (wages, loose_wages), (subsidies, loose_subsidies) = (
        net_of_assignments(first),
        _wages(first),
        _subsidies(first),
    )
    rows = []
    for row in worked:
        minutes = row.accepted_minutes or 0
        rows.append(
            Row(
                first, row.worker_id, row.visit.ref, row.visit.booking.service.code, row.visit.neighbourhood.name,
                Result(
                    minutes, row.confirmed_minutes, net.get(row.pk, 0), subsidies.pop(row.pk, 0), wages.pop(row.pk, 0),
                    _hourly(minutes, TRAINING_CENTS_PER_HOUR.on(first)), _hourly(minutes, OVERHEAD_CENTS_PER_HOUR.on(first)),
                ),
            )
        )  # fmt: skip
    return rows + _loose(first, loose_wages, loose_subsidies, wages, subsidies)


def by(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, Result]:
    """Return the sum of rows per key, in the order of the keys."""
    sums: dict[str, Result] = defaultdict(Result)
    for row in rows:
        sums[key(row)] += row.result
    return dict(sorted(sums.items()))


KEYS: dict[str, Callable[[Row], str]] = {
    "visit": lambda row: row.visit_ref, "worker": lambda row: of_worker(row.worker_id),
    "service": lambda row: row.service, "neighbourhood": lambda row: row.neighbourhood,
    "month": lambda row: f"{row.month:%Y-%m}",
}  # fmt: skip


def total(rows: Iterable[Row]) -> Result:
    return sum((row.result for row in rows), Result())


def _hourly(minutes: int, cents_per_hour: int) -> int:
    return half_up(Fraction(minutes * cents_per_hour, HOUR))


def _worked(first: date) -> list[Assignment]:
    days = moments(month_of(first))
    rows = Assignment.objects.filter(visit__start_at__gte=days.start, visit__start_at__lt=days.end)
    rows = rows.exclude(accepted_minutes=None, confirmed_minutes=0)
    return list(rows.select_related("visit__booking__service", "visit__neighbourhood").order_by("pk"))


def net_of_assignments(first: date) -> dict[int, int]:
    """Return what cheques paid without VAT per assignment; VAT is that of the month, on the total per rate."""
    gross: dict[Decimal, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for visit, rate, cents in _used(first):
        gross[rate][visit] += cents
    net: dict[int, int] = defaultdict(int)
    for rate, visits in gross.items():
        if not sum(visits.values()):
            continue
        vat = split_largest_remainder(vat_inside(sum(visits.values()), rate), list(visits.values()))
        for (visit, cents), part in zip(visits.items(), vat, strict=True):
            net[visit] += cents - part
    return _over_crew(net)


def _used(first: date) -> Iterable[tuple[int, Decimal, int]]:
    days = month_of(first)
    used = {"key__startswith": "visit:", "used_on__gte": days.start, "used_on__lt": days.end}
    redeemed = Redemption.objects.filter(**used).values("key", "vat_rate").annotate(total=Sum("cents"))
    for row in redeemed.order_by("key", "vat_rate"):
        yield _number(row["key"]), row["vat_rate"], row["total"]
    owed = Outstanding.objects.filter(**used, minutes__gt=F("settled_minutes")).order_by("pk")
    for open_row in owed:
        price = PRICE_CENTS.on(open_row.used_on)
        yield (
            _number(open_row.key),
            open_row.vat_rate,
            worth(open_row.minutes - open_row.settled_minutes, price),
        )


def _number(key: str) -> int:
    return int(key.partition(":")[2])


def _over_crew(net: dict[int, int]) -> dict[int, int]:
    crews: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = Assignment.objects.filter(visit__in=net, confirmed_minutes__gt=0).order_by("pk")
    for pk, visit, minutes in rows.values_list("pk", "visit_id", "confirmed_minutes"):
        crews[visit].append((pk, minutes))
    shares: dict[int, int] = {}
    for visit, crew in crews.items():
        parts = split_largest_remainder(net[visit], [minutes for _pk, minutes in crew])
        shares.update(zip([pk for pk, _minutes in crew], parts, strict=True))
    return shares


def _place(piece: PaidPiece, arrivals: dict[tuple[int, int], int]) -> int | None:
    """Return the assignment a piece of paid work belongs to: travel belongs to where it went."""
    if piece.assignment_id or piece.travel is None:
        return piece.assignment_id
    return arrivals.get((piece.travel.destination_id, piece.travel.worker_id))


def _arrivals(pieces: list[PaidPiece]) -> dict[tuple[int, int], int]:
    visits = {piece.travel.destination_id for piece in pieces if piece.travel}
    rows = Assignment.objects.filter(visit__in=visits).values_list("visit_id", "worker_id", "pk")
    return {(visit, worker): pk for visit, worker, pk in rows}


def _wages(first: date) -> tuple[dict[int, int], dict[int, int]]:
    """Return the wage cost per assignment, and per worker what belongs to no visit; together the payslips."""
    placed: dict[int, int] = defaultdict(int)
    loose: dict[int, int] = defaultdict(int)
    fixed = Payslip.objects.filter(run__month=first).exclude(run__state=PayRun.State.DRAFT).order_by("pk")
    pieces = list(
        PaidPiece.objects.filter(line__run__month=first).select_related("line", "travel").order_by("pk")
    )
    arrivals, of_worker_ = _arrivals(pieces), defaultdict(list)
    for piece in pieces:
        of_worker_[piece.line.worker_id].append(piece)
    for slip in fixed:
        own = of_worker_[slip.worker_id]
        costs, rest = spread(slip, [piece.cents for piece in own])
        for piece, cents in zip(own, costs, strict=True):
            assignment = _place(piece, arrivals)
            if assignment is None:
                rest += cents
            else:
                placed[assignment] += cents
        loose[slip.worker_id] += rest
    return placed, loose


def spread(slip: Payslip, cents: list[int]) -> tuple[list[int], int]:
    """Return what each piece costs with its part of allowance and premiums, and what no piece carries."""
    on_top = slip.holiday_cents + slip.premium_cents
    rest = (
        slip.gross_cents - slip.holiday_paid_cents - sum(cents)
    )  # the allowance was a cost when it was earned
    weights = [max(0, one) for one in (*cents, rest)]
    if not any(weights):
        return cents, rest + on_top
    parts = split_largest_remainder(on_top, weights)
    return [one + part for one, part in zip(cents, parts[:-1], strict=True)], rest + parts[-1]


def _subsidies(first: date) -> tuple[dict[int, int], dict[int, int]]:
    """Return the claimed subsidy per assignment, and per worker what no hour carries.

    Together they are the claim lines, less what the town took back.
    """
    placed: dict[int, int] = defaultdict(int)
    loose: dict[int, int] = defaultdict(int)
    live = (
        ClaimLine.objects.filter(month=first).exclude(state=ClaimLine.State.REFUSED).select_related("award")
    )
    for line in live:
        loose[line.award.worker_id] += line.subsidy_cents + line.compensation_cents
    for worker, cents in Clawback.objects.filter(line__in=live).values_list("line__award__worker", "cents"):
        loose[worker] -= cents
    shares = PieceShare.objects.filter(line__in=live).select_related("piece__line", "piece__travel")
    arrivals = _arrivals([share.piece for share in shares])
    for share in shares:
        assignment = _place(share.piece, arrivals)
        if assignment is not None:
            placed[assignment] += share.cents
            loose[share.piece.line.worker_id] -= share.cents
    return placed, loose


def _loose(
    first: date,
    wages: dict[int, int],
    subsidies: dict[int, int],
    left_wages: dict[int, int],
    left_subsidies: dict[int, int],
) -> list[Row]:
    """Return a row per worker for what belongs to no visit of the month: its own, and that of another month."""
    sums: dict[int, Result] = defaultdict(Result)
    strays = dict(
        Assignment.objects.filter(pk__in={*left_wages, *left_subsidies}).values_list("pk", "worker_id")
    )
    for assignment, cents in left_wages.items():
        sums[strays[assignment]] += Result(wage_cost_cents=cents)
    for assignment, cents in left_subsidies.items():
        sums[strays[assignment]] += Result(subsidy_cents=cents)
    for worker, cents in wages.items():
        sums[worker] += Result(wage_cost_cents=cents)
    for worker, cents in subsidies.items():
        sums[worker] += Result(subsidy_cents=cents)
    return [
        Row(first, worker, "", "", "", sums[worker]) for worker in sorted(sums) if sums[worker] != Result()
    ]


def with_public_money(result: Result, public_cents: int) -> Result:
    """Return a result to which other public money of the month is added."""
    return replace(result, subsidy_cents=result.subsidy_cents + public_cents)
