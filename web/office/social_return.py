"""Social return: contracts of firms, whose hours count for them, the town's table of values, and the statement."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from books import social_return
from identity import clock, permissions
from identity.models import Role
from kernel.money import half_up
from kernel.periods import Period
from subsidies import readings, social_duty
from subsidies.models import SocialContract
from web.access import for_roles, page, today, user_of
from web.filling import cleaned, fill
from web.office.social_return_forms import DutyForm, PlacementForm, ValuesForm
from web.office.subsidy_forms import cents
from web.office.tables import as_csv

OFFICER, BOTH = Role.PAYROLL, (Role.PAYROLL, Role.TREASURER)
HERE = "office:social-return"


def _contracts() -> "QuerySet[SocialContract]":
    return SocialContract.objects.select_related("customer", "municipality").order_by("-from_on", "pk")


@for_roles(*BOTH)
def overview(request: HttpRequest) -> HttpResponse:
    """Show every contract with its duty, what was done for it and what is left; and the tables in use."""
    readings.note("social return", by=user_of(request), at=clock.now())
    return page(request, "office/social_return.html", {
        "found": [social_return.statement(one) for one in _contracts()], "tables": social_duty.tables(),
    })  # fmt: skip


@for_roles(*BOTH)
def contract(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the statement of a contract; the same as PDF or CSV."""
    found = social_return.statement(get_object_or_404(_contracts(), ref=ref))
    readings.note(found.contract.number, by=user_of(request), at=clock.now())
    name = f"social-return-{found.contract.ref}"
    if request.GET.get("vorm") == "csv":
        return as_csv(name, social_return.HEAD, social_return.as_rows(found))
    if request.GET.get("vorm") == "pdf":
        answer = HttpResponse(social_return.as_pdf(found), content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
        return answer
    officer = OFFICER in permissions.roles(user_of(request), on=today())
    return page(request, "office/social_contract.html", {"found": found, "officer": officer})


@for_roles(OFFICER)
def new(request: HttpRequest) -> HttpResponse:
    """Write down a contract with a duty."""
    form = DutyForm(request.POST or None)

    def agree() -> None:
        asked = cleaned(form)
        social_duty.agree(
            customer=asked["customer"], municipality=asked["municipality"], number=asked["number"],
            sum_cents=cents(asked["amount"]), days=_days(asked), by=user_of(request), at=clock.now(),
        )  # fmt: skip

    lead = _(
        "De plicht is een vast deel van de opdrachtsom. Uren die het bedrijf onder dit nummer boekt, tellen vanzelf mee."
    )
    gone = fill(request, form, agree, done=_("Het contract staat erin."), back=HERE)
    return gone or page(
        request, "office/form.html", _asked(form, _("Contract met social return"), lead, reverse(HERE))
    )


@for_roles(OFFICER)
def place(request: HttpRequest, ref: str) -> HttpResponse:
    """Let hours of a worker count for a contract."""
    row = get_object_or_404(_contracts(), ref=ref)
    groups = social_duty.values_on(row.municipality_id, row.from_on)[0]
    first = {"from_on": row.from_on, "until_on": row.until_on}
    form = PlacementForm(request.POST or None, groups=groups, initial=first)

    def count() -> None:
        asked = cleaned(form)
        social_duty.place(
            row.pk, worker_id=asked["worker"].pk, category=asked["category"], week_minutes=half_up(asked["week_hours"] * 60),
            days=_days(asked), proof=asked["proof"], by=user_of(request), at=clock.now(),
        )  # fmt: skip

    back = reverse("office:social-contract", args=[row.ref])
    lead = _("Voor contract %(number)s van %(firm)s. Een uur telt voor één contract.") % {
        "number": row.number, "firm": row.customer.name,
    }  # fmt: skip
    gone = fill(request, form, count, done=_("Deze uren tellen nu mee."), back=back)
    return gone or page(request, "office/form.html", _asked(form, _("Iemand telt mee"), lead, back))


@for_roles(OFFICER)
def values(request: HttpRequest) -> HttpResponse:
    """Take over a town's table of values."""
    form = ValuesForm(request.POST or None)

    def take() -> None:
        social_duty.import_table(by=user_of(request), at=clock.now(), **cleaned(form))

    gone = fill(request, form, take, done=_("De waardetabel staat erin."), back=HERE)
    lead = _("De tabel van de gemeente komt in de plaats van de voorbeelden in het wetboek.")
    return gone or page(
        request, "office/form.html", _asked(form, _("Waardetabel van een gemeente"), lead, reverse(HERE))
    )


def _days(asked: dict[str, Any]) -> Any:
    return Period(asked["from_on"], asked["until_on"])


def _asked(form: Any, heading: str, lead: str, back: str) -> dict[str, Any]:
    return {"form": form, "heading": heading, "lead": lead, "send": _("Bewaar"), "back_url": back}
