"""Close the books: what is still to be used, the VAT return, the trial balance, the months, and the journal as a file."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from books import journal
from cheques import liability, period_closing, vat_return
from identity import clock, permissions
from identity.models import Role
from kernel.periods import Period, add_months
from ledger.balances import trial
from ledger.models import Account, ClosedMonth, ClosedYear
from web import charts, wording
from web.access import act, for_roles, page, today, user_of
from web.account_names import NAMES
from web.office.tables import as_csv

READERS = (Role.PAYROLL, Role.TREASURER, Role.AUDITOR)


@for_roles(*READERS)
def overview(request: HttpRequest) -> HttpResponse:
    """Show one day of the liability, one quarter of VAT, and which months are closed."""
    day = _day(request)
    owed = liability.at_end_of(day)
    months = owed.by_month_of_sale()
    closed = set(ClosedMonth.objects.values_list("month", flat=True))
    sums = trial(until=day + timedelta(days=1))
    facts = {
        "day": day, "owed": owed, "by_month": months.items(), "chart": _chart(months) if months else "",
        "vat": vat_return.of(_quarter(day)), "quarter": _quarter(day),
        "months": [(month, month in closed) for month in period_closing.months_with_entries()[::-1]],
        "years": ClosedYear.objects.order_by("-year"), "next": period_closing.first_open_month(),
        "this_month": today().replace(day=1),
        "year_is_over": day.year < today().year and not ClosedYear.objects.filter(year=day.year).exists(),
        "may_close": Role.TREASURER in permissions.roles(user_of(request), on=today()),
        "trial": [(NAMES[Account(account)], max(cents, 0), max(-cents, 0)) for account, cents in sums.items() if cents],
    }  # fmt: skip
    return page(request, "office/closing.html", facts)


@for_roles(Role.TREASURER)
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Close a month, or a year."""
    asked, by, at = request.POST.get("periode", ""), user_of(request), clock.now()
    try:
        month = date.fromisoformat(f"{asked}-01" if len(asked) > len("2026") else f"{asked}-01-01")
    except ValueError as error:
        raise Http404 from error
    if len(asked) == len("2026"):
        return act(
            request, lambda: period_closing.close_year(month.year, by=by, at=at), done=_("Het jaar is afgesloten."),
            back="office:closing",
        )  # fmt: skip
    return act(
        request, lambda: period_closing.close_month(month, by=by, at=at), done=_("De maand is afgesloten."),
        back="office:closing",
    )  # fmt: skip


@for_roles(*READERS)
def journal_file(request: HttpRequest) -> HttpResponse:
    """Download every transfer of a year, as docs/journal.md describes."""
    asked = request.GET.get("jaar", str(today().year))
    if not (asked.isascii() and asked.isdigit() and len(asked) == len("2026")):
        raise Http404
    start = date(int(asked), 1, 1)
    rows: Iterator[tuple[object, ...]] = journal.rows(Period(start, add_months(start, 12)))
    return as_csv(f"journaal-{asked}", journal.HEAD, rows)


def _day(request: HttpRequest) -> date:
    try:
        return (
            date.fromisoformat(request.GET["dag"]) if request.GET.get("dag") else today() - timedelta(days=1)
        )
    except ValueError as error:
        raise Http404 from error


def _quarter(day: date) -> Period[date]:
    start = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return Period(start, add_months(start, 3))


def _chart(months: dict[date, tuple[int, int]]) -> str:
    rows = [
        charts.Bar(date_format(month, "F Y"), [charts.Part(1, cents, wording.euro(cents))])
        for month, (_minutes, cents) in list(months.items())[-12:]
    ]
    oldest = date_format(next(iter(months)), "F Y")
    finding = _("De oudste cheques die nog niet gebruikt zijn, zijn van %(month)s.") % {"month": oldest}
    return charts.bars(_("Nog te gebruiken, naar maand van verkoop"), finding, [_("cheques in euro")], rows)
