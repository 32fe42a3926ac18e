"""What we tell whom about which event, in short sentences."""

from collections.abc import Callable, Iterator
from functools import partial

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cheques import statement, statement_words
from cheques.firm_models import Invoice
from cheques.models import Order, Wallet
from events.models import Event
from identity.models import Customer, User
from marketplace.models import Booking
from notifications.phrases import Note, Said, euros, hours, letter, moment, name_of, pk_of
from payroll.models import Payslip, WorkerFile
from quality.models import Complaint, Dispute
from scheduling.confirming import silent_from
from scheduling.models import Assignment, Contest, Visit
from scheduling.visits import billable_minutes


def _order_paid(event: Event) -> Iterator[Note]:
    order = Order.objects.select_related("placed_by").get(pk=pk_of(event))

    def say() -> Said:
        return _("U hebt %(hours)s cheques gekocht") % {"hours": order.hours}, letter(
            _("Wij kregen %(euro)s euro. Er kwamen %(hours)s cheques bij. Bestelling %(ref)s.")
            % {"euro": euros(order.total_cents), "hours": order.hours, "ref": order.ref},
            "/mijn/cheques/",
        )  # fmt: skip

    yield Note(order.placed_by, f"paid:order:{order.pk}", say)


def _booking_placed(event: Event) -> Iterator[Note]:
    booking = Booking.objects.select_related("service", "customer").get(pk=pk_of(event))

    def say() -> Said:
        asked = {"service": name_of(booking.service), "when": moment(booking.starts[0])}
        return _("Uw aanvraag: %(service)s") % asked, letter(
            _("U vroeg %(service)s op %(when)s. U hoort van ons wie er komt.") % asked, "/mijn/afspraken/"
        )

    for user in _people(booking.customer):
        yield Note(user, f"placed:booking:{booking.pk}", say)


def _plan_published(event: Event) -> Iterator[Note]:
    """One message for each worker and each customer, however many visits."""
    rows = (
        Visit.objects.filter(plan=pk_of(event))
        .select_related("booking__customer", "booking__service")
        .prefetch_related("assignments__worker__user")
        .order_by("start_at", "pk")
    )
    of_customer: dict[Customer, list[Visit]] = {}
    of_worker: dict[User, list[Assignment]] = {}
    for visit in rows:
        of_customer.setdefault(visit.booking.customer, []).append(visit)
        for row in visit.assignments.all():
            of_worker.setdefault(row.worker.user, []).append(row)
    for customer, visits in of_customer.items():
        for user in _people(customer):
            yield Note(user, f"planned:{event.pk}:customer:{customer.pk}", partial(_who_comes, visits))
    for user, work in of_worker.items():
        yield Note(user, f"planned:{event.pk}:worker", partial(_your_work, work))


def _crew_changed(event: Event) -> Iterator[Note]:
    row = Assignment.objects.select_related("visit__booking__customer", "visit__booking__service", "worker__user").get(
        pk=event.payload["assignment_id"]
    )  # fmt: skip
    yield Note(row.worker.user, f"sent:{event.pk}:worker", lambda: _your_work([row]))
    for user in _people(row.visit.booking.customer):
        yield Note(user, f"sent:{event.pk}:customer", lambda: _who_comes([row.visit], changed=True))


def _visit_cancelled(event: Event) -> Iterator[Note]:
    visit = Visit.objects.select_related("booking__customer", "booking__service").get(pk=pk_of(event))

    def say() -> Said:
        gone = {"service": name_of(visit.booking.service), "when": moment(visit.start_at)}
        return _("Gaat niet door: %(when)s") % gone, letter(
            _("%(service)s op %(when)s gaat niet door. Er wordt niets van uw cheques afgeschreven.") % gone,
            "/mijn/afspraken/",
        )

    def say_worker() -> Said:
        gone = {"service": name_of(visit.booking.service), "when": moment(visit.start_at)}
        said = _("%(service)s op %(when)s gaat niet door. U hoeft er niet heen.") % gone
        return _("Gaat niet door: %(when)s") % gone, letter(said, "/werk/")

    for user in _people(visit.booking.customer):
        yield Note(user, f"cancelled:visit:{visit.pk}", say)
    for row in visit.assignments.exclude(state=Assignment.State.DECLINED).select_related("worker__user"):
        yield Note(row.worker.user, f"cancelled:visit:{visit.pk}:worker", say_worker)


