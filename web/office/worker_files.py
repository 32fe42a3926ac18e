"""What payroll must know of a worker: numbers behind a mask, another account held for a second person, the scale."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from events.sealing import masked
from identity import clock, permissions
from identity.models import Role
from kernel.errors import Refused
from lawbook.wages import SCALES
from payroll import leave, worker_files
from payroll.models import AccountAsked, WorkerFile
from web.access import act, for_roles, page, today, user_of
from web.filling import cleaned, fill
from web.office.pool_forms import DayField
from workers_pool import contracts
from workers_pool.models import Worker

HERE = "office:worker-files"


class FileForm(forms.Form):
    """Birth day, BSN and account. What is known stays when a number is left empty."""

    birth_on = DayField(label=gettext_lazy("Geboortedatum"))
    bsn = forms.CharField(
        label=gettext_lazy("BSN"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    iban = forms.CharField(
        label=gettext_lazy("Rekeningnummer (IBAN)"), max_length=42, required=False,
        help_text=gettext_lazy("Een ander nummer geldt pas als een tweede persoon akkoord is. De medewerker krijgt bericht."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    account_name = forms.CharField(label=gettext_lazy("Naam bij de rekening"), max_length=70)


class ScaleForm(forms.Form):
    """The wage scale from a day on."""

    scale = forms.ChoiceField(
        label=gettext_lazy("Loonschaal"), required=False,
        choices=[("", gettext_lazy("wettelijk minimumloon")), *((name, rule.nl) for name, rule in SCALES.items())],
    )  # fmt: skip
    from_on = DayField(
        label=gettext_lazy("Vanaf"), help_text=gettext_lazy("Deze maand of later. Wat er was, blijft staan.")
    )


@for_roles(Role.PAYROLL, Role.TREASURER)
def overview(request: HttpRequest) -> HttpResponse:
    """List every worker: is their file complete, and does another account wait?"""
    held = set(WorkerFile.objects.values_list("worker_id", flat=True))
    asked = (
        AccountAsked.objects.filter(answered_at=None)
        .select_related("worker__user", "asked_by")
        .order_by("pk")
    )
    rows = [
        {"worker": worker, "complete": worker.pk in held}
        for worker in Worker.objects.select_related("user", "neighbourhood").order_by("user__name", "pk")
    ]
    facts = {
        "rows": sorted(rows, key=lambda row: bool(row["complete"])), "me": user_of(request),
        "asked": [(one, masked(one.iban)) for one in asked],
        "second": Role.TREASURER in permissions.roles(user_of(request), on=today()),
    }  # fmt: skip
    return page(request, "office/worker_files.html", facts)


@for_roles(Role.PAYROLL)
def file(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a worker's file, its numbers behind a mask, and write it."""
    row = get_object_or_404(Worker.objects.select_related("user"), ref=ref)
    known = WorkerFile.objects.filter(worker=row).first()
    start = {"birth_on": known.birth_on, "account_name": known.account_name} if known else {}
    form = FileForm(request.POST or None, initial=start)
    saved = fill(
        request, form, lambda: worker_files.keep(row.pk, by=user_of(request), at=clock.now(), **cleaned(form)),
        done=_("Het loondossier is bewaard."), back=reverse("office:worker-file", args=[ref]),
    )  # fmt: skip
    return saved or _show(request, row, {"form": form})


def _show(request: HttpRequest, row: Worker, more: dict[str, Any]) -> HttpResponse:
    known, day = WorkerFile.objects.filter(worker=row).first(), today()
    facts = {
        "worker": row, "known": known, "bsn": masked(known.bsn) if known else "", "iban": masked(known.iban) if known else "",
        "scale": ScaleForm(initial={"from_on": day}, prefix="schaal"), "contracts": row.contracts.order_by("-from_on"),
        "leave": leave.balance(row.pk, on=day), "back_url": reverse(HERE),
        "asked": AccountAsked.objects.filter(worker=row, answered_at=None).first(),
    }  # fmt: skip
    if "form" not in more:
        start = {"birth_on": known.birth_on, "account_name": known.account_name} if known else {}
        more = {"form": FileForm(initial=start), **more}
    return page(request, "office/worker_file.html", {**facts, **more})


@for_roles(Role.PAYROLL)
@require_POST
def read(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the numbers once; that they were read is recorded."""
    row = get_object_or_404(Worker.objects.select_related("user"), ref=ref)
    if not WorkerFile.objects.filter(worker=row).exists():
        messages.error(request, _("Er is nog geen loondossier."))
        return redirect("office:worker-file", ref)
    numbers = worker_files.read(row.pk, by=user_of(request), at=clock.now())
    answer = _show(request, row, {"bsn": numbers.bsn, "iban": numbers.iban, "open": True})
    answer["Cache-Control"] = "no-store"
    return answer


@for_roles(Role.PAYROLL)
@require_POST
def scale(request: HttpRequest, ref: str) -> HttpResponse:
    """Pay a worker by another scale from a day on."""
    row = get_object_or_404(Worker.objects.select_related("user"), ref=ref)
    form = ScaleForm(request.POST, prefix="schaal")
    if form.is_valid():
        try:
            contracts.set_scale(row.pk, by=user_of(request), at=clock.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("De loonschaal staat erin."))
            return redirect("office:worker-file", ref)
    return _show(request, row, {"scale": form})


@for_roles(Role.PAYROLL, Role.TREASURER)
@require_POST
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    """Agree to another account, or leave it as it is."""
    asked, by, at = get_object_or_404(AccountAsked, ref=ref), user_of(request), clock.now()
    if request.POST.get("akkoord") == "ja":
        return act(
            request, lambda: worker_files.agree_account(asked.pk, by=by, at=at),
            done=_("Akkoord. De volgende lonen gaan naar de nieuwe rekening."), back=HERE,
        )  # fmt: skip
    return act(
        request, lambda: worker_files.decline_account(asked.pk, by=by, at=at),
        done=_("De rekening blijft zoals die was."), back=HERE,
    )  # fmt: skip
