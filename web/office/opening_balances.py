"""Opening balances: the officer types or pastes them and looks; the treasurer books them once."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from identity import clock, permissions
from identity.models import Role
from kernel.errors import Refused
from opening import sheets
from opening.models import Balance, Sheet
from web import wording
from web.access import act, for_roles, page, today, user_of

HERE = "office:opening"
BIG = 400_000


def _list(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=BIG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class OpeningForm(forms.Form):
    """A day, the bank's balance and three lists; each may be empty."""

    day = forms.DateField(
        label=gettext_lazy("Op welke dag was dit zo?"),
        help_text=gettext_lazy(
            "Kies de dag waarop u met dit programma begint. Op die dag wordt alles geboekt."
        ),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    bank = forms.CharField(
        label=gettext_lazy("Saldo van de bank, in euro"), max_length=20, required=False,
        help_text=gettext_lazy("Bijvoorbeeld 25.000,00"),
    )  # fmt: skip
    cheques = _list(
        gettext_lazy("Cheques die nog niet gebruikt zijn"),
        gettext_lazy(
            "Per regel: e-mail; naam; postcode; huisnummer; uren; prijs per uur; btw (bij gebruik, 9% of 21%); laatste dag. "
            "Zo: fatma@example.org; Fatma Yilmaz; 4818 CK; 12; 7,5; 10,00; bij gebruik; 31-12-2026"
        ),
    )
    workers = _list(
        gettext_lazy("Verlof en vakantiegeld van medewerkers"),
        gettext_lazy(
            "Per regel: e-mail; uren verlof; vakantiegeld in euro. Zo: samira@example.org; 42,5; 310,25"
        ),
    )
    awards = _list(
        gettext_lazy("Beschikkingen die doorlopen"),
        gettext_lazy(
            "Per regel: e-mail; gemeente; gemeten of forfait; loonwaarde; uren per week; eerste dag; laatste dag of niets; kenmerk. "
            "Zo: samira@example.org; Breda; gemeten; 40; 24; 1-3-2026; 28-2-2029; K-17"
        ),
    )

    def paper(self) -> sheets.Paper:
        """Return what was typed."""
        return sheets.Paper(**self.cleaned_data)


VAT_WORDS = {
    "mpv": gettext_lazy("btw bij gebruik"),
    "spv9": gettext_lazy("btw 9%"),
    "spv21": gettext_lazy("btw 21%"),
}


def _told(rows: list[Balance]) -> list[tuple[Balance, str]]:
    """Return each balance with the rest of its line in words."""
    return [(row, _more(row)) for row in rows]


def _more(row: Balance) -> str:
    facts = row.facts
    if row.kind == Balance.Kind.CHEQUES:
        return _("%(price)s per uur, %(vat)s, tot en met %(day)s") % {
            "price": wording.euro(facts["price_cents"]), "vat": VAT_WORDS[facts["vat_kind"]],
            "day": wording.day(date.fromisoformat(facts["last_day"]), "jaar"),
        }  # fmt: skip
    if row.kind == Balance.Kind.AWARD:
        share = f"{facts['wage_value']}%" if facts["wage_value"] else _("forfait")
        return _("%(town)s, %(share)s, vanaf %(day)s, kenmerk %(letter)s") % {
            "town": facts["town"], "share": share, "letter": facts["letter"],
            "day": wording.day(date.fromisoformat(facts["from_on"]), "jaar"),
        }  # fmt: skip
    return ""


@for_roles(Role.PAYROLL, Role.TREASURER)
def opening(request: HttpRequest) -> HttpResponse:
    """Show the sheets; an officer types one, looks at what it would do, and lays it before the treasurer."""
    officer = Role.PAYROLL in permissions.roles(user_of(request), on=today())
    form = OpeningForm((request.POST or None) if officer else None, initial={"day": today()})
    facts: dict[str, Any] = {"form": form, "officer": officer}
    if request.method == "POST" and officer and form.is_valid():
        try:
            if "voorleggen" in request.POST:
                sheets.draft(form.paper(), by=user_of(request), at=clock.now())
                messages.success(request, _("De penningmeester kan de beginstand nu boeken."))
                return redirect(HERE)
            rows = sheets.preview(form.paper(), by=user_of(request), at=clock.now())
            facts |= {"rows": _told(rows), "totals": sheets.totals(rows)}
        except sheets.WrongLine as wrong:
            form.add_error(wrong.part, str(wrong))
        except Refused as refused:
            form.add_error("day", str(refused))
    rows_of = (
        Sheet.objects.select_related("made_by", "posted_by").prefetch_related("balances").order_by("-pk")
    )
    facts["sheets"] = [(sheet, sheets.totals(list(sheet.balances.all()))) for sheet in rows_of]
    return page(request, "office/opening.html", facts)


@for_roles(Role.PAYROLL, Role.TREASURER)
def sheet(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a sheet whole, with what it adds up to."""
    row = get_object_or_404(Sheet, ref=ref)
    rows = list(row.balances.order_by("pk"))
    facts = {
        "sheet": row, "rows": _told(rows), "totals": sheets.totals(rows), "me": user_of(request),
        "second": Role.TREASURER in permissions.roles(user_of(request), on=today()), "back_url": reverse(HERE),
    }  # fmt: skip
    return page(request, "office/opening_sheet.html", facts)


@for_roles(Role.TREASURER)
@require_POST
def book(request: HttpRequest, ref: str) -> HttpResponse:
    """Book a sheet, as the second person."""
    row = get_object_or_404(Sheet, ref=ref)
    return act(
        request, lambda: sheets.book(row.pk, by=user_of(request), at=clock.now()),
        done=_("De beginstand is geboekt."), back=reverse("office:opening-sheet", args=[ref]),
    )  # fmt: skip


@for_roles(Role.PAYROLL, Role.TREASURER)
@require_POST
def withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a sheet back."""
    row = get_object_or_404(Sheet, ref=ref)
    return act(
        request, lambda: sheets.withdraw(row.pk, by=user_of(request), at=clock.now()),
        done=_("De beginstand is ingetrokken."), back=HERE,
    )  # fmt: skip