def _visit_arranged(event: Event) -> Iterator[Note]:
    """A visit that is new, or came in place of one at another time."""
    visit = (
        Visit.objects.select_related("booking__customer", "booking__service")
        .prefetch_related("assignments__worker__user")
        .get(pk=pk_of(event))
    )
    moved = Visit.objects.filter(booking=visit.booking_id, state=Visit.State.CANCELLED).exists()
    for user in _people(visit.booking.customer):
        yield Note(user, f"arranged:visit:{visit.pk}", lambda: _who_comes([visit], changed=moved))
    for row in visit.assignments.all():
        yield Note(row.worker.user, f"arranged:visit:{visit.pk}:worker", partial(_your_work, [row]))


def _visit_let_go(event: Event) -> Iterator[Note]:
    """A visit that falls away while the help is still wanted; one that moved is told with its new time."""
    if event.payload["moved"]:
        return
    visit = Visit.objects.select_related("booking__customer", "booking__service").get(pk=pk_of(event))

    def say() -> Said:
        gone = {"service": name_of(visit.booking.service), "when": moment(visit.start_at)}
        return _("Gaat niet door: %(when)s") % gone, letter(
            _(
                "Wij kunnen niet komen voor %(service)s op %(when)s. Het spijt ons. Wij zoeken een andere tijd."
            )
            % gone,
            "/mijn/afspraken/",
        )

    for user in _people(visit.booking.customer):
        yield Note(user, f"let go:visit:{visit.pk}", say)


def _freed(event: Event) -> Iterator[Note]:
    row = Assignment.objects.select_related("visit__booking__service", "worker__user").get(pk=pk_of(event))

    def say() -> Said:
        gone = {"service": name_of(row.visit.booking.service), "when": moment(row.visit.start_at)}
        said = _("Er verandert iets: %(service)s op %(when)s hoeft u niet meer te doen.") % gone
        return _("U hoeft er niet heen: %(when)s") % gone, letter(said, "/werk/")

    yield Note(row.worker.user, f"freed:assignment:{row.pk}", say)


def _please_confirm(event: Event) -> Iterator[Note]:
    """When the last of the crew is done."""
    visit = Visit.objects.select_related("booking__customer", "booking__service").get(
        assignments=pk_of(event)
    )
    if visit.state != Visit.State.FINISHED:
        return
    worked = visit.assignments.filter(state=Assignment.State.WORKED).select_related("visit")
    minutes = sum(billable_minutes(row) for row in worked)

    def say() -> Said:
        facts = {
            "service": name_of(visit.booking.service), "when": moment(visit.start_at), "hours": hours(minutes),
            "silent": moment(silent_from(visit)),
        }  # fmt: skip
        return _("Klopt het? %(hours)s op %(when)s") % facts, letter(
            _(
                "%(service)s op %(when)s duurde %(hours)s. Klopt dat? Zegt u niets? Dan is het akkoord op %(silent)s."
            )
            % facts,
            "/mijn/",
        )

    for user in _people(visit.booking.customer):
        yield Note(user, f"confirm:visit:{visit.pk}", say)


def _confirmed(event: Event) -> Iterator[Note]:
    """Only silence is told: who confirmed knows it."""
    if event.payload["how"] != Assignment.Outcome.SILENCE:
        return
    visit = Visit.objects.select_related("booking__customer", "booking__service").get(pk=pk_of(event))

    def say() -> Said:
        facts = {"when": moment(visit.start_at), "hours": hours(event.payload["minutes"])}
        return _("Akkoord: %(hours)s op %(when)s") % facts, letter(
            _("U zei niets over %(when)s. Daarom zijn %(hours)s nu akkoord en met uw cheques betaald.")
            % facts,
            "/mijn/afspraken/",
        )

    for user in _people(visit.booking.customer):
        yield Note(user, f"silence:visit:{visit.pk}", say)


