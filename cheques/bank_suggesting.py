"""What a bank line that nobody knows is for, most likely: one suggestion, in words, to accept with one key."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bank.matching import allocate, one_at_a_time, open_cents
from bank.models import Line
from cheques import bank_matching, lots, transfers
from cheques.bank_matching import Book, Share
from cheques.payables import Payable
from identity.models import User
from kernel.errors import Refused
from kernel.money import euros
from ledger.models import Account

LEAST_WORD = 4  # letters: shorter parts of a name say nothing


class NothingToAccept(Refused):
    """There is no suggestion for the line, or it is another one by now."""


@dataclass(frozen=True)
class Suggestion:
    """What to book of a line. `token` tells whether it is still the same one; `advance_of` keeps the rest for later."""

    why: str
    shares: tuple[Share, ...] = ()
    advance_of: int | None = None

    @property
    def token(self) -> str:
        """Return what is booked, as a text."""
        parts = [f"{share.payable.target}={share.cents}" for share in self.shares]
        return ";".join([*parts, f"advance={self.advance_of or ''}"])


def suggest(book: Book, line: Line, left: int) -> Suggestion | None:
    """Return the best guess for what is left of a line, or None."""
    named = book.named(line)
    if left < 0:
        return _given_back(named, left)
    if named:
        return _named(named, left)
    if near := book.nearly_named(line):
        payable, fault = near
        return _named([payable], left, fault)
    return _by_amount(book.payables, line, left)


def _given_back(named: Sequence[Payable], left: int) -> Suggestion | None:
    if len(named) != 1 or named[0].received_cents < -left:
        return None
    said = _("De betaling van %(label)s is teruggehaald. De cheques die nog vrij zijn, worden bevroren.")
    if named[0].target.startswith("invoice:"):
        said = _("De betaling van %(label)s is teruggehaald. Die staat daarna weer open.")
    return Suggestion(said % {"label": named[0].label}, (Share(named[0], left),))


def _named(named: Sequence[Payable], left: int, fault: str = "") -> Suggestion:
    """Return how an amount pays what was named, first things first; what is too much is kept for the customer."""
    shares, rest = [], left
    for one in named:
        part = min(rest, one.open_cents)
        if part > 0:
            shares.append(Share(one, part))
            rest -= part
    if not shares:
        said = _("%(label)s is al betaald. Bewaar %(rest)s euro voor een volgende bestelling van %(name)s.")
        return Suggestion(
            said % {"label": named[0].label.capitalize(), "rest": _euro(rest), "name": named[0].customer_name},
            advance_of=named[0].customer_id,
        )  # fmt: skip
    return Suggestion(" ".join(filter(None, (_paid(shares), fault, _rest(shares, rest)))), tuple(shares))


def _paid(shares: Sequence[Share]) -> str:
    names = ", ".join(f"{share.payable.label} ({share.payable.customer_name})" for share in shares)
    return _("Betaling van %(names)s.") % {"names": names}


def _rest(shares: Sequence[Share], rest: int) -> str:
    if rest > 0:
        return _("Er is %(rest)s euro te veel betaald.") % {"rest": _euro(rest)}
    short = sum(share.payable.open_cents - share.cents for share in shares)
    return _("Er blijft %(short)s euro open.") % {"short": _euro(short)} if short else ""


def _by_amount(payables: Sequence[Payable], line: Line, left: int) -> Suggestion | None:
    """Return the one thing with this amount open, of a customer of that name; else the one with this amount."""
    same = [one for one in payables if one.open_cents == left]
    of_name = [one for one in same if _shares_a_name(one.customer_name, line.counter_name)]
    if len(of_name) == 1:
        said = _("Zelfde bedrag en naam als %(label)s van %(name)s. Er staat geen kenmerk bij.")
    elif len(same) == 1:
        of_name = same
        said = _("Zelfde bedrag als %(label)s van %(name)s. De naam is anders en er staat geen kenmerk bij.")
    else:
        return None
    one = of_name[0]
    return Suggestion(said % {"label": one.label, "name": one.customer_name}, (Share(one, left),))


def _shares_a_name(ours: str, theirs: str) -> bool:
    return bool(_words(ours) & _words(theirs))


def _words(name: str) -> set[str]:
    return {word for word in re.findall(r"\w+", name.casefold()) if len(word) >= LEAST_WORD}


def _euro(cents: int) -> str:
    return f"{euros(cents)}".replace(".", ",")


@transaction.atomic(durable=True)
def accept(line_id: int, *, token: str, by: User, at: datetime) -> Suggestion:
    """Book a line as was suggested.

    :param token: of the suggestion that was read.
    :raises NothingToAccept: what would be booked now is something else.
    """
    one_at_a_time()
    line = Line.objects.get(pk=line_id)
    left = open_cents(line)
    found = suggest(Book(), line, left) if left else None
    if found is None or found.token != token:
        raise NothingToAccept(_("Het voorstel voor deze regel is veranderd. Kijk nog een keer."))
    if found.advance_of is None:
        bank_matching.book_shares(line, found.shares, at=at, by_id=by.pk)
    else:
        _keep(line, left, found.advance_of, by=by, at=at)
    return found


def _keep(line: Line, cents: int, customer_id: int, *, by: User, at: datetime) -> None:
    wallet = lots.locked_wallet(customer_id)
    allocate(
        line, cents=cents, target=f"ahead:{wallet.pk}", against=Account.CUSTOMERS, at=at, by_id=by.pk,
        party=f"wallet:{wallet.pk}",
    )  # fmt: skip
    transfers.keep_advance(wallet, cents, key=f"line:{line.pk}", at=at)
