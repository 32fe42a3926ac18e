"""What happened to a customer's cheques in a period: what there was, each movement, what there is.

All of it is read from the movements, so any period in the past gives what it gave then. Free minutes of a lot past its
day count as expired from the end of that day, swept or not, as in `lots.figures`.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from cheques.expiry_models import Extension
from cheques.models import Lot, Movement, Order, Outstanding, Redemption
from cheques.redemption import worth
from kernel.periods import Period, local_day, start_of_day
from lawbook.cheques import PRICE_CENTS

MOMENT = timedelta(microseconds=1)
AFTER = sys.maxsize  # what has no movement of its own is told after those of its moment
NEW, FREE, HELD, FROZEN = "new", "free", "held", "frozen"
USED, REFUNDED, EXPIRED = "used", "refunded", "expired"


class Kind(StrEnum):
    """What a line says; `statement_words` has the sentences."""

    BOUGHT = "bought"
    TAKEN_OVER = "taken over"
    RECEIVED = "received"
    KEPT = "kept"
    RELEASED = "released"
    RELEASED_LATE = "released late"
    USED = "used"
    OWED = "owed"
    SETTLED = "settled"
    UNDONE = "undone"
    REFUNDED = "refunded"
    CREDITED = "credited"
    REFUND_FAILED = "refund failed"
    EXPIRED = "expired"
    EXTENDED = "extended"
    GIVEN = "given"
    CAME_BACK = "came back"
    WENT_BACK = "went back"
    FROZEN = "frozen"
    THAWED = "thawed"
    CANCELLED = "cancelled"


KINDS = {
    (FREE, HELD): Kind.KEPT, (HELD, FREE): Kind.RELEASED, (HELD, USED): Kind.USED, (FREE, USED): Kind.USED,
    (USED, FREE): Kind.UNDONE, (FREE, FROZEN): Kind.FROZEN, (HELD, FROZEN): Kind.FROZEN, (FROZEN, FREE): Kind.THAWED,
    (FROZEN, REFUNDED): Kind.CANCELLED, (FREE, REFUNDED): Kind.REFUNDED, (REFUNDED, FREE): Kind.REFUND_FAILED,
    (FREE, EXPIRED): Kind.EXPIRED, (FREE, "handed"): Kind.GIVEN, ("handed", FREE): Kind.CAME_BACK,
    (FREE, "returned"): Kind.WENT_BACK,
}  # fmt: skip
BY_KEY = {"takeback": Kind.UNDONE, "settle": Kind.SETTLED, "credit": Kind.CREDITED}


@dataclass(frozen=True)
class Stand:
    """Minutes per figure; `owed` are confirmed minutes that no cheque paid yet. Of a line: what it adds."""

    free: int = 0
    held: int = 0
    used: int = 0
    expired: int = 0
    frozen: int = 0
    owed: int = 0

    def __add__(self, other: "Stand") -> "Stand":
        return Stand(*(getattr(self, one) + getattr(other, one) for one in FIGURES))


FIGURES = tuple(field.name for field in fields(Stand))


@dataclass(frozen=True)
class Line:
    """One thing that happened: how many minutes, what they are worth, and what it did to each figure.

    `service` is a code, `on` the day of the visit (of hours kept aside: at the latest), `until` the new last day.
    """

    at: datetime
    kind: Kind
    minutes: int
    cents: int
    change: Stand
    service: str = ""
    on: date | None = None
    name: str = ""
    until: date | None = None
    free_after: int = 0


@dataclass(frozen=True)
class Statement:
    """The cheques of one customer in a period; opening and the changes of all lines make closing."""

    period: Period[datetime]
    opening: Stand
    lines: tuple[Line, ...]
    closing: Stand
    next_expiry: tuple[int, date] | None

    @property
    def first_day(self) -> date:
        return local_day(self.period.start)

    @property
    def last_day(self) -> date:
        return local_day(self.period.end - MOMENT)

    def total(self, *kinds: Kind) -> tuple[int, int]:
        """Return the minutes and cents of the lines of some kinds."""
        found = [line for line in self.lines if line.kind in kinds]
        return sum(line.minutes for line in found), sum(line.cents for line in found)


@dataclass(frozen=True)
class _Step:
    """A part of a line, in one lot: parts of one act have the same `group`."""

    line: Line
    group: object
    lot_id: int = 0
    later: int = 0


def of(customer_id: int, period: Period[datetime]) -> Statement:
    """Return what happened in a period."""
    lots = list(
        Lot.objects.filter(wallet__customer=customer_id).select_related("order", "purpose").order_by("pk")
    )
    steps = sorted(_steps(customer_id, lots, period.end), key=lambda step: (step.line.at, step.later))
    before = [step.line.change for step in steps if step.line.at < period.start]
    opening = sum(before, Stand())
    lines = tuple(_told(opening, _merged(step for step in steps if step.line.at >= period.start)))
    closing = sum((line.change for line in lines), opening)
    return Statement(period, opening, lines, closing, _next_expiry(lots, steps, period.end))


def of_year(customer_id: int, year: int, *, at: datetime) -> Statement:
    """Return what happened in a calendar year, or in the part of it that is over; this very moment is in it."""
    start, end = start_of_day(date(year, 1, 1)), start_of_day(date(year + 1, 1, 1))
    return of(customer_id, Period(start, max(min(end, at + MOMENT), start + MOMENT)))


def years(customer_id: int, *, at: datetime) -> list[int]:
    """Return the years there is something to say about, this year first."""
    first = Movement.objects.filter(lot__wallet__customer=customer_id).order_by("at").first()
    now = local_day(at).year
    return list(range(now, min(now, local_day(first.at).year if first else now) - 1, -1))


def _told(opening: Stand, lines: Iterable[Line]) -> Iterator[Line]:
    free = opening.free
    for line in lines:
        free += line.change.free
        yield replace(line, free_after=free)


def _merged(steps: Iterable[_Step]) -> list[Line]:
    """Return one line for each act, however many lots it touched."""
    found: dict[object, Line] = {}
    for step in steps:
        name, line = (step.line.at, step.line.kind, step.group), step.line
        known = found.get(name)
        if known:
            line = replace(
                known, minutes=known.minutes + line.minutes, cents=known.cents + line.cents,
                change=known.change + line.change,
            )  # fmt: skip
        found[name] = line
    return list(found.values())


def _steps(customer_id: int, lots: list[Lot], end: datetime) -> Iterator[_Step]:
    rows = Movement.objects.filter(lot__wallet__customer=customer_id, at__lt=end).select_related("hold")
    moves: dict[int, list[Movement]] = defaultdict(list)
    for row in rows.order_by("at", "pk"):
        moves[row.lot_id].append(row)
    paid = {
        row.movement_id: row
        for row in Redemption.objects.filter(
            movement__lot__wallet__customer=customer_id, movement__at__lt=end
        )
    }
    every = {move.pk: move for rows in moves.values() for move in rows}
    services = {
        row.key: hold.service for pk, row in paid.items() if (hold := every[pk].hold) and hold.service
    }
    extended = Extension.objects.filter(lot__in=lots, at__lt=end)
    for lot in lots:
        yield from _of_lot(lot, moves[lot.pk], paid, services)
        yield from _expired(lot, moves[lot.pk], end)
    for one in extended:
        free = _free(moves[one.lot_id], one.at)
        change = Line(one.at, Kind.EXTENDED, free, 0, Stand(), until=local_day(one.after - MOMENT))
        yield _Step(change, one.lot_id, one.lot_id, AFTER)
    for owed in Outstanding.objects.filter(wallet__customer=customer_id, at__lt=end).order_by("pk"):
        cents = worth(owed.minutes, PRICE_CENTS.on(owed.used_on))
        change = Line(
            owed.at, Kind.OWED, owed.minutes, cents, Stand(owed=owed.minutes), services.get(owed.key, ""), owed.used_on
        )  # fmt: skip
        yield _Step(change, owed.key, later=AFTER)


def _of_lot(
    lot: Lot, moves: list[Movement], paid: dict[int, Redemption], services: dict[str, str]
) -> Iterator[_Step]:
    for move in moves:
        source, target = (_figure(figure, move.at, lot) for figure in (move.source, move.target))
        if source == target:
            continue
        kind, redemption = _kind(lot, move, target), paid.get(move.pk)
        minutes = 0 if kind == Kind.UNDONE and move.source != USED else move.minutes
        change = _change(source, -move.minutes) + _change(target, move.minutes)
        if kind == Kind.SETTLED:
            change += Stand(owed=-move.minutes)
        hold = move.hold
        line = Line(
            move.at, kind, minutes, abs(redemption.cents) if redemption else worth(minutes, lot.price_cents), change,
            services.get(redemption.key, "") if redemption else hold.service if hold else "",
            redemption.used_on if redemption else hold.start_on if hold else None, _name(lot, kind),
        )  # fmt: skip
        yield _Step(line, _group(kind, move, redemption), lot.pk, move.pk)


def _figure(figure: str, at: datetime, lot: Lot) -> str:
    return EXPIRED if figure == FREE and at >= lot.expires_at else figure


def _change(figure: str, minutes: int) -> Stand:
    return Stand(**{figure: minutes}) if figure in FIGURES else Stand()


def _kind(lot: Lot, move: Movement, target: str) -> Kind:
    if move.source == NEW:
        if lot.order is None:
            return Kind.RECEIVED
        return Kind.TAKEN_OVER if lot.order.way == Order.Way.OPENING else Kind.BOUGHT
    kind = BY_KEY.get(move.key.partition(":")[0]) or KINDS[move.source, move.target]
    return Kind.RELEASED_LATE if kind == Kind.RELEASED and target == EXPIRED else kind


def _group(kind: Kind, move: Movement, redemption: Redemption | None) -> object:
    """Return what lines up the parts of one act: the visit that was paid, the hold, or the lot itself."""
    if kind == Kind.UNDONE:  # 'takeback:visit:41:7' and 'takeback:visit:41:7:held' are one act
        return move.key.removesuffix(":held").rpartition(":")[0]
    if redemption:
        return redemption.key
    return ("hold", move.hold_id) if move.hold_id else ("lot", move.lot_id)


def _name(lot: Lot, kind: Kind) -> str:
    if kind == Kind.BOUGHT and lot.order:
        return lot.order.ref
    return lot.purpose.name if lot.purpose and kind in {Kind.RECEIVED, Kind.GIVEN} else ""


def _free(moves: Iterable[Movement], at: datetime) -> int:
    """Return the free minutes of a lot at a moment, by its movements before it."""
    return sum(
        move.minutes * ((move.target == FREE) - (move.source == FREE)) for move in moves if move.at < at
    )


def _expired(lot: Lot, moves: list[Movement], end: datetime) -> Iterator[_Step]:
    """Say on the last day of a lot what of it was free then."""
    at = lot.expires_at - MOMENT
    left = _free(moves, lot.expires_at) if at < end else 0
    if left:
        change = Stand(free=-left, expired=left)
        yield _Step(
            Line(at, Kind.EXPIRED, left, worth(left, lot.price_cents), change), lot.pk, lot.pk, later=AFTER
        )


def _next_expiry(lots: list[Lot], steps: list[_Step], end: datetime) -> tuple[int, date] | None:
    """Return the minutes that expire first and their last day, as it was known at the end."""
    free: dict[int, int] = defaultdict(int)
    for step in steps:
        free[step.lot_id] += step.line.change.free
    before = dict(Extension.objects.filter(lot__in=lots, at__gte=end).values_list("lot", "before"))
    ends: dict[datetime, int] = defaultdict(int)
    for lot in lots:
        if free[lot.pk]:
            ends[before.get(lot.pk, lot.expires_at)] += free[lot.pk]
    soon = min(ends.items(), default=None)
    return (soon[1], local_day(soon[0] - MOMENT)) if soon else None
