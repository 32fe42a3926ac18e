"""What a new organisation still has to fill in, and what each open point blocks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from identity.models import Membership, Municipality, Neighbourhood, Organisation, Postcode, Role
from lawbook.index import unverified
from ledger.models import Entry
from marketplace.models import Service
from opening import sheets
from payroll.models import WorkerFile
from subsidies.models import Award
from workers_pool.models import Worker

BOOKING, PAY_RUN, CLAIM = "booking", "pay_run", "claim"


@dataclass(frozen=True)
class Connection:
    """Something outside that the site speaks with, and the variables it is set by; secrets stay in the environment."""

    code: str
    is_set: bool
    sentence: str
    variables: tuple[str, ...]


@dataclass(frozen=True)
class Point:
    """Something that is not there yet. `blocks` names the first 'booking', 'pay_run' or 'claim' that cannot be made."""

    code: str
    sentence: str
    blocks: tuple[str, ...]


def open_points(on: date) -> list[Point]:
    """Return what is still open on a day, in the order in which people fill it in; empty when all is there."""
    checks: tuple[Callable[[date], Iterator[Point]], ...] = (
        _organisation, _places, _people, _outside, _workers, _subsidies, _opening, _law,
    )  # fmt: skip
    return [point for check in checks for point in check(on)]


def blocking(on: date, what: str) -> list[Point]:
    """Return the open points that stand in the way of the first booking, pay run or claim."""
    return [point for point in open_points(on) if what in point.blocks]


def _organisation(_on: date) -> Iterator[Point]:
    found = Organisation.objects.filter(pk=1).first() or Organisation()
    if not (found.name and found.kvk and found.postcode and found.town):
        yield Point(
            "organisation", _("Vul naam, KvK-nummer en adres van de organisatie in."), (PAY_RUN, CLAIM)
        )
    if not found.iban:
        yield Point("iban", _("Vul de IBAN van de organisatie in."), (PAY_RUN, CLAIM))
    if not found.wage_tax_number:
        yield Point("wage_tax_number", _("Vul het loonheffingennummer in."), (PAY_RUN,))
    if not found.vat_id:
        yield Point("vat_id", _("Vul het btw-nummer in."), ())


def _places(_on: date) -> Iterator[Point]:
    if not Municipality.objects.exists():
        yield Point("municipality", _("Voeg de gemeente toe."), (BOOKING, CLAIM))
    if not Neighbourhood.objects.exists():
        yield Point("neighbourhood", _("Voeg een buurt toe."), (BOOKING,))
    served = Postcode.objects.values("neighbourhood")
    bare = Neighbourhood.objects.exclude(pk__in=served).order_by("name").values_list("name", flat=True)
    for name in bare:
        sentence = _("Voeg de postcodes van %(name)s toe.") % {"name": name}
        yield Point("postcodes", sentence, (BOOKING,))
    if not Service.objects.filter(active=True).exists():
        yield Point("services", _("Zet minstens een dienst aan."), (BOOKING,))


def _people(on: date) -> Iterator[Point]:
    held = Membership.objects.filter(from_on__lte=on).filter(Q(until_on=None) | Q(until_on__gt=on))
    coordinators = held.filter(role=Role.COORDINATOR)
    if not coordinators.filter(neighbourhood=None).exists():
        led = coordinators.values("neighbourhood")
        for name in Neighbourhood.objects.exclude(pk__in=led).order_by("name").values_list("name", flat=True):
            yield Point("coordinator", _("%(name)s heeft nog geen coördinator.") % {"name": name}, (BOOKING,))
    officers = set(held.filter(role=Role.PAYROLL).values_list("user", flat=True))
    treasurers = set(held.filter(role=Role.TREASURER).values_list("user", flat=True))
    if not officers:
        yield Point("payroll", _("Kies wie de lonen doet."), (PAY_RUN, CLAIM))
    if not treasurers - officers and not (treasurers and officers - treasurers):
        yield Point("treasurer", _("Kies een penningmeester: een tweede persoon die goedkeurt."), (PAY_RUN,))


def connections() -> list[Connection]:
    """Return what lies outside: is it set, in a sentence, and by which variables of the environment."""
    mail = bool(settings.INBOX_URL or _mail_host())
    return [
        Connection(
            "mail", mail,
            _("Mail gaat de deur uit.") if mail else _("Stel de mail in: mensen loggen in met een code per mail."),
            ("MAIL_HOST", "MAIL_USER", "MAIL_PASSWORD", "MAIL_FROM"),
        ),
        Connection(
            "stripe", settings.CARD_PAYMENT,
            _("Klanten betalen met iDEAL, Wero of kaart.")
            if settings.CARD_PAYMENT
            else _("Stel Stripe in. Tot dan betalen klanten met een overschrijving."),
            ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRETS"),
        ),
        Connection(
            "bureau", bool(settings.BUREAU_URL),
            _("De lonen gaan naar het loonbureau.") if settings.BUREAU_URL else _("Stel het loonbureau in."),
            ("BUREAU_URL",),
        ),
        Connection(
            "bank", bool(settings.BANK_URL),
            _("Betaalbestanden gaan naar de bank.")
            if settings.BANK_URL
            else _("Stel de bank in waar de lonen heen gaan."),
            ("BANK_URL",),
        ),
    ]  # fmt: skip


def _mail_host() -> str:
    host = str(getattr(settings, "EMAIL_HOST", ""))
    return "" if host == "localhost" else host


def _outside(_on: date) -> Iterator[Point]:
    stops = {"mail": (BOOKING,), "stripe": (), "bureau": (PAY_RUN,), "bank": (PAY_RUN,)}
    for found in connections():
        if found.is_set:
            continue
        if found.code == "mail" and settings.TRIAL:
            sentence = _(
                "In deze proef komt de mail in een map op deze computer. Stel de mail in voor u begint."
            )
            yield Point("mail", sentence, ())
        else:
            yield Point(found.code, found.sentence, stops[found.code])


def _workers(on: date) -> Iterator[Point]:
    pool = Worker.objects.filter(hired_on__lte=on).filter(Q(left_on=None) | Q(left_on__gt=on))
    if not pool.exists():
        yield Point("workers", _("Voeg medewerkers toe."), (PAY_RUN, CLAIM))
    without = pool.exclude(pk__in=WorkerFile.objects.values("worker")).count()
    if without:
        sentence = _("Van %(count)s medewerkers ontbreken BSN, geboortedatum of IBAN.") % {"count": without}
        yield Point("worker_files", sentence, (PAY_RUN,))


def _subsidies(_on: date) -> Iterator[Point]:
    if not Award.objects.exists():
        yield Point("awards", _("Voeg de beschikkingen loonkostensubsidie toe."), (CLAIM,))


def _opening(_on: date) -> Iterator[Point]:
    if not sheets.waiting_or_booked() and not Entry.objects.exists():
        sentence = _(
            "Voer de beginstand in: cheques, verlof, vakantiegeld en bank. Is er niets? Sla dit dan over."
        )
        yield Point("opening", sentence, ())


def _law(on: date) -> Iterator[Point]:
    rows = unverified(on)
    if rows:
        sentence = _("Laat %(count)s regels uit de wet nakijken, zoals %(first)s.")
        yield Point("law", sentence % {"count": len(rows), "first": rows[0].key}, ())
