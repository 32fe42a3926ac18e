"""Proof that stored value is whole: entries, lots, and what is still owed in cheques."""

from collections.abc import Iterator

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from books.prove import Invariant, none_of
from cheques.models import Lot, Movement, Order, Outstanding, Redemption, Refund
from events import audit
from ledger.balances import balance
from ledger.models import Account, Entry, Transfer
from opening.models import Balance, Sheet

FIGURES = ("free", "held", "frozen", "used", "refunded", "expired", "returned", "handed")


def all_of() -> Iterator[Invariant]:
    """Yield the invariants of the ledger and of the cheques."""
    yield from _ledger()
    yield from _lots()
    yield from _cheques_in_cents()
    first_break = audit.first_break()
    yield none_of(
        "audit", "De keten van gebeurtenissen is heel", "The audit chain is whole",
        "first broken seal", first_break or 0,
    )  # fmt: skip


def _total(rows: object, column: str = "minutes") -> int:
    return int(rows.aggregate(total=Sum(column))["total"] or 0)  # type: ignore[attr-defined]


def _ledger() -> Iterator[Invariant]:
    yield Invariant(
        "entries", "Elke boeking verplaatst iets", "Every entry moves something",
        "entries", Entry.objects.count(),
        "entries with transfers", Transfer.objects.values("entry").distinct().count(), "rows",
    )  # fmt: skip
    chart = (
        Transfer.objects.filter(debit__in=Account.values),
        Transfer.objects.filter(credit__in=Account.values),
    )
    yield Invariant(
        "trial", "De boeken zijn in evenwicht over het rekeningschema", "The books balance over the chart of accounts",
        "debits", _total(chart[0], "cents"), "credits", _total(chart[1], "cents"), "cents",
    )  # fmt: skip


def _lots() -> Iterator[Invariant]:
    sold = _total(Lot.objects.all())
    figures = Lot.objects.aggregate(**{name: Sum(f"{name}_minutes") for name in FIGURES})
    yield Invariant(
        "lots", "Verkocht is vrij + gereserveerd + bevroren + gebruikt + terugbetaald + verlopen + terug + doorgegeven",
        "Sold is free + held + frozen + used + refunded + expired + returned + handed on",
        "sold", sold, "in the figures", sum(value or 0 for value in figures.values()), "minutes",
    )  # fmt: skip
    moved = {name: _net(name) for name in FIGURES}
    for name in FIGURES:
        yield Invariant(
            f"lots.{name}", f"Het cijfer '{name}' is de som van zijn bewegingen",
            f"The figure '{name}' is the sum of its movements",
            "stored", figures[name] or 0, "moved", moved[name], "minutes",
        )  # fmt: skip
    uneven = Lot.objects.exclude(
        minutes=sum((F(f"{name}_minutes") for name in FIGURES[1:]), F("free_minutes"))
    )
    yield none_of("lots.each", "Elk lot telt op", "Each lot adds up", "lots that do not", uneven.count())
    yield Invariant(
        "orders", "Elke betaalde bestelling gaf haar uren", "Every paid order gave its hours",
        "ordered + taken over", _ordered(),
        "sold", _total(Lot.objects.filter(parent=None)), "minutes",
    )  # fmt: skip
    received = Lot.objects.exclude(parent=None).aggregate(total=Sum(F("minutes") - F("returned_minutes")))
    yield Invariant(
        "lots.received", "Wat doorgegeven is, is ontvangen en niet teruggegeven",
        "What was handed on was received and not given back",
        "handed on", figures["handed"] or 0, "received", received["total"] or 0, "minutes",
    )  # fmt: skip
    yield none_of(
        "lots.on_the_way", "Geen cheque blijft tussen twee portemonnees hangen",
        "No cheque is left between two wallets", "cents", balance(Account.HANDED),
    )  # fmt: skip


def _ordered() -> int:
    """Return the minutes of paid orders, and of those that a sheet with opening balances brought along."""
    paid = Order.objects.filter(state=Order.State.PAID).exclude(way=Order.Way.OPENING)
    brought = Balance.objects.filter(kind=Balance.Kind.CHEQUES, sheet__state=Sheet.State.POSTED)
    return 60 * _total(paid, "hours") + _total(brought)


def _net(figure: str) -> int:
    return _total(Movement.objects.filter(target=figure)) - _total(Movement.objects.filter(source=figure))


def _not_gone() -> QuerySet[Refund]:
    """Return refunds that were asked and have left neither Stripe nor the bank."""
    by_bank = Q(state=Refund.State.PENDING, stripe_id="")
    return Refund.objects.filter(Q(state=Refund.State.REQUESTED) | by_bank)


def _cheques_in_cents() -> Iterator[Invariant]:
    """The liability is what can still be spent, at the price it was sold for."""
    unspent = sum(
        (free + held + frozen) * price // 60
        for free, held, frozen, price in Lot.objects.values_list(
            "free_minutes", "held_minutes", "frozen_minutes", "price_cents"
        )
    )
    on_its_way_back = _total(_not_gone(), "cents")
    yield Invariant(
        "liability", "Wat in cheques open staat, staat zo in de boeken", "Cheques not used stand so in the books",
        "lots", unspent + on_its_way_back, "account", -balance(Account.CHEQUES), "cents",
    )  # fmt: skip
    redeemed = _total(Redemption.objects.all(), "minutes")
    yield Invariant(
        "redeemed", "Elke gebruikte minuut betaalde een bezoek", "Every used minute paid for a visit",
        "used", _net("used"), "redeemed", redeemed, "minutes",
    )  # fmt: skip
    settled = _total(Outstanding.objects.all(), "settled_minutes")
    paid_later = (
        Redemption.objects.filter(movement__source="free").values("key").annotate(total=Sum("minutes"))
    )
    over = (
        Outstanding.objects.annotate(
            later=Coalesce(
                Subquery(
                    paid_later.filter(key=OuterRef("key")).values("total")[:1], output_field=IntegerField()
                ),
                0,
            )
        )
        .filter(settled_minutes__gt=F("later"))
        .count()
    )
    yield none_of(
        "outstanding", "Wat later betaald is, is met cheques betaald", "What was settled was settled with cheques",
        f"visits settled without cheques (of {settled} minutes)", over,
    )  # fmt: skip
