"""Write opening balances on a sheet, look at what they would do, and let a second person book them once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from kernel.periods import local_day
from ledger.models import ClosedMonth
from opening import booking, lists
from opening.models import Balance, Sheet

Kind = Balance.Kind
FAR_BACK = date(2000, 1, 1)


class NotThatDay(Refused):
    """The day of the balances lies ahead, very far back, or in a month that is closed."""


class TakenOverBefore(Refused):
    """This balance stands on a sheet that was booked or waits."""


class NotADraft(Refused):
    """The sheet was booked or withdrawn."""


class SecondPersonNeeded(Refused):
    """Who wrote the sheet cannot book it."""


class WrongLine(Refused):
    """A line of one of the lists is wrong; `part` names the list."""

    def __init__(self, part: str, sentence: str) -> None:
        super().__init__(sentence)
        self.part = part


@dataclass(frozen=True)
class Paper:
    """What somebody typed or pasted: a day, the bank's balance, and three lists."""

    day: date
    bank: str = ""
    cheques: str = ""
    workers: str = ""
    awards: str = ""


@dataclass(frozen=True)
class Totals:
    """What a sheet adds up to; `own_cents` is what is left of the bank's balance after what is owed."""

    bank_cents: int
    cheques_cents: int
    cheques_minutes: int
    leave_minutes: int
    holiday_cents: int
    awards: int

    @property
    def own_cents(self) -> int:
        """Return the bank's balance less what is owed to customers and workers."""
        return self.bank_cents - self.cheques_cents - self.holiday_cents


def totals(balances: list[Balance]) -> Totals:
    """Return what balances add up to."""

    def of(kind: str, column: str) -> int:
        return sum(getattr(row, column) for row in balances if row.kind == kind)

    return Totals(
        of(Kind.BANK, "cents"), of(Kind.CHEQUES, "cents"), of(Kind.CHEQUES, "minutes"), of(Kind.WORKER, "minutes"),
        of(Kind.WORKER, "cents"), sum(row.kind == Kind.AWARD for row in balances),
    )  # fmt: skip


def preview(paper: Paper, *, by: User, at: datetime) -> list[Balance]:
    """Return the balances of a paper after booking them on trial: nothing of it stays.

    :raises NotThatDay: see the class.
    :raises WrongLine: a line cannot be read, or cannot be booked: an unknown worker, an award that overlaps.
    """
    with transaction.atomic(durable=True):
        sheet = _written(paper, by, at)
        _book(sheet, by=by, at=at)
        balances = list(sheet.balances.order_by("pk"))
        transaction.set_rollback(True)
    return balances


@transaction.atomic(durable=True)
def draft(paper: Paper, *, by: User, at: datetime) -> Sheet:
    """Write a sheet for the second person. It moves nothing yet.

    :raises NotThatDay: see the class.
    :raises WrongLine: a line cannot be read or booked, or stands on another sheet.
    """
    sheet = _written(paper, by, at)
    with transaction.atomic():  # on trial: what could not be booked is said now, to who can mend it
        _book(sheet, by=by, at=at)
        transaction.set_rollback(True)
    record("opening.written", sheet, by_id=by.pk, at=at, balances=sheet.balances.count())
    return sheet


@transaction.atomic(durable=True)
def book(sheet_id: int, *, by: User, at: datetime) -> Sheet:
    """Book a sheet, as the second person: every balance once, dated on the sheet's day.

    :raises NotADraft: it was booked or withdrawn.
    :raises SecondPersonNeeded: who wrote it.
    :raises NotThatDay: its month was closed meanwhile.
    :raises WrongLine: a balance cannot be booked any more; then none is.
    """
    sheet = _open(sheet_id)
    if sheet.made_by_id == by.pk:
        raise SecondPersonNeeded(_("Iemand anders moet de beginstand boeken."))
    _check_day(sheet.day, at)
    _book(sheet, by=by, at=at)
    sheet.state, sheet.posted_by, sheet.posted_at = Sheet.State.POSTED, by, at
    sheet.save(update_fields=["state", "posted_by", "posted_at"])
    record("opening.booked", sheet, by_id=by.pk, at=at)
    return sheet


