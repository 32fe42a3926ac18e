"""Book help in four steps. What was answered waits in the session; nothing is held before the last press."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cheques import lots
from events.repeating import KeyUsedBefore
from identity import clock, permissions
from identity.models import Customer
from kernel.errors import Refused
from marketplace import bookings, catalogue
from marketplace.models import Service
from scheduling import slots
from web.access import customer_of, page, today, user_of
from web.resident.forms import ServiceForm, WhenForm, WorkForm, starts_of

DRAFT = "booking"
CHECK = 4
Draft = dict[str, Any]


@login_required
def book(request: HttpRequest) -> HttpResponse:
    """Ask one thing a page; the last page shows what it takes, and has the one button that books."""
    customer = customer_of(request)
    if not permissions.may_act_for(user_of(request), customer, *permissions.MAY_BOOK):
        raise Http404
    draft: Draft = request.session.get(DRAFT, {})
    step = min(_asked(request), _reached(draft))
    if step == CHECK:
        return _check(request, customer, draft)
    form = _form(step, request, customer, draft)
    if request.method == "POST" and form.is_valid():
        _keep(request, draft, form)
        return redirect(_address(step + 1))
    service = _service(draft)
    left_out = [rule for rule in service.tasks.all() if not rule.allowed] if service and step == 2 else []
    facts = {"form": form, "step": step, "back": _address(step - 1) if step > 1 else "", "left_out": left_out}
    return page(request, "resident/book.html", {**facts, "service": service})


def _asked(request: HttpRequest) -> int:
    wanted = request.GET.get("stap", "1")
    return int(wanted) if wanted in {"1", "2", "3", "4"} else 1


def _address(step: int) -> str:
    return f"{reverse('resident:book')}?stap={step}"


def _service(draft: Draft) -> Service | None:
    bookable = catalogue.bookable(on=today())
    return next((service for service in bookable if service.code == draft.get("service")), None)


def _reached(draft: Draft) -> int:
    """Return the furthest step that can be shown: those before it are answered."""
    if _service(draft) is None:
        return 1
    if "minutes" not in draft:
        return 2
    return CHECK if "day" in draft else 3


def _form(step: int, request: HttpRequest, customer: Customer, draft: Draft) -> forms.Form:
    data = request.POST if request.method == "POST" else None
    if step == 1:
        return ServiceForm(data, on=today(), initial=draft)
    if step == 2:
        service = _service(draft)
        assert service is not None, "step 2 is reached with a service"
        return WorkForm(data, service=service, initial=draft)
    return WhenForm(data, initial=draft, free=slots.best(_wanted(customer, draft), at=clock.now()))


def _wanted(customer: Customer, draft: Draft) -> slots.Wanted:
    service = _service(draft)
    assert service is not None, "what is wanted is known after step 2"
    return slots.Wanted(customer, service, customer.address, draft["minutes"], draft["crew"])


def _keep(request: HttpRequest, draft: Draft, form: forms.Form) -> None:
    """Put a step's answers in the draft. Another service makes the answers about the old one void."""
    answers = dict(form.cleaned_data)
    if "service" in answers:
        answers["service"] = answers["service"].code
        if answers["service"] != draft.get("service"):
            for name in ("minutes", "crew", "tasks"):
                draft.pop(name, None)
    if "day" in answers:
        answers["day"] = answers["day"].isoformat()
    request.session[DRAFT] = {"key": str(uuid4()), **draft, **answers}


def _chance(draft: Draft, wanted: slots.Wanted, starts: list[datetime], *, at: datetime) -> str:
    """Return how sure the times are: promised, gone (it was offered), likely (somebody is free now) or open."""
    if draft.get("start"):
        return "promised" if slots.is_free(wanted, starts[0], at=at) else "gone"
    return "likely" if slots.free(wanted, starts, at=at) else "open"


def _check(request: HttpRequest, customer: Customer, draft: Draft) -> HttpResponse:
    """Show everything once more with what it takes; book when that is what was pressed."""
    service, at = _service(draft), clock.now()
    assert service is not None, "the check is reached with a service"
    starts = starts_of(date.fromisoformat(draft["day"]), [draft["hour"], draft["second"], draft["third"]])
    wanted = _wanted(customer, draft)
    if request.method == "POST":
        # who chose a time that was offered gets that time, or hears that it is gone; who did not asks for it
        book = slots.book if draft.get("start") else bookings.place
        try:
            book(
                customer.pk, service_id=service.pk, address_id=customer.address_id, starts=starts,
                minutes=draft["minutes"], crew=draft["crew"], tasks=draft["tasks"], note=draft["note"],
                form_key=UUID(draft["key"]), by=user_of(request), at=at,
            )  # fmt: skip
        except Refused as refused:
            if isinstance(refused, KeyUsedBefore):  # pressed once more, it is another booking
                request.session[DRAFT] = {**draft, "key": str(uuid4())}
            messages.error(request, str(refused))
        else:
            del request.session[DRAFT]
            messages.success(request, _("Gelukt. U hoort wie er komt."))
            return redirect("resident:home")
    needed, figures = draft["minutes"] * draft["crew"], lots.figures(customer.pk, at=at)
    chosen = [rule for rule in service.tasks.all() if rule.code in draft["tasks"]]
    return page(request, "resident/check.html", {
        "service": service, "draft": draft, "starts": starts, "customer": customer, "tasks": chosen, "needed": needed,
        "chance": _chance(draft, wanted, starts, at=at), "figures": figures, "left": figures.free - needed, "short": needed - figures.free, "back": _address(3),
    })  # fmt: skip
