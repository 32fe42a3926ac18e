"""The social return statement of a contract: its duty, who worked for it, what was bought, and what is left."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from books import report
from books.pseudonyms import of_worker
from cheques.models import Redemption
from kernel.money import euros, split_largest_remainder, vat_inside
from kernel.periods import Period
from scheduling.models import Visit
from subsidies.models import SocialContract, SocialPlacement
from subsidies.social_duty import block_cents, duty_cents, values_on


@dataclass(frozen=True)
class Row:
    """Somebody's part: who (a pseudonym), in which group, when, how many minutes a week count, and its value."""

    who: str
    category: str
    days: Period[date]
    week_minutes: int
    cents: int
    rule: str
    proof: str


@dataclass(frozen=True)
class Statement:
    """What a contract owes and what was done for it, in cents without VAT."""

    contract: SocialContract
    duty_cents: int
    rows: list[Row]
    bought_minutes: int
    bought_cents: int

    @property
    def people_cents(self) -> int:
        return sum(row.cents for row in self.rows)

    @property
    def done_cents(self) -> int:
        return self.people_cents + self.bought_cents

    @property
    def left_cents(self) -> int:
        """What is still to do; below zero when more was done."""
        return self.duty_cents - self.done_cents


def statement(contract: SocialContract) -> Statement:
    """Return the statement of a contract as it stands."""
    minutes, cents = _bought(contract)
    rows = [_row(one) for one in contract.placements.select_related("worker").order_by("from_on", "pk")]
    return Statement(contract, duty_cents(contract.sum_cents, contract.duty_share), rows, minutes, cents)


def _row(placement: SocialPlacement) -> Row:
    days = Period(placement.from_on, placement.until_on)
    values, norm, source = values_on(placement.contract.municipality_id, placement.from_on)
    counted = _counted(placement, norm)
    # a table that came later may not know the group any more: nothing counts, and the table in use is named
    cents = block_cents(values.get(placement.category, 0), counted, norm, days)
    return Row(
        of_worker(placement.worker_id), placement.category, days, counted, cents, source, placement.proof
    )


def _counted(placement: SocialPlacement, norm: int) -> int:
    """Return the minutes that count here: over all contracts together never more than a whole block (C10)."""
    together = list(
        SocialPlacement.objects.filter(
            worker=placement.worker_id, from_on__lt=placement.until_on, until_on__gt=placement.from_on
        ).order_by("pk")
    )
    minutes = [one.week_minutes for one in together]
    if sum(minutes) <= norm:
        return placement.week_minutes
    return split_largest_remainder(norm, minutes)[together.index(placement)]


def _bought(contract: SocialContract) -> tuple[int, int]:
    """Return the minutes that the firm bought under the number of the contract, and their price without VAT.

    A visit carries one number, so that its hours count for one contract; VAT is taken off the total per rate.
    """
    visits = Visit.objects.filter(
        booking__customer=contract.customer_id, booking__purchase_order=contract.number
    ).values_list("pk", flat=True)
    used = Redemption.objects.filter(
        key__in=[f"visit:{pk}" for pk in visits], used_on__gte=contract.from_on, used_on__lt=contract.until_on
    )
    sums = used.values("vat_rate").annotate(minutes_=Sum(F("minutes")), cents_=Sum(F("cents")))
    minutes = sum(row["minutes_"] for row in sums)
    return minutes, sum(row["cents_"] - vat_inside(row["cents_"], row["vat_rate"]) for row in sums)


HEAD = ("who", "group", "from", "until (exclusive)", "minutes a week", "value", "table", "proof")


def as_rows(found: Statement) -> list[tuple[object, ...]]:
    """Return a statement as rows for a file."""
    rows: list[tuple[object, ...]] = [
        (
            row.who,
            row.category,
            row.days.start,
            row.days.end,
            row.week_minutes,
            euros(row.cents),
            row.rule,
            row.proof,
        )
        for row in found.rows
    ]
    contract = found.contract
    bought = (
        contract.number,
        "bought hours",
        contract.from_on,
        contract.until_on,
        found.bought_minutes,
        euros(found.bought_cents),
        "price without VAT",
        contract.number,
    )
    duty = (
        contract.number,
        "duty",
        contract.from_on,
        contract.until_on,
        "",
        euros(found.duty_cents),
        f"{contract.duty_share * 100:.1f}% of {euros(contract.sum_cents)}",
        "",
    )
    left = (
        contract.number,
        "left",
        contract.from_on,
        contract.until_on,
        "",
        euros(found.left_cents),
        "duty less values and bought hours",
        "",
    )
    return [*rows, bought, duty, left]


def as_pdf(found: Statement) -> bytes:
    """Return a statement for the firm and the town: no name, no BSN, no reason."""
    contract = found.contract
    first = _("Contract %(number)s van %(firm)s. Nog te doen: %(left)s euro.") % {
        "number": contract.number, "firm": contract.customer.name, "left": _euro(found.left_cents),
    }  # fmt: skip
    sums = [
        (_("Opdrachtsom zonder btw"), _euro(contract.sum_cents)), (_("Plicht"), _euro(found.duty_cents)),
        (_("Mensen"), _euro(found.people_cents)), (_("Gekochte uren zonder btw"), _euro(found.bought_cents)),
        (_("Nog te doen"), _euro(found.left_cents)),
    ]  # fmt: skip
    people = [
        (row.who, row.category, f"{row.days.start:%d-%m-%Y}", f"{row.days.end:%d-%m-%Y}", f"{row.week_minutes / 60:.1f}", _euro(row.cents), row.proof)
        for row in found.rows
    ]  # fmt: skip
    heads = [_("Wie"), _("Groep"), _("Van"), _("Tot"), _("Uren per week"), _("Waarde"), _("Bewijs")]
    tables = sorted({row.rule for row in found.rows})
    parts = [
        report.Part(_("De som, in euro"), [_("Wat"), _("Euro")], sums),
        report.Part(_("Mensen"), heads, people, _("Elk uur telt voor één contract. Waardetabel: %(tables)s.") % {"tables": "; ".join(tables) or "-"}),
        report.Part(_("Handtekening"), [_("Namens de organisatie"), _("Namens het bedrijf")], [("____________________", "____________________")]),
    ]  # fmt: skip
    return report.render(_("Verklaring social return"), first, parts)


def _euro(cents: int) -> str:
    return number_format(euros(cents), 2, force_grouping=True)
