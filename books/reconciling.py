"""Three matches of three sides each: Stripe - bank - books, wages - SEPA - bank, claim - award - bank.

What does not meet yet waits in a queue, with its age, where it stands, and the bank line that may be it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from bank import queue
from bank.matching import open_lines
from bank.models import Allocation
from cheques.models import StripeLine
from kernel.money import percentage
from kernel.periods import local_day
from ledger.models import Entry
from payroll.models import Payment, PayRun, Payslip
from subsidies import claims
from subsidies.models import Claim

GOAL = 95  # percent that rules must match


@dataclass(frozen=True)
class Waiting:
    """Something of which a side is missing: cents as the bank would show them, since when, where it stands."""

    name: str
    cents: int
    since: date
    days: int
    stage: str
    suggestion: str = ""


@dataclass(frozen=True)
class Match:
    """One of the three: how many met on all sides, by a rule or by a person, and what waits."""

    code: str
    name: str
    sides: tuple[str, str, str]
    by_rule: int
    by_hand: int
    waiting: list[Waiting] = field(default_factory=list)

    @property
    def met(self) -> int:
        return self.by_rule + self.by_hand

    @property
    def share(self) -> Decimal | None:
        """The part of what met that rules matched, in percent; None when nothing met yet."""
        return percentage(self.by_rule, self.met) if self.met else None


def matches(*, on: date) -> list[Match]:
    """Return the three matches as they stand on a day."""
    found = [_payouts(on), _wages(on), _claims(on)]
    lines = _open_lines(on)
    return [replace(one, waiting=[_with_suggestion(item, lines) for item in one.waiting]) for one in found]


def lines_by_rule() -> tuple[int, int]:
    """Return how many parts of bank lines rules matched, and how many there are: what nobody knows yet is a part too."""
    sums = Allocation.objects.filter(release=None).aggregate(
        all=Count("pk"), rule=Count("pk", filter=Q(allocated_by_id=None))
    )
    return sums["rule"], sums["all"] + open_lines().count()


def share_by_rule() -> Decimal | None:
    """Return the part of the bank that rules matched, in percent; None when the bank said nothing yet."""
    rule, parts = lines_by_rule()
    return percentage(rule, parts) if parts else None


def unmatched(*, on: date) -> list[queue.Waiting]:
    """Return the bank lines that nobody knows, oldest first."""
    return queue.waiting(on=on)


def _open_lines(on: date) -> dict[int, list[str]]:
    lines: dict[int, list[str]] = defaultdict(list)
    for item in queue.waiting(on=on):
        lines[item.open_cents].append(f"{item.line.booked_on:%d-%m-%Y}, {item.line.bank_ref}")
    return lines


def _with_suggestion(item: Waiting, lines: dict[int, list[str]]) -> Waiting:
    found = lines.get(item.cents, [])
    if len(found) != 1:
        return item
    return replace(item, suggestion=_("Zelfde bedrag als bankregel %(line)s.") % {"line": found[0]})


def _by_hand(targets: Iterable[str]) -> set[str]:
    rows = Allocation.objects.filter(target__in=list(targets)).exclude(allocated_by_id=None)
    return set(rows.values_list("target", flat=True))


def _payouts(on: date) -> Match:
    rows = list(StripeLine.objects.filter(kind="payout").order_by("created_on", "pk"))
    targets = [f"payout:{row.source_id}" for row in rows]
    banked = dict(
        Allocation.objects.filter(target__in=targets).values_list("target").annotate(total=Sum("cents"))
    )
    booked = set(Entry.objects.filter(key__in=[row.entry_key for row in rows]).values_list("key", flat=True))
    hand, waiting, met = _by_hand(targets), [], set()
    for row, target in zip(rows, targets, strict=True):
        came = banked.get(target, 0)
        # a payout leaves Stripe below zero and comes in above it; its entry is written by the bank line
        if came == -row.net_cents and (row.entry_key in booked or came):
            met.add(target)
            continue
        stage = _("nog niet op de bank") if not came else _("op de bank staat een ander bedrag")
        waiting.append(
            Waiting(row.source_id, -row.net_cents - came, row.created_on, (on - row.created_on).days, stage)
        )
    sides = (_("uitbetaling van Stripe"), _("bankregel"), _("boeking"))
    return Match("payouts", _("Stripe naar de bank"), sides, len(met - hand), len(met & hand), waiting)


STAGES = {
    Payment.State.WAITING: "in_file", Payment.State.ACCEPTED: "accepted", Payment.State.REJECTED: "rejected",
}  # fmt: skip


def _wages(on: date) -> Match:
    slips = (
        Payslip.objects.exclude(run__state=PayRun.State.DRAFT).filter(net_cents__gt=0).select_related("run")
    )
    last: dict[int, Payment] = {}
    for one in Payment.objects.filter(payslip__in=slips).select_related("file").order_by("pk"):
        last[one.payslip_id] = one
    hand = _by_hand(f"payment:{made.pk}" for made in last.values())
    words = {
        "none": _("nog niet in een betaalbestand"), "in_file": _("in het bestand, nog geen antwoord van de bank"),
        "accepted": _("aangenomen, nog niet afgeschreven"), "rejected": _("door de bank geweigerd: betaal opnieuw"),
    }  # fmt: skip
    met: list[str] = []
    waiting = []
    for slip in slips.order_by("run__month", "pk"):
        payment: Payment | None = last.get(slip.pk)
        if payment is not None and payment.state == Payment.State.BOOKED:
            met.append(f"payment:{payment.pk}")
            continue
        stage = words[STAGES[Payment.State(payment.state)] if payment else "none"]
        since = local_day(payment.file.made_at if payment else slip.run.fixed_at or slip.run.made_at)
        waiting.append(Waiting(slip.ref, -(slip.net_cents or 0), since, (on - since).days, stage))
    by_hand = sum(target in hand for target in met)
    sides = (_("loonstrook"), _("betaalbestand en antwoord"), _("bankregel"))
    return Match("wages", _("Lonen naar de bank"), sides, len(met) - by_hand, by_hand, waiting)


def _claims(on: date) -> Match:
    rows = list(
        Claim.objects.exclude(state=Claim.State.DRAFT).select_related("municipality").order_by("month", "pk")
    )
    hand = _by_hand(f"claim:{claim.pk}" for claim in rows)
    by_rule = by_hand = 0
    waiting = []
    for claim in rows:
        asked, came = claims.total_cents(claim), claims.received_cents(claim)
        if asked == came:
            by_hand += f"claim:{claim.pk}" in hand
            by_rule += f"claim:{claim.pk}" not in hand
            continue
        since = local_day(claim.sent_at) if claim.sent_at else claim.month
        stage = _("nog niets ontvangen") if not came else _("voor een deel ontvangen")
        name = f"{claim.municipality.name} {claim.month:%m-%Y}, {claim.ref}"
        waiting.append(Waiting(name, asked - came, since, (on - since).days, stage))
    sides = (_("aanvraag onder een beschikking"), _("bericht van de gemeente"), _("bankregel"))
    return Match("claims", _("Subsidie naar de bank"), sides, by_rule, by_hand, waiting)
