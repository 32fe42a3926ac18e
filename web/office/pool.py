"""The pool: who can work. A coordinator sees what somebody can and cannot do, and never why not."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity import clock
from identity.models import Customer, Role
from kernel.errors import Refused
from kernel.periods import end_of_day, start_of_day
from scheduling import sick_call
from subsidies import contracting
from web.access import act, for_roles, neighbourhoods_of, page, today, user_of
from web.filling import FIELDS
from web.office import pool_forms
from workers_pool import absences, availability, avoiding, contracts, hiring, skills
from workers_pool.models import Absence, NotWith, Worker

SOON = timedelta(days=60)
Do = Callable[..., object]
CHANGES: Mapping[str, tuple[type[forms.Form], Do]] = {
    "werk": (pool_forms.SkillsForm, skills.set_all), "papier": (pool_forms.PaperForm, skills.add_certificate),
    "contract": (pool_forms.ContractForm, contracting.change_hours), "week": (pool_forms.WeekForm, availability.set_week),
    "over": (pool_forms.KnownForm, hiring.know), "niet-naar": (pool_forms.ApartForm, avoiding.keep_apart),
    "afscheid": (pool_forms.GoodbyeForm, sick_call.leave),
}  # fmt: skip


def _mine(request: HttpRequest) -> list[int]:
    return neighbourhoods_of(request, Role.COORDINATOR)


def _worker(request: HttpRequest, ref: str) -> Worker:
    rows = Worker.objects.select_related("user", "home", "neighbourhood")
    return get_object_or_404(rows, ref=ref, neighbourhood__in=_mine(request))


@for_roles(Role.COORDINATOR)
def pool(request: HttpRequest) -> HttpResponse:
    """List everybody in the pool: what they can do, their hours, who is away, which papers end soon."""
    day, mine = today(), _mine(request)
    rows = Worker.objects.filter(neighbourhood__in=mine).select_related("user", "neighbourhood")
    rows = rows.prefetch_related("skills", "certificates", "contracts")
    away = set(
        Absence.objects.filter(worker__in=rows, from_at__lt=end_of_day(day), until_at__gt=start_of_day(day))
        .values_list("worker_id", flat=True)
    )  # fmt: skip
    shown = [
        {
            "worker": worker, "contract": contracts.contract_on(worker, day), "away": worker.pk in away,
            "gone": worker.left_on is not None and worker.left_on <= day,
            "ending": [paper for paper in worker.certificates.all() if day <= paper.valid_until_on < day + SOON],
        }
        for worker in rows.order_by("user__name", "pk")
    ]  # fmt: skip
    return page(request, "office/pool.html", {"rows": shown})


@for_roles(Role.COORDINATOR)
def worker(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one worker."""
    return _show(request, _worker(request, ref), {})


def _show(request: HttpRequest, row: Worker, sent: dict[str, forms.Form]) -> HttpResponse:
    """Show a worker with a form for each thing that can change; `sent` holds the one that was not right."""
    known = {"mode": row.mode, "languages": row.languages, "likes_late": row.likes_late}
    blank: dict[str, forms.Form] = {
        "werk": pool_forms.SkillsForm(worker=row, prefix="werk"), "papier": pool_forms.PaperForm(prefix="papier"),
        "contract": pool_forms.ContractForm(prefix="contract"), "week": pool_forms.WeekForm(worker=row, prefix="week"),
        "over": pool_forms.KnownForm(initial=known, prefix="over"), "weg": pool_forms.AwayForm(prefix="weg"),
        "niet-naar": pool_forms.ApartForm(neighbourhoods=_mine(request), prefix="niet-naar"),
        "afscheid": pool_forms.GoodbyeForm(prefix="afscheid"),
    }  # fmt: skip
    held = {name.replace("-", "_"): sent.get(name, form) for name, form in blank.items()}
    day = today()
    apart = Customer.objects.filter(pk__in=NotWith.objects.filter(worker=row).values("customer")).order_by(
        "name"
    )
    papers = [
        {"paper": paper, "name": dict(pool_forms.PAPERS).get(paper.kind, paper.kind), "over": paper.valid_until_on < day,
         "soon": day <= paper.valid_until_on < day + SOON}
        for paper in row.certificates.order_by("kind", "-valid_until_on")
    ]  # fmt: skip
    return page(request, "office/worker.html", {
        "worker": row, "forms": held, "papers": papers, "contracts": row.contracts.order_by("-from_on"), "day": day,
        "contract": contracts.contract_on(row, day), "apart": apart, "back_url": reverse("office:pool"),
        "absences": row.absences.filter(until_at__gt=start_of_day(day)).order_by("from_at"),
    })  # fmt: skip


