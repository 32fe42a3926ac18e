"""Pages of an order, a lot, a payout and a bank line: facts, the rows they are made of, and where each goes on."""

from django.utils.translation import gettext as _

from bank.models import Allocation, Line
from books import bank_rows, cells
from books.bank_rows import BankRow
from books.cells import Cell, Rows, Sheet
from books.hour_steps import Link
from books.names import Names
from cheques.models import Lot, Order, PayoutPart, Redemption, StripeLine
from ledger.models import Entry, Transfer
from scheduling.models import Visit


def order(row: Order, names: Names) -> Sheet:
    """What was asked, paid and given."""
    lots = Lot.objects.filter(order=row)
    lines = (
        StripeLine.objects.filter(payment_intent_id=row.payment_intent_id) if row.payment_intent_id else []
    )
    facts = [
        (_("Klant"), cells.text(names.of(row.customer))),
        (_("Gevraagd op"), cells.moment(row.placed_at)),
        (_("Cheques"), cells.minutes(row.hours * 60)),
        (_("Bedrag"), cells.cents(row.total_cents)),
        (_("Hoe"), cells.text(row.get_way_display())),
        (_("Stand"), cells.text(row.get_state_display())),
        (_("Betaald op"), cells.moment(row.paid_at)),
        (_("Lot"), cells.text(", ".join(lot.ref for lot in lots), next((_lot(lot) for lot in lots), None))),
    ]
    return Sheet(
        _("Bestelling %(ref)s") % {"ref": row.ref}, facts,
        [_stripe_lines(list(lines)), bank_table(bank_rows.of_order(row)), entries(f"sale:{row.pk}")],
        _people(names, row.customer),
    )  # fmt: skip


def lot(row: Lot, names: Names) -> Sheet:
    """Every minute of a lot, what it paid for, and how that stands in the books."""
    customer = row.wallet.customer
    facts = [
        (_("Klant"), cells.text(names.of(customer))),
        (_("Bestelling"), cells.text(row.origin.ref, Link("order", row.origin.ref, row.origin.ref))),
        (_("Prijs per uur"), cells.cents(row.price_cents)),
        (_("Geldig tot"), cells.moment(row.expires_at)),
        (_("Verkocht"), cells.minutes(row.minutes)),
    ]
    figures = (
        (_("Vrij"), row.free_minutes), (_("Gereserveerd"), row.held_minutes), (_("Bevroren"), row.frozen_minutes),
        (_("Gebruikt"), row.used_minutes), (_("Terugbetaald"), row.refunded_minutes), (_("Verlopen"), row.expired_minutes),
        (_("Terug naar wie betaalde"), row.returned_minutes), (_("Doorgegeven"), row.handed_minutes),
    )  # fmt: skip
    facts += [(name, cells.minutes(minutes)) for name, minutes in figures if minutes]
    moves = [
        [cells.moment(move.at), cells.text(figure(move.source)), cells.text(figure(move.target)),
         cells.minutes(move.minutes), cells.text(move.hold.key if move.hold else "")]
        for move in row.movements.select_related("hold").order_by("pk")
    ]  # fmt: skip
    used = list(Redemption.objects.filter(movement__lot=row).select_related("movement").order_by("pk"))
    keys = [f"sale:{row.origin.pk}", *(one.entry_key for one in used)]
    return Sheet(
        _("Lot %(ref)s") % {"ref": row.ref}, facts,
        [
            Rows(_("Bewegingen"), [_("Wanneer"), _("Van"), _("Naar"), _("Uren"), _("Waarvoor")], moves, "bewegingen"),
            _used(used),
            entries(*keys),
        ],
        _people(names, customer),
    )  # fmt: skip


def payout(payout_id: str, _names: Names) -> Sheet:
    """The lines of the balance at the payment service that came to the bank as one sum."""
    parts = PayoutPart.objects.filter(payout_id=payout_id).exclude(line__kind="payout").select_related("line")
    lines = [part.line for part in parts.order_by("line__pk")]
    own = StripeLine.objects.get(kind="payout", source_id=payout_id)
    facts = [
        (_("Dag"), cells.moment(own.created_on)),
        (_("Bedrag"), cells.cents(-own.net_cents)),
        (_("Som van de regels"), cells.cents(sum(line.net_cents for line in lines))),
    ]
    bank = bank_rows.of_targets([f"payout:{payout_id}"])
    return Sheet(
        _("Uitbetaling %(ref)s") % {"ref": payout_id}, facts, [bank_table(bank), _stripe_lines(lines)]
    )


def bank_line(row: Line, names: Names) -> Sheet:
    """One line of a bank statement, what its parts were for, and how they stand in the books."""
    parts = list(row.allocations.filter(release=None).order_by("pk"))
    facts = [
        (_("Dag"), cells.moment(row.booked_on)),
        (_("Bedrag"), cells.cents(row.cents)),
        (_("Van of naar"), cells.text(names.of_text(row.counter_name))),
        (_("Omschrijving"), cells.text(names.of_text(row.remittance))),
        (_("Kenmerk"), cells.text(row.end_to_end_id)),
        (_("Afschrift"), cells.text(row.statement.statement_id)),
        (_("Nog niet toegewezen"), cells.cents(row.cents - sum(part.cents for part in parts))),
    ]
    rows = [
        [cells.text(_words(part), _of_target(part)), cells.cents(part.cents), cells.moment(part.allocated_at),
         cells.text(_("met de hand") if part.allocated_by_id else _("herkend"))]
        for part in parts
    ]  # fmt: skip
    return Sheet(
        _("Bankregel %(ref)s") % {"ref": row.ref}, facts,
        [
            Rows(_("Waarvoor"), [_("Waarvoor"), _("Euro"), _("Wanneer"), _("Hoe")], rows),
            entries(*(part.entry_key for part in parts)),
        ],
    )  # fmt: skip


