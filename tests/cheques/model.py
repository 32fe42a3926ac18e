"""The cheques as a child would keep them: a few lists and sums, no database and no code of the product."""

from calendar import monthrange
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY_PRICE = 10_00
ALONE_CENTS = 200_00


def worth(minutes: int, price: int) -> int:
    assert minutes * price % 60 == 0
    return minutes * price // 60


def a_year_to_the_end_of_the_month(issued: datetime) -> datetime:
    """Return 00:00 in Breda after the last day of the same month a year later."""
    day = issued.astimezone(AMSTERDAM).date()
    last = date(day.year + 1, day.month, monthrange(day.year + 1, day.month)[1])
    midnight = datetime.combine(last + timedelta(days=1), datetime.min.time(), tzinfo=AMSTERDAM)
    return midnight.astimezone(UTC)


@dataclass
class Lot:
    number: int
    price: int
    issued: datetime
    figures: Counter[str] = field(default_factory=Counter)

    @property
    def expires(self) -> datetime:
        return a_year_to_the_end_of_the_month(self.issued)

    def move(self, source: str, target: str, minutes: int) -> int:
        assert 0 <= minutes <= self.figures[source]
        self.figures[source] -= minutes
        self.figures[target] += minutes
        return worth(minutes, self.price)


@dataclass
class Refund:
    lot: Lot
    minutes: int
    state: str = "requested"

    @property
    def cents(self) -> int:
        return worth(self.minutes, self.lot.price)


@dataclass
class Chargeback:
    lot: Lot
    cents: int
    owed: int = 0
    cancelled: int = 0
    state: str = "open"


@dataclass
class Owed:
    minutes: int
    settled: int = 0


class Wallet:
    """One customer. `money` is debit less credit of each account, in cents."""

    def __init__(self) -> None:
        self.lots: list[Lot] = []
        self.holds: dict[str, dict[int, int]] = {}
        self.owed: list[Owed] = []
        self.refunds: list[Refund] = []
        self.chargebacks: list[Chargeback] = []
        self.money: Counter[str] = Counter()

    def book(self, debit: str, credit: str, cents: int) -> None:
        self.money[debit] += cents
        self.money[credit] -= cents

    # --- in
    def issue(self, hours: int, price: int, at: datetime) -> None:
        lot = Lot(len(self.lots), price, at, Counter(free=hours * 60))
        self.lots.append(lot)
        self.book("stripe", "cheques", hours * price)
        for row in self.owed:
            part = min(lot.figures["free"], row.minutes - row.settled)
            cents = lot.move("free", "used", part)
            self.book("cheques", "revenue", cents)  # the sale of that day...
            self.book("revenue", "customers", worth(part, DAY_PRICE))  # ...was booked when it was owed
            row.settled += part

    # --- wait
    def usable(self, start: datetime) -> list[Lot]:
        good = [lot for lot in self.lots if lot.expires > start]
        return sorted(good, key=lambda lot: (lot.expires, lot.issued, lot.number))

    def short(self, minutes: int, start: datetime) -> int:
        return minutes - sum(lot.figures["free"] for lot in self.usable(start))

    def hold(self, key: str, minutes: int, start: datetime) -> None:
        parts = self.holds[key] = {}
        for lot in self.usable(start):
            part = min(minutes, lot.figures["free"])
            if part:
                lot.move("free", "held", part)
                parts[lot.number] = part
                minutes -= part
        assert not minutes

    def release(self, key: str) -> None:
        for number, minutes in self.holds.pop(key).items():
            self.lots[number].move("held", "free", minutes)

    def redeem(self, key: str, minutes: int, start: datetime) -> int:
        """Return the minutes that stay owed."""
        parts = self.holds[key]
        for number in sorted(parts, key=lambda spot: (self.lots[spot].expires, spot)):
            minutes -= self._use(self.lots[number], "held", min(minutes, parts[number]), parts)
        for lot in self.usable(start):
            minutes -= self._use(lot, "free", min(minutes, lot.figures["free"]))
        if minutes:
            self.owed.append(Owed(minutes))
            self.book("customers", "revenue", worth(minutes, DAY_PRICE))
        self.release(key)
        return minutes

    def _use(self, lot: Lot, source: str, minutes: int, parts: dict[int, int] | None = None) -> int:
        self.book("cheques", "revenue", lot.move(source, "used", minutes))
        if parts is not None:
            parts[lot.number] -= minutes
        return minutes

    def expire(self, at: datetime) -> int:
        due = [lot for lot in self.lots if lot.expires <= at and lot.figures["free"]]
        for lot in due:
            self.book("cheques", "breakage", lot.move("free", "expired", lot.figures["free"]))
        return len(due)

    # --- out
    def refund(self, lot: Lot, minutes: int) -> Refund:
        lot.move("free", "refunded", minutes)
        self.refunds.append(Refund(lot, minutes))
        return self.refunds[-1]

    def answer(self, refund: Refund, said: str) -> None:
        before = refund.state
        if before == "requested" and said != "refused":
            self.book("cheques", "stripe", refund.cents)
            refund.state = "pending"
        if said == "succeeded" and refund.state == "pending":
            refund.state = "succeeded"
        if said in {"failed", "refused"} and before != "failed":
            if refund.state != "requested":
                self.book("stripe", "cheques", refund.cents)
            refund.state = "failed"
            refund.lot.move("refunded", "free", refund.minutes)
            self._keep_frozen(refund.lot)

    # --- lost
    def chargeback(self, lot: Lot, cents: int) -> Chargeback:
        found = Chargeback(lot, cents)
        self.chargebacks.append(found)
        unspent = self._freeze(lot)
        used = worth(lot.figures["used"], lot.price)
        found.owed = max(0, min(used, cents - unspent))
        self.book("customers", "losses", found.owed)
        return found

    def decide(self, found: Chargeback, outcome: str) -> None:
        found.state = outcome
        if outcome == "won":
            found.lot.move("frozen", "free", found.lot.figures["frozen"])
            self.book("losses", "customers", found.owed)
        else:
            self._cancel(found)

    def _freeze(self, lot: Lot) -> int:
        lot.move("free", "frozen", lot.figures["free"])
        for parts in self.holds.values():
            lot.move("held", "frozen", parts.pop(lot.number, 0))
        return worth(lot.figures["frozen"], lot.price)

    def _cancel(self, found: Chargeback) -> None:
        quarter = worth(15, found.lot.price)
        while found.lot.figures["frozen"] and found.cents - found.owed - found.cancelled >= quarter:
            found.lot.move("frozen", "refunded", 15)
            self.book("cheques", "losses", quarter)
            found.cancelled += quarter
        found.lot.move("frozen", "free", found.lot.figures["frozen"])

    def _keep_frozen(self, lot: Lot) -> None:
        for found in self.chargebacks:
            if found.lot is lot and found.state != "won":
                self._freeze(lot)
                if found.state == "lost":
                    self._cancel(found)
