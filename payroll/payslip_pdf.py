"""A payslip that can be read, kept and heard: plain first sentence, every line, what the law asks (BW 7:626)."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from documents.typesetting import day, euro, pdf
from events.sealing import masked
from identity.models import Organisation
from kernel.errors import Refused
from kernel.periods import Period, local_day, month_of
from lawbook.wages import minimum_wage_cents
from payroll.changes import name_of
from payroll.models import PaidPiece, Payment, PayRun, Payslip, WageLine, WorkerFile
from payroll.payslip import age_on
from payroll.terms import last_contract
from payroll.wording import hours_in_words

TEMPLATE = Path(__file__).parent / "typst" / "payslip.typ"


class NotFixed(Refused):
    """A draft is nobody's payslip yet."""


def render(payslip_id: int, *, language: str = "nl") -> bytes:
    """Return a payslip as PDF (PDF/UA-1): the same payslip in the same state gives the same bytes.

    :raises NotFixed: the run is a draft.
    """
    slip = Payslip.objects.select_related("run", "worker__user").get(pk=payslip_id)
    if slip.run.state == PayRun.State.DRAFT:
        raise NotFixed(_("Deze loonstrook is nog een proef."))
    with translation.override(language):
        return pdf(TEMPLATE, _facts(slip, language))


def _facts(slip: Payslip, language: str) -> dict[str, Any]:
    file = WorkerFile.objects.get(worker=slip.worker_id)
    employer = Organisation.objects.filter(pk=1).first()
    payment = slip.payments.exclude(state=Payment.State.REJECTED).select_related("file").first()
    lines = list(slip.run.lines.filter(worker=slip.worker_id).order_by("from_on", "pk"))
    pieces = list(
        PaidPiece.objects.filter(line__in=lines)
        .select_related("assignment__visit", "travel", "time")
        .order_by("pk")
    )
    pieces.sort(key=lambda piece: (_started(piece), piece.pk))
    return {
        "language": language,
        "title": _("Loonstrook %(month)s") % {"month": date_format(slip.run.month, "F Y")},
        "first": _first_sentence(slip, payment),
        "second": _("Wij maken het over op uw rekening %(iban)s.") % {"iban": masked(file.iban)} if payment else "",
        "employer": {"name": employer.name if employer else ""}, "worker": {"name": slip.worker.user.name},
        "heads": _heads(), "lines": [_line(line, file.birth_on, pieces) for line in lines], "gross": euro(slip.gross_cents),
        "minimum_note": _("Het minimumloon is het bedrag dat op die dagen minstens geldt voor iemand van uw leeftijd."),
        "sums": _sums(slip), "pieces": [_piece(piece) for piece in pieces], "agreed": _agreed(slip, employer),
    }  # fmt: skip


def _first_sentence(slip: Payslip, payment: Payment | None) -> str:
    if slip.net_cents is None:
        return _("Het nettobedrag is nog niet bekend.")
    if payment is None:
        return _("U krijgt %(net)s euro.") % {"net": euro(slip.net_cents)}
    paid_on = payment.line.booked_on if payment.line else local_day(payment.file.made_at)
    return _("U krijgt %(net)s euro op %(day)s.") % {"net": euro(slip.net_cents), "day": day(paid_on)}


def _heads() -> dict[str, Any]:
    return {
        "what": _("Wat"), "amount": _("Bedrag"), "answer": _("Afspraak"), "wage": _("Uw loon"), "gross": _("Brutoloon samen"),
        "net": _("Van bruto naar netto"), "visits": _("Uw werk"), "agreed": _("Wat is afgesproken"),
        "lines": [_("Soort"), _("Dagen"), _("Tijd"), _("Per uur"), _("Minimumloon"), _("Bedrag")],
        "pieces": [_("Dag"), _("Werk"), _("Tijd"), _("Bedrag")],
    }  # fmt: skip


def _line(line: WageLine, birth_on: date, pieces: list[PaidPiece]) -> list[str]:
    worked = [_started(piece) for piece in pieces if piece.line_id == line.pk]
    least = sorted({minimum_wage_cents(age_on(birth_on, on), on) for on in worked or [line.from_on]})
    first, last = (min(worked), max(worked)) if worked else (line.from_on, line.until_on - timedelta(days=1))
    return [
        name_of(line), _days(first, last), hours_in_words(line.minutes), euro(line.rate_cents),
        " / ".join(euro(cents) for cents in least), euro(line.cents),
    ]  # fmt: skip


def _days(first: date, last: date) -> str:
    if first == last:
        return f"{first:%d-%m}"
    return _("%(first)s t/m %(last)s") % {"first": f"{first:%d-%m}", "last": f"{last:%d-%m}"}


def _piece(piece: PaidPiece) -> list[str]:
    what = _("Bezoek") if piece.assignment_id else _("Reistijd tussen bezoeken")
    if piece.time is not None:
        what = piece.time.get_kind_display()
    return [day(_started(piece)), what, hours_in_words(piece.minutes), euro(piece.cents)]


def _started(piece: PaidPiece) -> date:
    """Return the local day of a piece of work."""
    if piece.assignment is not None:
        return local_day(piece.assignment.visit.start_at)
    if piece.time is not None:
        return piece.time.on
    assert piece.travel is not None
    return local_day(piece.travel.start_at)


def _sums(slip: Payslip) -> list[list[str]]:
    rows = [[_("Brutoloon"), _("%(amount)s euro") % {"amount": euro(slip.gross_cents)}]]
    if slip.net_cents is not None and slip.withheld_cents is not None:
        withheld, net = euro(slip.withheld_cents), euro(slip.net_cents)
        rows += [
            [_("Ingehouden: loonbelasting en premies"), _("%(amount)s euro") % {"amount": withheld}],
            [_("Nettoloon: dit krijgt u"), _("%(amount)s euro") % {"amount": net}],
        ]
    holiday = _("%(amount)s euro, u krijgt het in mei") % {"amount": euro(slip.holiday_cents)}
    return [*rows, [_("Vakantiegeld dat u deze maand spaarde"), holiday]]


def _agreed(slip: Payslip, employer: Organisation | None) -> list[list[str]]:
    days = month_of(slip.run.month)
    contract = last_contract(slip.worker, days)
    rows = [
        [_("Werkgever"), _address(employer)],
        [_("Medewerker"), f"{slip.worker.user.name} ({slip.worker.ref})"],
        [_("Periode"), _period(days)],
    ]
    if contract is not None:
        yes, no = _("ja"), _("nee")
        rows += [
            [_("Uren per week in uw contract"), hours_in_words(contract.week_minutes)],
            [_("Schriftelijk vast contract"), yes if contract.permanent else no],
            [_("Oproepcontract"), yes if contract.kind == contract.Kind.ON_CALL else no],
        ]
    return rows


def _address(employer: Organisation | None) -> str:
    if employer is None:
        return ""
    street = f"{employer.street} {employer.house_number}".strip()
    parts = [employer.name, street, f"{employer.postcode} {employer.town}".strip()]
    tax = _("loonheffingennummer %(number)s") % {"number": employer.wage_tax_number}
    return ", ".join(part for part in [*parts, tax if employer.wage_tax_number else ""] if part)


def _period(days: Period[date]) -> str:
    return _("%(first)s tot en met %(last)s") % {
        "first": day(days.start), "last": day(days.end - timedelta(days=1)),
    }  # fmt: skip
