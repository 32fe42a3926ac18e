"""What happened to somebody's cheques in a year: on the screen, on paper and as a file."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cheques import statement, statement_pdf, statement_words
from cheques.statement import Statement
from identity import clock
from identity.models import Customer
from kernel.periods import local_day
from marketplace import catalogue
from web.access import customer_of, page, today
from web.office.tables import as_csv

EARLIEST = 2000
HEAD = (
    "date", "what", "service", "visit_on", "minutes", "cents", "free", "held", "used", "expired", "frozen", "owed", "sentence",
)  # fmt: skip


@login_required
def show(request: HttpRequest) -> HttpResponse:
    """Show a year of the wallet; bad years get a sentence and this year."""
    customer, asked = customer_of(request), request.GET.get("jaar", "")
    year = year_of(asked)
    found = statement.of_year(customer.pk, year or today().year, at=clock.now())
    form = request.GET.get("vorm", "") if year else ""
    if form == "pdf":
        return as_pdf(found, customer, language=(request.LANGUAGE_CODE or "nl")[:2])
    services = catalogue.names()
    if form == "csv":
        return as_csv(
            statement_pdf.file_name(found, "csv").removesuffix(".csv"), HEAD, _rows(found, services)
        )
    return page(request, "resident/statement.html", {
        "found": found, "year": found.first_day.year, "wrong": "" if year else _("Dit jaar kennen wij niet. Kies een jaar uit de lijst."),
        "years": sorted({*statement.years(customer.pk, at=clock.now()), found.first_day.year}, reverse=True),
        "lines": [(line, statement_words.say(line, services)) for line in found.lines],
        "figures": list(statement_words.figures(found)), "short": statement_words.in_short(found),
        "last": statement_words.last_words(found), "period": statement_words.period(found),
        "without_vat": statement_pdf.without_vat(customer),
    })  # fmt: skip


def year_of(asked: str) -> int | None:
    """Return the year that was asked, this year when none was; None when there is no such year yet."""
    now: int = today().year
    if not asked:
        return now
    good = asked.isascii() and asked.isdigit() and len(asked) == len(str(now))
    return int(asked) if good and EARLIEST <= int(asked) <= now else None


def as_pdf(found: Statement, customer: Customer, *, language: str) -> HttpResponse:
    """Return a statement on paper, in a language."""
    made = statement_pdf.render(found, customer, services=catalogue.names(language), language=language)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{statement_pdf.file_name(found, "pdf")}"'
    return answer


def _rows(found: Statement, services: dict[str, str]) -> list[tuple[object, ...]]:
    """Return the opening, each line and the closing: every figure of the closing is the sum of those above it."""
    figures = statement.FIGURES
    opening = [getattr(found.opening, name) for name in figures]
    closing = [getattr(found.closing, name) for name in figures]
    return [
        (found.first_day, "opening", "", "", "", "", *opening, ""),
        *(
            (local_day(line.at), line.kind.value, line.service, line.on or "", line.minutes, line.cents,
             *(getattr(line.change, name) for name in figures), statement_words.say(line, services))
            for line in found.lines
        ),
        (found.last_day, "closing", "", "", "", "", *closing, ""),
    ]  # fmt: skip
