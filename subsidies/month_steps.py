"""What comes after the wages of a month: the claim on each town, and its money."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from identity.models import Municipality
from kernel.periods import month_of
from payroll.models import PayRun
from payroll.month_steps import Step
from subsidies import claims
from subsidies.models import Award, Claim


def of_month(month: date) -> list[Step]:
    """Return two steps per town that pays for somebody of the month, in the order of names."""
    wages_fixed = PayRun.objects.filter(month=month).exclude(state=PayRun.State.DRAFT).exists()
    people = PayRun.objects.filter(month=month).values_list("payslips__worker", flat=True)
    held = Award.objects.filter(worker__in=people, from_on__lt=month_of(month).end)
    towns = held.filter(Q(until_on=None) | Q(until_on__gt=month)).values("municipality")
    claimed = Claim.objects.filter(month=month).values("municipality")
    rows = Municipality.objects.filter(pk__in=towns).union(Municipality.objects.filter(pk__in=claimed))
    return [step for town in rows.order_by("name") for step in _of_town(town, month, wages_fixed=wages_fixed)]


def _of_town(town: Municipality, month: date, *, wages_fixed: bool) -> list[Step]:
    made = list(Claim.objects.filter(municipality=town, month=month).exclude(state=Claim.State.DROPPED))
    sent = [claim for claim in made if claim.state != Claim.State.DRAFT]
    asked = bool(made) and len(sent) == len(made)
    open_cents = sum(claims.total_cents(claim) - claims.received_cents(claim) for claim in sent)
    why = _("Wacht op de vastgestelde lonen.") if not wages_fixed else ""
    where = {"town": town.name}
    return [
        Step(_("De subsidie van %(town)s is gevraagd") % where, asked, "" if asked else why),
        Step(
            _("%(town)s betaalde de subsidie") % where, asked and open_cents == 0,
            "" if asked and open_cents == 0 else _("Wacht op de gemeente of het bankafschrift.") if asked else _("Wacht op de stap hiervoor."),
        ),
    ]  # fmt: skip
