"""The counter: sell for cash, print and take in paper cheques, count the drawer. A clerk needs no coordinator's rights."""

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cheques import drawer, lots, paper, paper_pdf, statement
from cheques.counter_models import DrawerCount, PaperCheque
from identity import clock
from identity.models import Customer, Neighbourhood, Role
from kernel.errors import Refused
from web.access import for_roles, neighbourhoods_of, page, user_of
from web.filling import fill
from web.resident.statement import as_pdf, year_of

HERE = "office:counter"
CASH = gettext_lazy("Neem het geld aan voordat u op de knop drukt.")


class PrintForm(forms.Form):
    """How many."""

    count = forms.IntegerField(label=gettext_lazy("Hoeveel cheques drukt u?"), initial=10)


class SellPaperForm(forms.Form):
    """Which numbers; the key makes a double click one sale."""

    first = forms.IntegerField(label=gettext_lazy("Eerste nummer"))
    last = forms.IntegerField(
        label=gettext_lazy("Laatste nummer"),
        required=False,
        help_text=gettext_lazy("Leeg: alleen het eerste."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class BlockForm(forms.Form):
    """Which, and why; perhaps another for it."""

    serial = forms.IntegerField(label=gettext_lazy("Nummer van de cheque"))
    reason = forms.CharField(label=gettext_lazy("Wat is er gebeurd?"), max_length=120)
    other = forms.IntegerField(
        label=gettext_lazy("Nummer van de nieuwe cheque"), required=False,
        help_text=gettext_lazy("Alleen als de oude verkocht was. Anders leeg laten."),
    )  # fmt: skip


class CountForm(forms.Form):
    """What lies there."""

    counted = forms.DecimalField(label=gettext_lazy("Hoeveel euro ligt er?"), decimal_places=2, max_digits=9)
    banked = forms.DecimalField(
        label=gettext_lazy("Hoeveel euro gaat er naar de bank?"), decimal_places=2, max_digits=9, initial=0
    )
    words = forms.CharField(
        label=gettext_lazy("Klopt het niet? Schrijf op waarom."), max_length=200, required=False
    )


class SellForm(forms.Form):
    """How many hours for cash."""

    hours = forms.IntegerField(label=gettext_lazy("Hoeveel cheques?"), initial=5)
    key = forms.UUIDField(widget=forms.HiddenInput)


class TurnInForm(forms.Form):
    """The code on the paper."""

    code = forms.CharField(
        label=gettext_lazy("Code op de cheque"),
        max_length=40,
        help_text=gettext_lazy("Typ over of scan de code."),
    )


def _desk(request: HttpRequest) -> Neighbourhood:
    """Return the neighbourhood whose counter the user stands at: the only one, or the one that was chosen."""
    mine = Neighbourhood.objects.filter(pk__in=neighbourhoods_of(request, Role.DESK)).order_by("name")
    chosen = mine.filter(ref=request.GET.get("buurt", "")).first() or mine.first()
    if chosen is None:
        raise Http404
    return chosen


@for_roles(Role.DESK)
def counter(request: HttpRequest) -> HttpResponse:
    """Show the drawer, the paper and the last counts."""
    desk = _desk(request)
    rows = PaperCheque.objects.filter(neighbourhood=desk)
    return page(request, "office/counter.html", {
        "desk": desk, "expected": drawer.expected(desk.pk, at=clock.now()),
        "states": [(label, rows.filter(state=state).count()) for state, label in PaperCheque.State.choices],
        "fresh": rows.filter(state="printed").order_by("serial").values_list("serial", flat=True).first(),
        "counts": DrawerCount.objects.filter(neighbourhood=desk).select_related("counted_by").order_by("-day")[:10],
    })  # fmt: skip


def _form(
    request: HttpRequest, form: forms.Form, heading: str, send: str, *, lead: str = "", back: str = ""
) -> HttpResponse:  # fmt: skip
    facts = {"form": form, "heading": heading, "send": send, "lead": lead, "back_url": back or reverse(HERE)}
    return page(request, "office/form.html", facts)


@for_roles(Role.DESK)
def print_paper(request: HttpRequest) -> HttpResponse:
    """Make cheques and give the paper to print: this once, since the codes are kept nowhere."""
    form = PrintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = paper.print_some(
                form.cleaned_data["count"],
                neighbourhood_id=_desk(request).pk,
                by=user_of(request),
                at=clock.now(),
            )
        except Refused as refused:
            form.add_error("count", str(refused))
        else:
            answer = HttpResponse(paper_pdf.render(made), content_type="application/pdf")
            answer["Content-Disposition"] = (
                f'attachment; filename="cheques-{made[0].serial}-{made[-1].serial}.pdf"'
            )
            return answer
    lead = _("Bewaar en druk het bestand meteen. De codes kunnen wij niet nog eens maken.")
    return _form(request, form, _("Cheques drukken"), _("Maak de cheques"), lead=lead)


@for_roles(Role.DESK)
def sell_paper(request: HttpRequest) -> HttpResponse:
    """Sell printed cheques for cash."""
    form = SellPaperForm(request.POST or None, initial={"key": uuid4(), "first": request.GET.get("nummer")})

    def do() -> None:
        first = form.cleaned_data["first"]
        last = form.cleaned_data["last"] or first
        serials = range(first, min(last, first + paper.MOST_AT_ONCE) + 1)
        paper.sell(
            serials, neighbourhood_id=_desk(request).pk, form_key=form.cleaned_data["key"], by=user_of(request), at=clock.now()
        )  # fmt: skip

    saved = fill(request, form, do, done=_("Verkocht. Geef de cheques mee."), back=HERE)
    return saved or _form(request, form, _("Papieren cheques verkopen"), _("Verkoop"), lead=str(CASH))


@for_roles(Role.DESK)
def block_paper(request: HttpRequest) -> HttpResponse:
    """Block a lost cheque, and perhaps give another for it."""
    form = BlockForm(request.POST or None)

    def do() -> None:
        by, at, facts = user_of(request), clock.now(), form.cleaned_data
        if not PaperCheque.objects.filter(serial=facts["serial"], neighbourhood=_desk(request)).exists():
            raise paper.NotKnown(_("Dit nummer kennen wij niet."))
        if not PaperCheque.objects.filter(serial=facts["serial"], state=PaperCheque.State.BLOCKED).exists():
            paper.block(facts["serial"], reason=facts["reason"], by=by, at=at)
        if facts["other"]:
            paper.replace(facts["serial"], with_serial=facts["other"], by=by, at=at)

    saved = fill(request, form, do, done=_("De cheque is geblokkeerd."), back=HERE)
    return saved or _form(request, form, _("Cheque blokkeren"), _("Blokkeer"))


@for_roles(Role.DESK)
def count_drawer(request: HttpRequest) -> HttpResponse:
    """Close the day at the counter."""
    form, desk = CountForm(request.POST or None), _desk(request)

    def do() -> None:
        facts = form.cleaned_data
        drawer.count(
            desk.pk, counted_cents=int(facts["counted"] * 100), banked_cents=int(facts["banked"] * 100),
            words=facts["words"], by=user_of(request), at=clock.now(),
        )  # fmt: skip

    saved = fill(request, form, do, done=_("De kas is geteld."), back=HERE)
    return saved or _form(request, form, _("Kas tellen"), _("Sluit de dag af"))


def _known(request: HttpRequest, ref: str) -> Customer:
    """Return somebody of the clerk's neighbourhoods; 404 for others."""
    return get_object_or_404(
        Customer.objects.exclude(kind=Customer.Kind.BEARER), ref=ref, neighbourhood__in=neighbourhoods_of(request, Role.DESK)
    )  # fmt: skip


@for_roles(Role.DESK)
def sell_to(request: HttpRequest, ref: str) -> HttpResponse:
    """Sell cheques for cash to somebody; they are in the wallet at once."""
    customer = _known(request, ref)
    form = SellForm(request.POST or None, initial={"key": uuid4()})

    def do() -> None:
        paper.sell_to(
            customer.pk, hours=form.cleaned_data["hours"], form_key=form.cleaned_data["key"], by=user_of(request), at=clock.now()
        )  # fmt: skip

    back = f"{reverse('office:customers')}?q={customer.address.postcode}"
    saved = fill(request, form, do, done=_("Verkocht. De cheques staan klaar."), back=back)
    heading = _("Cheques verkopen aan %(name)s") % {"name": customer.name}
    return saved or _form(request, form, heading, _("Verkoop"), lead=str(CASH), back=back)


@for_roles(Role.DESK)
def turn_in(request: HttpRequest, ref: str) -> HttpResponse:
    """Put a paper cheque into somebody's wallet."""
    customer = _known(request, ref)
    form = TurnInForm(request.POST or None)

    def do() -> None:
        paper.turn_in(form.cleaned_data["code"], customer.pk, by=user_of(request), at=clock.now())

    back = f"{reverse('office:customers')}?q={customer.address.postcode}"
    saved = fill(request, form, do, done=_("Ingeleverd. Het uur staat klaar."), back=back)
    heading = _("Papieren cheque van %(name)s") % {"name": customer.name}
    free = lots.figures(customer.pk, at=clock.now()).free // 60
    lead = _("Nu vrij: %(hours)s uur.") % {"hours": free}
    return saved or _form(request, form, heading, _("Lever in"), lead=lead, back=back)


@for_roles(Role.DESK)
def print_statement(request: HttpRequest, ref: str) -> HttpResponse:
    """Give the statement of a year as a letter, in the language of who gets it."""
    customer, year = _known(request, ref), year_of(request.GET.get("jaar", ""))
    if year is None:
        messages.error(request, _("Dit jaar kennen wij niet."))
        return redirect(f"{reverse('office:customers')}?q={customer.address.postcode}")
    owner = customer.members.filter(part="owner").select_related("user").first()
    found = statement.of_year(customer.pk, year, at=clock.now())
    return as_pdf(found, customer, language=owner.user.language[:2] if owner else "nl")
