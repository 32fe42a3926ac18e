"""Fair competition: the report on a page, as PDF and as CSV, and what is written down for it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from books import fair_competition as report
from books import fair_competition_in_words as in_words
from identity import clock, permissions
from identity.models import Role, User
from subsidies import fair_competition as facts
from web.access import for_roles, page, today, user_of
from web.filling import cleaned, fill
from web.office import fair_forms, quarters
from web.office.subsidy_forms import cents
from web.office.tables import as_csv
from web.office.writing_down import New, write_down

OFFICER = Role.PAYROLL
READERS = (Role.PAYROLL, Role.TREASURER, Role.AUDITOR, Role.MUNICIPALITY)
HERE = "office:fair"


@for_roles(*READERS)
def overview(request: HttpRequest) -> HttpResponse:
    """Show the report of a quarter or a year; customers stand in it under a word."""
    asked, days = quarters.asked(request)
    found = report.of(days)
    form, name = request.GET.get("vorm", ""), f"eerlijke-concurrentie-{asked}"
    if form == "csv":
        return as_csv(name, in_words.HEAD, in_words.as_rows(found))
    if form == "pdf":
        answer = HttpResponse(
            in_words.as_pdf(found, dict(quarters.offered())[asked]), content_type="application/pdf"
        )
        answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
        return answer
    officer = OFFICER in permissions.roles(user_of(request), on=today())
    return page(request, "office/fair.html", {
        "asked": asked, "periods": quarters.offered(), "found": found, "parts": in_words.parts(found), "officer": officer,
        "news": [(code, one.heading) for code, one in NEW.items()] if officer else [],
    })  # fmt: skip


def _price(asked: dict[str, Any], by: User, at: datetime) -> None:
    facts.note_price(asked.pop("service"), cents=cents(asked.pop("amount")), by=by, at=at, **asked)


def _check(asked: dict[str, Any], by: User, at: datetime) -> None:
    customer, on = asked.pop("customer"), asked.pop("on")
    facts.check(customer, facts.Answers(**asked), on=on, by=by, at=at)


def _aid(asked: dict[str, Any], by: User, at: datetime) -> None:
    facts.note_aid(asked.pop("customer"), cents=cents(asked.pop("amount")), by=by, at=at, **asked)


NEW: dict[str, New] = {
    "prijs": New(gettext_lazy("Prijs van een ander"), fair_forms.PriceForm, _price),
    "vragenlijst": New(gettext_lazy("Vragen aan een bedrijf"), fair_forms.CheckForm, _check),
    "steun": New(gettext_lazy("De-minimissteun"), fair_forms.AidForm, _aid),
}


@for_roles(OFFICER)
def new(request: HttpRequest, what: str) -> HttpResponse:
    """Write down a price, a checklist, or aid."""
    return write_down(request, NEW, what, back=HERE)


@for_roles(OFFICER, Role.COORDINATOR, Role.DESK)
def refuse_work(request: HttpRequest) -> HttpResponse:
    """Write down work that was not taken on, because it is somebody's job."""
    form = fair_forms.RefusedForm(request.POST or None)
    officer = OFFICER in permissions.roles(user_of(request), on=today())
    back = reverse(HERE if officer else "office:customers")

    def refuse() -> None:
        facts.refuse_work(by=user_of(request), at=clock.now(), **cleaned(form))

    gone = fill(request, form, refuse, done=_("Het staat in het logboek."), back=back)
    lead = _(
        "Is dit werk al de baan van iemand? Dan doen wij het niet. Schrijf het op: zo kunnen wij het laten zien."
    )
    shown = {
        "form": form,
        "heading": _("Werk dat wij niet doen"),
        "send": _("Bewaar"),
        "back_url": back,
        "lead": lead,
    }
    return gone or page(request, "office/form.html", shown)
