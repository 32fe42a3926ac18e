"""The payslips behind a claim, for the town: what each worker on it was paid, gross, on one page each.

No name, BSN, account or net wage: the letter of the award tells the town whose they are, and tax is not its business.
Lines of a month that was made final never change, so these pages are the same bytes at any later moment.
"""

from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from documents.typesetting import day, euro, pdf
from identity.models import Organisation
from payroll.changes import name_of
from payroll.models import PayRun, Payslip, WageLine
from payroll.wording import hours_in_words
from subsidies.models import Claim

TEMPLATE = Path(__file__).parent / "typst" / "claim_payslips.typ"


def payslips(claim: Claim) -> bytes:
    """Return one PDF (PDF/UA, Dutch) with a page for each worker of a claim, in the order of the claim's lines."""
    with translation.override("nl"):
        return pdf(TEMPLATE, _facts(claim))


def _facts(claim: Claim) -> dict[str, Any]:
    month = date_format(claim.month, "F Y")
    organisation = Organisation.objects.filter(pk=1).first()
    return {
        "title": _("Loonstroken bij aanvraag %(ref)s, %(month)s") % {"ref": claim.ref, "month": month},
        "organisation": organisation.name if organisation else "",
        "pages": _pages(claim),
        "heads": [_("Soort"), _("Dagen"), _("Tijd"), _("Per uur"), _("Bedrag")],
        "gross": _("Brutoloon samen"), "none": _("Bij deze aanvraag hoort geen loonstrook."),
    }  # fmt: skip


def _pages(claim: Claim) -> list[dict[str, Any]]:
    letters = defaultdict[int, set[str]](set)
    for worker_id, letter in claim.lines.order_by("award__letter", "pk").values_list(
        "award__worker", "award__letter"
    ):
        letters[worker_id].add(letter)
    slips = (
        Payslip.objects.filter(run__month=claim.month, worker__in=letters)
        .exclude(run__state=PayRun.State.DRAFT)
        .select_related("run", "worker")
    )
    lines = defaultdict[tuple[int, int], list[WageLine]](list)
    for line in WageLine.objects.filter(run__in={slip.run_id for slip in slips}, worker__in=letters).order_by(
        "from_on", "pk"
    ):
        lines[line.run_id, line.worker_id].append(line)
    order = {worker_id: place for place, worker_id in enumerate(letters)}
    return [
        {
            "who": _("Medewerker %(ref)s, beschikking %(letter)s")
            % {"ref": slip.worker.ref, "letter": ", ".join(sorted(letters[slip.worker_id]))},
            "lines": [_line(line) for line in lines[slip.run_id, slip.worker_id]],
            "gross": euro(slip.gross_cents),
        }
        for slip in sorted(slips, key=lambda slip: (order[slip.worker_id], slip.pk))
    ]


def _line(line: WageLine) -> list[str]:
    days = _("%(first)s tot en met %(last)s") % {
        "first": day(line.from_on), "last": day(line.until_on - timedelta(days=1)),
    }  # fmt: skip
    return [name_of(line), days, hours_in_words(line.minutes), euro(line.rate_cents), euro(line.cents)]
