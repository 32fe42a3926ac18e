"""What a municipality gets of a claim: a page, its lines and the payslips in one archive, the same bytes each time.

No BSN and no name: the letter names the award, and the town knows whose it is.
"""

import csv
import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from documents.typesetting import day, euro, pdf
from identity.models import Organisation
from kernel.errors import Refused
from kernel.money import euros
from subsidies.claim_payslips import payslips
from subsidies.models import Claim, ClaimLine

TEMPLATE = Path(__file__).parent / "typst" / "claim.typ"
HEAD = (
    "claim", "month", "award letter", "worker", "from", "until (exclusive)", "subsidy", "compensation", "total", "rule",
)  # fmt: skip
NO_DAY = (1980, 1, 1, 0, 0, 0)  # the first that an archive knows: when it was packed says nothing


class Changed(Refused):
    """The lines are not those that were claimed."""


def pack(claim_id: int) -> bytes:
    """Return the archive of a claim: the lines (CSV), the letter and the payslips (PDF), and the sha256 of each.

    :raises Changed: its lines differ from what was claimed.
    """
    claim = Claim.objects.select_related("municipality").get(pk=claim_id)
    lines = _csv(claim)
    if claim.digest and hashlib.sha256(lines).hexdigest() != claim.digest:
        raise Changed(_("De regels van deze aanvraag zijn veranderd nadat zij gemaakt is."))
    name = _name(claim)
    files = {
        f"{name}.csv": lines,
        f"{name}.pdf": _letter(claim),
        f"{name}-loonstroken.pdf": payslips(claim),
    }
    sums = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in files.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in {**files, "sha256.txt": sums.encode()}.items():
            archive.writestr(zipfile.ZipInfo(name, NO_DAY), body)
    return out.getvalue()


def digest(claim_id: int) -> str:
    """Return the sha256 of a claim's lines as CSV: what was asked, whatever the letters of the PDF look like."""
    return hashlib.sha256(_csv(Claim.objects.get(pk=claim_id))).hexdigest()


def _name(claim: Claim) -> str:
    return f"lks-{claim.month:%Y-%m}-{claim.number}-{claim.ref}"


def _lines(claim: Claim) -> "QuerySet[ClaimLine]":
    return claim.lines.select_related("award__worker").order_by("award__letter", "from_on", "pk")


def _csv(claim: Claim) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(HEAD)
    for line in _lines(claim):
        total = line.subsidy_cents + line.compensation_cents
        writer.writerow([
            claim.ref, f"{claim.month:%Y-%m}", line.award.letter, line.award.worker.ref, line.from_on, line.until_on,
            euros(line.subsidy_cents), euros(line.compensation_cents), euros(total), line.rule,
        ])  # fmt: skip
    return out.getvalue().encode()


def _letter(claim: Claim) -> bytes:
    with translation.override("nl"):  # to a Dutch town
        return pdf(TEMPLATE, _facts(claim))


def _facts(claim: Claim) -> dict[str, Any]:
    organisation = Organisation.objects.filter(pk=1).first()
    lines = list(_lines(claim))
    subsidy = sum(line.subsidy_cents for line in lines)
    compensation = sum(line.compensation_cents for line in lines)
    month = date_format(claim.month, "F Y")
    return {
        "title": _("Aanvraag loonkostensubsidie %(month)s") % {"month": month},
        "first": _("Wij vragen %(total)s euro over %(month)s.")
        % {"total": euro(subsidy + compensation), "month": month},
        "how": _("Noem bij de betaling het kenmerk %(ref)s. Ons rekeningnummer is %(iban)s.")
        % {"ref": claim.ref, "iban": organisation.iban if organisation else ""},
        "organisation": organisation.name if organisation else "", "town": claim.municipality.name,
        "facts": [
            [_("Kenmerk"), claim.ref], [_("Gemeente"), claim.municipality.name], [_("Nummer"), str(claim.number)],
            [_("Regels"), str(len(lines))], [_("sha256 van de regels (CSV)"), claim.digest or digest(claim.pk)],
        ],
        "fact_heads": [_("Wat"), _("Antwoord")],
        "heads": [_("Beschikking"), _("Medewerker"), _("Dagen"), _("Subsidie"), _("Werkgeverslasten"), _("Samen")],
        "lines": [_row(line) for line in lines], "lines_head": _("Regels"), "rules_head": _("Waar elke regel op rust"),
        "rules": [[line.award.letter, line.rule] for line in lines], "rule_heads": [_("Beschikking"), _("Regel")],
        "total": [_("Samen"), euro(subsidy), euro(compensation), euro(subsidy + compensation)],
    }  # fmt: skip


def _row(line: ClaimLine) -> list[str]:
    days = _("%(first)s tot %(until)s") % {"first": day(line.from_on), "until": day(line.until_on)}
    return [
        line.award.letter, line.award.worker.ref, days, euro(line.subsidy_cents), euro(line.compensation_cents),
        euro(line.subsidy_cents + line.compensation_cents),
    ]  # fmt: skip
