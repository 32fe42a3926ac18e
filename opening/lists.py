"""Read pasted lists of balances: one a line, fields with a semicolon or tab between them, as a spreadsheet gives them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from django.utils.translation import gettext as _

from kernel.errors import Refused

T = TypeVar("T")
BETWEEN = re.compile(r"[;\t]")
ADDRESS = re.compile(r"[^@\s;]+@[^@\s;]+\.[^@\s;]+")
DAY = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
MOST_LINES, MOST_EUROS, MOST_HOURS = 5000, Decimal(10_000_000), Decimal(2000)
VAT_KINDS = {"bij gebruik": "mpv", "mpv": "mpv", "9": "spv9", "9%": "spv9", "21": "spv21", "21%": "spv21"}
ROUTES = {"gemeten": "measured", "forfait": "forfait"}


class NotABalance(Refused):
    """A line cannot be read; the sentence names the line and what is wrong."""


@dataclass(frozen=True)
class ChequesLine:
    """Unspent hours of a customer, who may be new: one lot."""

    line: int
    email: str
    name: str
    postcode: str
    house_number: str
    minutes: int
    price_cents: int
    vat_kind: str
    last_day: date


@dataclass(frozen=True)
class WorkerLine:
    """Leave that was not taken and holiday allowance that was not paid."""

    line: int
    email: str
    leave_minutes: int
    holiday_cents: int


@dataclass(frozen=True)
class AwardLine:
    """A decision that runs on."""

    line: int
    email: str
    town: str
    route: str
    wage_value: Decimal | None
    week_minutes: int
    from_on: date
    last_day: date | None
    letter: str


def cheques(text: str) -> list[ChequesLine]:
    """Return the lines `e-mail; name; postcode; number; hours; price; VAT; last day`.

    :raises NotABalance: see the class.
    """
    return _each(text, 8, _cheques)


def workers(text: str) -> list[WorkerLine]:
    """Return the lines `e-mail; leave in hours; holiday allowance in euros`.

    :raises NotABalance: see the class.
    """
    return _each(
        text, 3, lambda at, part: WorkerLine(at, email(part[0]), minutes(part[1], 1), cents(part[2]))
    )


def awards(text: str) -> list[AwardLine]:
    """Return the lines `e-mail; town; gemeten or forfait; wage value; hours a week; from; last day or nothing; letter`.

    :raises NotABalance: see the class.
    """
    return _each(text, 8, _award)


def _each(text: str, fields: int, read: Callable[[int, list[str]], T]) -> list[T]:
    found: list[T] = []
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise NotABalance(
            _("De lijst is te lang. Plak hem in stukken van %(most)s regels.") % {"most": MOST_LINES}
        )
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        parts = [part.strip() for part in BETWEEN.split(line)]
        try:
            if len(parts) != fields:
                raise NotABalance(
                    _("hier horen %(wanted)s vakken, er staan er %(found)s.")
                    % {"wanted": fields, "found": len(parts)}
                )
            found.append(read(number, parts))
        except NotABalance as error:
            raise at_line(number, error) from error
    return found


def at_line(number: int, refused: Refused) -> NotABalance:
    """Return a refusal with the line it is about."""
    return NotABalance(_("Regel %(line)s: %(what)s") % {"line": number, "what": refused})


def _cheques(number: int, part: list[str]) -> ChequesLine:
    price = cents(part[5])
    if price <= 0 or price % 4:
        raise NotABalance(_("een prijs per uur is deelbaar door 4 cent, zoals 10,00."))
    kind = VAT_KINDS.get(part[6].lower())
    if kind is None:
        raise NotABalance(_("de btw is: bij gebruik, 9% of 21%."))
    if not part[1]:
        raise NotABalance(_("de naam ontbreekt."))
    lasts = minutes(part[4], 15)
    if not lasts:
        raise NotABalance(_("nul uur is geen partij cheques."))
    return ChequesLine(
        number, email(part[0]), part[1][:120], part[2], part[3], lasts, price, kind, day(part[7])
    )


def _award(number: int, part: list[str]) -> AwardLine:
    route = ROUTES.get(part[2].lower())
    if route is None:
        raise NotABalance(_("de soort is: gemeten of forfait."))
    value = _decimal(part[3].rstrip("% ")) if part[3] else None
    last = day(part[6]) if part[6] else None
    return AwardLine(
        number, email(part[0]), part[1], route, value, minutes(part[4], 1), day(part[5]), last, part[7][:40]
    )


def email(text: str) -> str:
    """Return an e-mail address in small letters."""
    if not ADDRESS.fullmatch(text) or len(text) > 200:
        raise NotABalance(_("%(text)s is geen e-mailadres.") % {"text": text[:40]})
    return text.lower()


def day(text: str) -> date:
    """Return a day that is written as 31-12-2026 or 2026-12-31."""
    found = DAY.fullmatch(text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text)
    except ValueError as error:
        raise NotABalance(
            _("%(text)s is geen dag. Schrijf hem zo: 31-12-2026.") % {"text": text[:20]}
        ) from error


def cents(text: str) -> int:
    """Return an amount in euros, as 1.234,50 or 1234.50, in cents."""
    amount = _decimal(text.lstrip("€ "))
    if amount * 100 != int(amount * 100) or not 0 <= amount <= MOST_EUROS:
        raise NotABalance(_("%(text)s is geen bedrag. Schrijf het zo: 310,25.") % {"text": text[:20]})
    return int(amount * 100)


def minutes(text: str, step: int) -> int:
    """Return hours, as 7,5, in minutes that are a multiple of `step`."""
    length = _decimal(text) * 60
    if length != int(length) or int(length) % step or not 0 <= length <= MOST_HOURS * 60:
        if step == 15:
            raise NotABalance(
                _("%(text)s is geen aantal uren in kwartieren, zoals 7,5.") % {"text": text[:20]}
            )
        raise NotABalance(_("%(text)s is geen aantal uren, zoals 7,5.") % {"text": text[:20]})
    return int(length)


def _decimal(text: str) -> Decimal:
    plain = text.replace(" ", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", plain):
        raise NotABalance(_("%(text)s is geen getal.") % {"text": text[:20] or "-"})
    try:
        return Decimal(plain)
    except InvalidOperation as error:
        raise NotABalance(_("%(text)s is geen getal.") % {"text": text[:20]}) from error