def _dispute_decided(event: Event) -> Iterator[Note]:
    dispute = Dispute.objects.select_related("visit__booking__customer").get(pk=pk_of(event))

    def say() -> Said:
        facts = {
            "when": moment(dispute.visit.start_at), "hours": hours(event.payload["minutes"]), "why": dispute.grounds,
        }  # fmt: skip
        return _("Besluit over %(when)s") % facts, letter(
            _("Wij keken naar uw klacht over %(when)s. U betaalt %(hours)s. %(why)s") % facts,
            "/mijn/afspraken/",
        )

    for user in _people(dispute.visit.booking.customer):
        yield Note(user, f"decided:dispute:{dispute.pk}:{event.pk}", say)


def _complaint_answered(event: Event) -> Iterator[Note]:
    """An answer goes to who complained; a complaint of nobody we know has nobody to tell."""
    complaint = Complaint.objects.select_related("customer").get(pk=pk_of(event))
    if complaint.customer is None:
        return

    def say() -> Said:
        facts = {
            "when": date_format(timezone.localtime(complaint.opened_at), "j F"),
            "answer": complaint.answer,
        }
        return _("Antwoord op uw klacht"), letter(
            _("U schreef ons op %(when)s. Ons antwoord: %(answer)s") % facts, "/mijn/klacht/"
        )

    for user in _people(complaint.customer):
        yield Note(user, f"answered:complaint:{complaint.pk}", say)


def _payslips(event: Event) -> Iterator[Note]:
    for slip in Payslip.objects.filter(run=pk_of(event)).select_related("worker__user", "run").order_by("pk"):

        def say(slip: Payslip = slip) -> Said:
            month = date_format(slip.run.month, "F Y")
            return _("Uw loonstrook van %(month)s") % {"month": month}, letter(
                _("Uw loonstrook van %(month)s staat klaar.") % {"month": month}, "/werk/loon/"
            )

        yield Note(slip.worker.user, f"payslip:{slip.pk}", say)


def _reminded(event: Event) -> Iterator[Note]:
    """Remind who may order and agree for the firm; whoever wants letters gets it on paper."""
    row = Invoice.objects.select_related("customer").get(pk=pk_of(event))
    step, cents = event.payload["step"], event.payload["open_cents"]

    def say() -> Said:
        facts = {
            "number": row.full_number, "euro": euros(cents), "due": f"{row.due_on:%d-%m-%Y}", "iban": row.seller["iban"],
            "name": row.seller["name"], "reference": row.reference,
        }  # fmt: skip
        words = _(
            "Factuur %(number)s is nog niet betaald. Er staat %(euro)s euro open, te betalen voor %(due)s. "
            "Maak het over naar %(iban)s van %(name)s. Zet erbij: %(reference)s. Hebt u al betaald? Dan is deze herinnering niet meer nodig."
        )
        return _("Herinnering %(step)s: factuur %(number)s") % {"step": step, "number": row.full_number}, letter(
            words % facts, "/mijn/bedrijf/"
        )  # fmt: skip

    payers = row.customer.members.filter(part__in=["owner", "approver"]).select_related("user")
    for member in payers.order_by("pk"):
        yield Note(member.user, f"reminded:{row.pk}:{step}", say)


def _account_changed(event: Event) -> Iterator[Note]:
    """A changed account number is told to the owner of the wage; the first one is no change."""
    earlier = Event.objects.filter(kind=event.kind, subject=event.subject, pk__lt=event.pk)
    if "iban" not in event.payload["changed"] or not earlier.exists():
        return
    file = WorkerFile.objects.select_related("worker__user").get(pk=pk_of(event))

    def say() -> Said:
        return _("Uw rekeningnummer is veranderd"), letter(
            _(
                "Uw loon gaat vanaf nu naar een ander rekeningnummer. Hebt u dit niet gevraagd? Bel ons dan meteen."
            ),
            "/werk/loon/",
        )

    yield Note(file.worker.user, f"iban:{event.pk}", say)