def bank_table(rows: list[BankRow]) -> Rows:
    """The bank lines at the end of a chain."""
    return Rows(
        _("Bankregels"), [_("Dag"), _("Deel"), _("Hele regel"), _("Regel")],
        [
            [cells.moment(row.booked_on), cells.cents(row.cents), cells.cents(row.line_cents),
             cells.text(row.ref, Link("bank", row.ref, row.ref))]
            for row in rows
        ],
        "bank",
    )  # fmt: skip


def entries(*keys: str) -> Rows:
    """How facts stand in the ledger: what received, what gave."""
    found = Entry.objects.filter(key__in=keys)
    rows = Transfer.objects.filter(entry__in=found).select_related("entry").order_by("entry__pk", "pk")
    return Rows(
        _("In de boeken"), [_("Dag"), _("Feit"), _("Naar"), _("Van"), _("Euro")],
        [
            [cells.moment(row.entry.day), cells.text(row.entry.key), cells.text(row.debit), cells.text(row.credit),
             cells.cents(row.cents)]
            for row in rows
        ],
        "boekingen",
    )  # fmt: skip


def figure(name: str) -> str:
    """Say where minutes of a lot are."""
    words = {
        "new": _("nieuw"), "free": _("vrij"), "held": _("apart gezet"), "frozen": _("bevroren"), "used": _("gebruikt"),
        "refunded": _("terugbetaald"), "expired": _("verlopen"), "returned": _("terug naar wie betaalde"), "handed": _("doorgegeven"),
    }  # fmt: skip
    return words[name]


def _lot(row: Lot) -> Link:
    return Link("lot", row.ref, row.ref)


def _people(names: Names, customer: object) -> list[tuple[str, str]]:
    from identity.models import Customer

    assert isinstance(customer, Customer)
    return [(f"customer:{customer.ref}", names.of(customer))] if names.hides(customer) else []


def _stripe_lines(lines: list[StripeLine]) -> Rows:
    orders = {row.payment_intent_id: row.ref for row in Order.objects.filter(
        payment_intent_id__in=[line.payment_intent_id for line in lines if line.payment_intent_id])}  # fmt: skip
    payouts = dict(PayoutPart.objects.filter(line__in=lines).values_list("line", "payout_id"))

    def _cells(line: StripeLine) -> list[Cell]:
        ref, paid = orders.get(line.payment_intent_id), payouts.get(line.pk)
        return [
            cells.moment(line.created_on), cells.text(line.kind), cells.cents(line.gross_cents), cells.cents(line.fee_cents),
            cells.cents(line.net_cents), cells.text(ref or "", Link("order", ref, ref) if ref else None),
            cells.text(paid or _("nog bij de betaaldienst"), Link("payout", paid, paid) if paid else None),
        ]  # fmt: skip

    heads = [_("Dag"), _("Soort"), _("Bruto"), _("Kosten"), _("Netto"), _("Bestelling"), _("Uitbetaling")]
    return Rows(_("Bij de betaaldienst"), heads, [_cells(line) for line in lines], "betaaldienst")


def _used(used: list[Redemption]) -> Rows:
    pks = [one.key.partition(":")[2] for one in used if one.key.startswith("visit:")]
    visits = {f"visit:{visit.pk}": visit.ref for visit in Visit.objects.filter(pk__in=pks)}
    rows = []
    for one in used:
        ref = visits.get(one.key)
        link = Link("minutes", ref, _("bezoek %(ref)s") % {"ref": ref}) if ref else None
        rows.append([
            cells.moment(one.used_on), cells.text(link.word if link else one.key, link), cells.minutes(one.minutes),
            cells.cents(one.cents), cells.text(f"{one.vat_rate * 100:.0f}%"),
        ])  # fmt: skip
    heads = [_("Dag"), _("Bezoek"), _("Uren"), _("Euro"), _("Btw")]
    return Rows(_("Waarvoor gebruikt"), heads, rows, "gebruik")


WORDS = {
    "payout": "uitbetaling", "order": "bestelling", "payment": "loon", "return": "teruggekomen loon",
    "claim": "subsidie", "tax": "loonheffing", "advance": "vooruitbetaling",
}  # fmt: skip


def _words(part: Allocation) -> str:
    what, _colon, rest = part.target.partition(":")
    return f"{WORDS.get(what, what)} {rest}".strip()


def _of_target(part: Allocation) -> Link | None:
    """Return what a part was for, as a page of the books."""
    from payroll.models import Payment
    from subsidies.models import Claim

    what, _colon, key = part.target.partition(":")
    if what == "payout":
        return Link("payout", key, key)
    if what in {"payment", "return"}:
        slip = Payment.objects.select_related("payslip").get(pk=key).payslip
        return Link("payslip", slip.ref, slip.ref, "betaling")
    if what == "claim":
        ref = Claim.objects.get(pk=key).ref
        return Link("claim", ref, ref)
    if what == "order":
        ref = Order.objects.get(pk=key).ref
        return Link("order", ref, ref)
    return None
