"""Book one balance where it belongs: the bank, a lot, a worker's leave and reserve, an award."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cheques import taking_over
from identity import permissions, registration
from identity.models import Customer, Municipality, User
from kernel.errors import Refused
from ledger.models import Account
from ledger.posting import Move, post
from opening.models import Balance
from payroll import leave
from subsidies import awards
from workers_pool.models import Worker


class NotAWorker(Refused):
    """Nobody in the pool has this e-mail address."""


class NotATown(Refused):
    """The municipality is not known here."""


def book(row: Balance, day: date, *, by: User, at: datetime) -> None:
    """Book a balance, dated on a day. Step: the caller owns the transaction.

    :raises Refused: it cannot be booked; the sentence says why.
    """
    kinds: dict[str, Callable[..., None]] = {
        Balance.Kind.BANK: _bank, Balance.Kind.CHEQUES: _cheques, Balance.Kind.WORKER: _worker, Balance.Kind.AWARD: _award,
    }  # fmt: skip
    kinds[row.kind](row, day, by=by, at=at)


def _bank(row: Balance, day: date, **_who: Any) -> None:
    if row.cents:
        post("opening:bank", day, Move(Account.BANK, Account.OPENING, row.cents))


def _cheques(row: Balance, day: date, *, by: User, at: datetime) -> None:
    facts = row.facts
    taking_over.take_over(
        _customer(facts, at).pk, minutes=row.minutes, price_cents=facts["price_cents"], vat_kind=facts["vat_kind"],
        last_day=date.fromisoformat(facts["last_day"]), on=day, by=by, at=at,
    )  # fmt: skip


def _customer(facts: dict[str, Any], at: datetime) -> Customer:
    """Return the customer of an e-mail address; who is new is taken in as a resident."""
    user = User.objects.filter(email=facts["email"]).first()
    if user is None:
        user = User.objects.create_user(facts["email"], name=facts["name"])
    found = permissions.customers_of(user).order_by("pk").first()
    if found is not None:
        return found
    return registration.take_in(
        user=user, name=facts["name"], postcode=facts["postcode"], house_number=facts["house_number"],
        language=user.language, at=at,
    )  # fmt: skip


def _worker_of(row: Balance) -> Worker:
    worker = Worker.objects.filter(user__email=row.facts["email"]).first()
    if worker is None:
        raise NotAWorker(_("%(email)s is geen medewerker.") % {"email": row.facts["email"]})
    return worker


def _worker(row: Balance, day: date, *, by: User, at: datetime) -> None:
    worker = _worker_of(row)
    party = f"worker:{worker.pk}"
    if row.cents:
        post(
            f"opening:holiday:{worker.pk}", day,
            Move(Account.OPENING, Account.HOLIDAY_RESERVE, row.cents, party),
        )  # fmt: skip
    if row.minutes:
        why = _("Beginstand")
        leave.note(worker.pk, minutes=row.minutes, on=day, key=f"opening:{party}", why=why, by=by, at=at)


def _award(row: Balance, _day: date, *, by: User, at: datetime) -> None:
    facts = row.facts
    town = Municipality.objects.filter(name__iexact=facts["town"]).first()
    if town is None:
        raise NotATown(_("de gemeente %(name)s staat er niet.") % {"name": facts["town"]})
    last = date.fromisoformat(facts["last_day"]) if facts["last_day"] else None
    awards.write_down(
        _worker_of(row).pk, municipality=town, route=facts["route"],
        wage_value=Decimal(facts["wage_value"]) if facts["wage_value"] else None, week_minutes=row.minutes,
        from_on=date.fromisoformat(facts["from_on"]), until_on=last + timedelta(days=1) if last else None,
        letter=facts["letter"], by=by, at=at,
    )  # fmt: skip