@for_roles(Role.COORDINATOR)
@require_POST
def change(request: HttpRequest, ref: str, what: str) -> HttpResponse:
    """Change one thing about a worker; a form that is not right comes back with what was typed."""
    row, by, at = _worker(request, ref), user_of(request), clock.now()
    if what not in CHANGES:
        raise Http404
    shape, do = CHANGES[what]
    more: dict[str, Any] = {"neighbourhoods": _mine(request)} if what == "niet-naar" else {}
    form = shape(request.POST, prefix=what, **more)
    if form.is_valid():
        try:
            do(row.pk, by=by, at=at, **form.facts())  # type: ignore[attr-defined]
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Het staat erin."))
            return redirect("office:worker", ref)
    return _show(request, row, {what: form})


@for_roles(Role.COORDINATOR)
@require_POST
def away(request: HttpRequest, ref: str) -> HttpResponse:
    """Note that a worker is away; visits in that time look for somebody else."""
    row, at = _worker(request, ref), clock.now()
    form = pool_forms.AwayForm(request.POST, prefix="weg")
    if form.is_valid():
        start, until = start_of_day(form.cleaned_data["from_on"]), end_of_day(form.cleaned_data["until_on"])
        try:
            lost = sick_call.report(
                row.pk, from_at=max(start, at), until_at=until, by=user_of(request), at=at
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(count)s bezoeken zoeken nu iemand anders.") % {"count": len(lost)})
            return redirect("office:worker", ref)
    return _show(request, row, {"weg": form})


@for_roles(Role.COORDINATOR)
@require_POST
def back(request: HttpRequest, ref: str) -> HttpResponse:
    """Note that a worker is back sooner."""
    row, at = _worker(request, ref), clock.now()
    number = request.POST.get("keer", "")
    rows = list(row.absences.filter(until_at__gt=at).order_by("from_at"))
    if not number.isdigit() or int(number) >= len(rows):
        messages.error(request, _("Deze medewerker is niet afwezig."))
        return redirect("office:worker", ref)
    absence = rows[int(number)]
    until = max(at, absence.from_at + timedelta(minutes=1))
    return act(
        request, lambda: absences.end(absence.pk, until_at=until, by=user_of(request), at=at),
        done=_("Deze medewerker is er weer."), back=reverse("office:worker", args=[ref]),
    )  # fmt: skip


@for_roles(Role.COORDINATOR)
@require_POST
def together(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a note of a pair back."""
    row = _worker(request, ref)
    pair = NotWith.objects.filter(
        worker=row, customer__ref=request.POST.get("klant", ""), side=request.POST.get("kant", "")
    ).first()
    if pair is None:
        messages.error(request, _("Die kant heeft dit niet gevraagd."))
        return redirect("office:worker", ref)
    customer_id, side = pair.customer_id, pair.side
    return act(
        request,
        lambda: avoiding.allow_again(row.pk, customer_id=customer_id, side=side, by=user_of(request), at=clock.now()),
        done=_("Deze medewerker kan er weer heen."), back=reverse("office:worker", args=[ref]),
    )  # fmt: skip


@for_roles(Role.COORDINATOR)
def hire(request: HttpRequest) -> HttpResponse:
    """Take somebody into the pool."""
    mine, sent = _mine(request), request.POST or None
    form = pool_forms.HireForm(sent, initial={"from_on": today()})
    work, week = pool_forms.SkillsForm(sent, prefix="werk"), pool_forms.WeekForm(sent, prefix="week")
    if request.method == "POST" and all([form.is_valid(), work.is_valid(), week.is_valid()]):
        try:
            row = contracting.take_on(
                skills=work.facts()["levels"], by=user_of(request), at=clock.now(), within=mine,
                **week.facts(), **form.cleaned_data,
            )  # fmt: skip
        except Refused as refused:
            field = FIELDS.get(refused.code)
            form.add_error(field if field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Welkom. Deze medewerker krijgt bericht en kan inloggen."))
            return redirect("office:worker", row.ref)
    facts = {"form": form, "work": work, "week": week, "back_url": reverse("office:pool")}
    return page(request, "office/hire.html", facts)