def _year_is_over(event: Event) -> Iterator[Note]:
    """What happened to the cheques of a customer in a year, to its owner: whole enough to be a letter."""
    wallet, year = Wallet.objects.select_related("customer").get(pk=pk_of(event)), event.payload["year"]
    found = statement.of_year(wallet.customer_id, year, at=event.at)

    def say() -> Said:
        days = {"first": date_format(found.first_day, "j F Y"), "last": date_format(found.last_day, "j F Y")}
        figures = [
            _("- %(name)s: eerst %(opening)s, daarna %(closing)s")
            % {"name": name, "opening": hours(opening), "closing": hours(closing)}
            for name, opening, closing in statement_words.figures(found)
        ]
        words = [
            *statement_words.in_short(found), *statement_words.last_words(found), "",
            _("Uw uren op %(first)s en op %(last)s:") % days, *figures, "",
            _("Een lijst van alles vindt u hier. Op papier krijgt u hem aan de balie."),
        ]  # fmt: skip
        address = f"/mijn/cheques/overzicht/?jaar={year}"
        return statement_words.title(found), letter("\n".join(words), address)

    for member in wallet.customer.members.filter(part="owner").select_related("user").order_by("pk"):
        yield Note(member.user, f"statement:{wallet.pk}:{year}", say)


def _contest_opened(event: Event) -> Iterator[Note]:
    """Ask the one who is to look; the worker knows what they said."""
    row = Contest.objects.select_related("reviewer", "worker__user").get(pk=pk_of(event))
    if row.reviewer is None:
        return

    def say() -> Said:
        facts = {"name": row.worker.user.name, "until": moment(row.due_at)}
        words = _("%(name)s is het niet eens met het rooster. Geef antwoord voor %(until)s.") % facts
        subject = _("Wilt u hiernaar kijken? %(name)s is het er niet mee eens") % facts
        return subject, letter(words, "/kantoor/niet-eens/")

    yield Note(row.reviewer, f"contest:{row.pk}", say)


def _contest_answered(event: Event) -> Iterator[Note]:
    row = Contest.objects.select_related("worker__user", "answered_by").get(pk=pk_of(event))

    def say() -> Said:
        facts = {
            "name": row.answered_by.name if row.answered_by else "",
            "outcome": row.get_state_display(),
            "why": row.answer,
        }
        words = _("%(name)s keek naar uw vraag. %(outcome)s. %(why)s") % facts
        return _("Antwoord op uw vraag over het rooster"), letter(words, "/werk/week/")

    yield Note(row.worker.user, f"contest answered:{row.pk}", say)


NOTES: dict[str, Callable[[Event], Iterator[Note]]] = {
    "order.paid": _order_paid, "booking.placed": _booking_placed, "plan.published": _plan_published,
    "visit.crew_changed": _crew_changed, "visit.cancelled": _visit_cancelled, "assignment.worked": _please_confirm,
    "visit.confirmed": _confirmed, "dispute.decided": _dispute_decided, "complaint.answered": _complaint_answered, "pay_run.netted": _payslips,
    "worker_file.kept": _account_changed, "visit.arranged": _visit_arranged, "visit.let_go": _visit_let_go,
    "assignment.freed": _freed, "invoice.reminded": _reminded, "statement.due": _year_is_over,
    "contest.opened": _contest_opened, "contest.answered": _contest_answered,
}  # fmt: skip


def _who_comes(visits: list[Visit], *, changed: bool = False) -> Said:
    lines = []
    for visit in visits:
        live = [row for row in visit.assignments.all() if row.state in Assignment.LIVE]
        certain = [row.worker.user.name for row in live if row.state != Assignment.State.OFFERED]
        who = ", ".join(certain) or _("wij zoeken nog iemand")
        lines.append(f"- {moment(visit.start_at)}: {name_of(visit.booking.service)}, {who}")
    subject = _("Er verandert iets aan uw afspraak") if changed else _("Wie er bij u komt")
    return subject, letter("\n".join(lines), "/mijn/afspraken/")


def _your_work(rows: list[Assignment]) -> Said:
    lines = [
        f"- {moment(row.visit.start_at)}: {name_of(row.visit.booking.service)}"
        + (f" ({_('zegt u ja of nee?')})" if row.state == Assignment.State.OFFERED else "")
        for row in rows
    ]
    asked = any(row.state == Assignment.State.OFFERED for row in rows)
    return _("Werk: zegt u ja?") if asked else _("Uw werk"), letter("\n".join(lines), "/werk/")


def _people(customer: Customer) -> list[User]:
    return [part.user for part in customer.members.select_related("user").order_by("pk")]