@transaction.atomic(durable=True)
def withdraw(sheet_id: int, *, by: User, at: datetime) -> Sheet:
    """Take a sheet back; its balances may stand on another.

    :raises NotADraft: it was booked or withdrawn.
    """
    sheet = _open(sheet_id)
    sheet.balances.update(live=False)
    sheet.state = Sheet.State.WITHDRAWN
    sheet.save(update_fields=["state"])
    record("opening.withdrawn", sheet, by_id=by.pk, at=at)
    return sheet


def _open(sheet_id: int) -> Sheet:
    sheet = Sheet.objects.select_for_update(no_key=True).get(pk=sheet_id)
    if sheet.state != Sheet.State.DRAFT:
        raise NotADraft(_("Deze beginstand is al geboekt of ingetrokken."))
    return sheet


def _check_day(day: date, at: datetime) -> None:
    if not FAR_BACK < day <= local_day(at):
        raise NotThatDay(_("Kies een dag die geweest is."))
    if ClosedMonth.objects.filter(month=day.replace(day=1)).exists():
        raise NotThatDay(_("Deze maand is afgesloten. Kies een latere dag."))


def _written(paper: Paper, by: User, at: datetime) -> Sheet:
    _check_day(paper.day, at)
    sheet = Sheet.objects.create(day=paper.day, made_at=at, made_by=by)
    balances = list(_balances(paper, sheet))
    keys = Counter(row.key for row in balances)
    taken = set(Balance.objects.filter(live=True, key__in=keys).values_list("key", flat=True))
    for row in balances:
        if row.key in taken or keys[row.key] > 1:
            said = lists.at_line(row.facts.get("line", 1), TakenOverBefore(_("dit staat er al eens.")))
            raise WrongLine(PARTS[Kind(row.kind)], str(said))
    Balance.objects.bulk_create(balances)
    return sheet


PARTS = {Kind.BANK: "bank", Kind.CHEQUES: "cheques", Kind.WORKER: "workers", Kind.AWARD: "awards"}


def _balances(paper: Paper, sheet: Sheet) -> Iterator[Balance]:
    part = "bank"
    try:
        if paper.bank.strip():
            yield Balance(sheet=sheet, kind=Kind.BANK, key="bank", cents=lists.cents(paper.bank.strip()))
        part = "cheques"
        yield from _cheques(paper, sheet)
        part = "workers"
        for one in lists.workers(paper.workers):
            yield Balance(
                sheet=sheet, kind=Kind.WORKER, key=f"worker:{one.email}", cents=one.holiday_cents,
                minutes=one.leave_minutes, facts={"line": one.line, "email": one.email},
            )  # fmt: skip
        part = "awards"
        for award in lists.awards(paper.awards):
            facts = {name: None if fact is None else str(fact) for name, fact in asdict(award).items()}
            yield Balance(
                sheet=sheet, kind=Kind.AWARD, key=f"award:{award.email}:{award.from_on}", minutes=award.week_minutes,
                facts=facts | {"line": award.line},
            )  # fmt: skip
    except lists.NotABalance as refused:
        raise WrongLine(part, str(refused)) from refused


def _cheques(paper: Paper, sheet: Sheet) -> Iterator[Balance]:
    """A customer may have several lots, all on one sheet."""
    seen: Counter[str] = Counter()
    for one in lists.cheques(paper.cheques):
        seen[one.email] += 1
        yield Balance(
            sheet=sheet, kind=Kind.CHEQUES, key=f"cheques:{one.email}:{seen[one.email]}", minutes=one.minutes,
            cents=one.minutes * one.price_cents // 60, facts={**asdict(one), "last_day": str(one.last_day)},
        )  # fmt: skip


def _book(sheet: Sheet, *, by: User, at: datetime) -> None:
    for row in sheet.balances.order_by("pk"):
        try:
            booking.book(row, sheet.day, by=by, at=at)
        except Refused as refused:
            said = lists.at_line(row.facts.get("line", 1), refused)
            raise WrongLine(PARTS[Kind(row.kind)], str(said)) from refused


def waiting_or_booked() -> bool:
    """Tell whether there is a sheet that counts."""
    return Sheet.objects.filter(~Q(state=Sheet.State.WITHDRAWN)).exists()
