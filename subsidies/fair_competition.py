"""Write down what shows that cheque work takes nobody's work or market."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Customer, User
from kernel.errors import Refused
from kernel.money import euros
from kernel.periods import add_months
from lawbook.running_costs import DE_MINIMIS_CENTS
from marketplace.models import Service
from subsidies.fair_models import AidRow, DisplacementCheck, MarketSample, RefusedWork

YEARS = 3  # aid counts for three years, from day to day
CHECK_HOLDS_MONTHS = 12


class NotYet(Refused):
    """What did not happen yet is not written down."""


class WordsMissing(Refused):
    """Without a reason in words nobody can judge it later."""


class TooMuchAid(Refused):
    """With this the undertaking gets more than may be given without asking the European Commission."""


class AlreadyWritten(Refused):
    """It is there already."""


@dataclass(frozen=True)
class Answers:
    """What a firm says about its own people; each yes is a reason not to begin."""

    dismissals: bool
    same_work: bool
    vacancies: bool
    council: str
    words: str = ""


@transaction.atomic(durable=True)
def note_price(
    service: Service, *, kind: str, cents: int, on: date, source: str, by: User, at: datetime
) -> MarketSample:
    """Write down what somebody else asks for an hour.

    :raises NotYet: the day is to come.
    """
    _past(on, at)
    made = MarketSample.objects.create(
        service=service, kind=kind, cents=cents, sampled_on=on, source=source.strip(), entered_by=by
    )  # fmt: skip
    record("price.sampled", made, by_id=by.pk, at=at, cents=cents)
    return made


@transaction.atomic(durable=True)
def refuse_work(
    asked_by: str, *, service: Service | None, why: str, words: str, on: date, by: User, at: datetime
) -> RefusedWork:
    """Write down work that was not taken on, and why.

    :raises NotYet: the day is to come.
    :raises WordsMissing: a kind of reason alone says too little.
    """
    _past(on, at)
    if len(words.strip()) < 10:
        raise WordsMissing(_("Schrijf in een zin waarom dit werk niet kan."))
    made = RefusedWork.objects.create(
        asked_by=asked_by.strip(), service=service, why=why, words=words.strip(), refused_on=on, entered_by=by
    )  # fmt: skip
    record("work.refused", made, by_id=by.pk, at=at, why=why)
    return made


@transaction.atomic(durable=True)
def check(customer: Customer, answers: Answers, *, on: date, by: User, at: datetime) -> DisplacementCheck:
    """Write down what a firm answered on the checklist.

    :raises NotYet: the day is to come.
    :raises WordsMissing: the firm gave a reason for concern, and nobody wrote what was agreed about it.
    :raises AlreadyWritten: the firm was asked that day.
    """
    _past(on, at)
    worries = answers.dismissals or answers.same_work or answers.vacancies or answers.council == "objects"
    if worries and len(answers.words.strip()) < 10:
        raise WordsMissing(_("Een antwoord is een zorg. Schrijf in een zin wat er is afgesproken."))
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if DisplacementCheck.objects.filter(customer=customer, checked_on=on).exists():
        raise AlreadyWritten(_("Voor dit bedrijf is de lijst die dag al ingevuld."))
    made = DisplacementCheck.objects.create(
        customer=customer, dismissals=answers.dismissals, same_work=answers.same_work, vacancies=answers.vacancies,
        council=answers.council, words=answers.words.strip(), checked_on=on, checked_by=by,
    )  # fmt: skip
    record("displacement.checked", made, by_id=by.pk, at=at, worries=worries)
    return made


@transaction.atomic(durable=True)
def note_aid(
    customer: Customer | None, *, giver: str, cents: int, on: date, letter: str, by: User, at: datetime
) -> AidRow:
    """Write down aid that an undertaking got; None is the organisation itself.

    :raises NotYet: the day is to come.
    :raises TooMuchAid: with what the three years before brought it is over the ceiling of the lawbook.
    :raises AlreadyWritten: this letter is there.
    """
    _past(on, at)
    if customer is not None:
        Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    rows = AidRow.objects.filter(customer=customer)
    if rows.filter(giver=giver.strip(), letter=letter.strip()).exists():
        raise AlreadyWritten(_("Deze brief staat er al in."))
    # aid that is written down late also counts in the three years that end with each later gift
    ends = [
        on,
        *rows.filter(granted_on__gt=on, granted_on__lt=add_months(on, 12 * YEARS)).values_list(
            "granted_on", flat=True
        ),
    ]
    left = min(_ceiling(day) - received_cents(customer, day) for day in ends)
    if cents > left:
        raise TooMuchAid(
            _("Dit is te veel. In drie jaar mag er nog %(left)s euro bij.")
            % {"left": number_format(euros(max(0, left)), 2, force_grouping=True)}
        )
    made = AidRow.objects.create(
        customer=customer, giver=giver.strip(), cents=cents, granted_on=on, letter=letter.strip(), entered_by=by
    )  # fmt: skip
    record("aid.noted", made, by_id=by.pk, at=at, cents=cents)
    return made


def received_cents(customer: Customer | None, on: date) -> int:
    """Return the aid of the three years that end on a day, that day with it."""
    since = add_months(on, -12 * YEARS)
    rows = AidRow.objects.filter(customer=customer, granted_on__gt=since, granted_on__lte=on)
    return int(rows.aggregate(total=Sum("cents"))["total"] or 0)


def _ceiling(day: date) -> int:
    """Return the ceiling of a day; older aid, that still counts today, is held against the first one known."""
    return DE_MINIMIS_CENTS.on(max(day, DE_MINIMIS_CENTS.rows[0].day))


def _past(on: date, at: datetime) -> None:
    if on > timezone.localdate(at):
        raise NotYet(_("Deze dag moet nog komen."))
