"""Proof that public money is whole: asked, received, taken back, under its award, and shared over the hours."""

from collections.abc import Iterator

from django.db.models import QuerySet, Sum

from bank.models import Allocation
from books import coverage, result
from books.prove import Invariant, none_of
from cheques.vat import used_by_rate
from kernel.money import vat_inside
from kernel.periods import Period, add_months, days_in
from ledger.balances import balance
from ledger.models import Account
from payroll.models import PayRun, Payslip
from subsidies import advances, awards, loonkosten
from subsidies.models import Advance, Claim, ClaimLine, Clawback, Grant

TARGETS = ("claim:", "grant:", "town_advance:", "clawback:")


def all_of() -> Iterator[Invariant]:
    """Yield the invariants of subsidies and of the result per hour."""
    yield from _subsidies_due()
    yield _advances()
    yield _above_the_award()
    yield from _results()


def _sum(rows: QuerySet, column: str) -> int:  # type: ignore[type-arg]
    return int(rows.aggregate(total=Sum(column))["total"] or 0)


def _subsidies_due() -> Iterator[Invariant]:
    sent = ClaimLine.objects.filter(claim__state__in=[Claim.State.SENT, Claim.State.SETTLED]).exclude(
        state=ClaimLine.State.REFUSED
    )
    grants = _sum(Grant.objects.exclude(scheme=None).exclude(state=Grant.State.REFUSED), "cents")
    asked = _sum(sent, "subsidy_cents") + _sum(sent, "compensation_cents") + grants
    back = _sum(Clawback.objects.all(), "cents")
    received = sum(_sum(Allocation.objects.filter(target__startswith=target), "cents") for target in TARGETS)
    yield Invariant(
        "subsidies_due", "Gevraagde subsidie min wat terug moet min wat binnenkwam",
        "Subsidies claimed less what goes back less what came in",
        f"asked {asked} - taken back {back} - received {received}", asked - back - received,
        "account", balance(Account.SUBSIDIES_DUE), "cents",
    )  # fmt: skip


def _advances() -> Invariant:
    over = sum(1 for advance in Advance.objects.all() if advances.left_cents(advance) < 0)
    return none_of(
        "town_advances", "Geen voorschot betaalt meer dan er binnenkwam", "No advance pays more than came in",
        "advances used beyond what came in", over,
    )  # fmt: skip


def _above_the_award() -> Invariant:
    """Compute each live line again from its decision: the town never pays more than it granted."""
    rows = list(ClaimLine.objects.exclude(state=ClaimLine.State.REFUSED).select_related("award"))
    born = awards.birth_days([row.award for row in rows])
    above = 0
    for row in rows:
        birth = born.get(row.award.worker_id)
        if birth is None:
            continue
        days = Period(row.from_on, row.until_on)
        terms = awards.terms_of(row.award, birth)
        granted = loonkosten.month_segments([terms], row.month, employed=days)
        asked = row.subsidy_cents + row.compensation_cents
        above += asked > sum(one.total_cents for one in granted) or days_in(days) > 31
    return none_of(
        "above_award", "Niets is meer dan de beschikking", "Nothing is above its award", "claim lines", above
    )


def _results() -> Iterator[Invariant]:
    """The result per hour of every month adds up to what was used, paid and claimed."""
    months = coverage.months()
    whole = result.total(coverage.rows_of(months))
    used = [used_by_rate(month, add_months(month, 1)) for month in months]
    net = sum(gross - vat_inside(gross, rate) for rates in used for rate, gross in rates.items())
    yield Invariant(
        "result_cheques", "De cheques per uur zijn samen wat gebruikt is zonder btw",
        "Cheques per hour add up to what was used without VAT",
        "per hour", whole.cheques_net_cents, "used less VAT per month and rate", net, "cents",
    )  # fmt: skip
    fixed = Payslip.objects.exclude(run__state=PayRun.State.DRAFT)
    paid = sum(_sum(fixed, column) for column in ("gross_cents", "holiday_cents", "premium_cents"))
    paid -= _sum(fixed, "holiday_paid_cents")  # a cost when it was earned
    yield Invariant(
        "result_wages", "De loonkosten per uur zijn samen de loonstroken", "Wage cost per hour adds up to the payslips",
        "per hour", whole.wage_cost_cents, "payslips with allowance and premiums", paid, "cents",
    )  # fmt: skip
    live = ClaimLine.objects.exclude(state=ClaimLine.State.REFUSED)
    back = _sum(Clawback.objects.filter(line__in=live), "cents")
    asked = _sum(live, "subsidy_cents") + _sum(live, "compensation_cents") - back
    yield Invariant(
        "result_subsidies", "De subsidie per uur is samen wat gevraagd is", "Subsidy per hour adds up to what was claimed",
        "per hour", whole.subsidy_cents, "claim lines", asked, "cents",
    )  # fmt: skip
