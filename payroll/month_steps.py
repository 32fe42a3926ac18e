"""A month of wages as one list of steps: what is done, what comes next, and what blocks it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kernel.periods import month_of
from payroll import pay_run
from payroll.models import Payment, PaymentFile, PayRun


@dataclass(frozen=True)
class Step:
    """One step. `blocks` says what keeps it from being done; empty when it can be done now, or is done."""

    name: str
    done: bool
    blocks: str = ""


def of_run(run: PayRun) -> list[Step]:
    """Return the steps of a month, in order. A step after one that is not done waits for it."""
    found = [_hours(run), _draft(run), _fixed(run), _net(run), *_payment(run)]
    waits = False
    steps = []
    for step in found:
        blocked = _("Wacht op de stap hiervoor.") if waits and not step.done else step.blocks
        steps.append(Step(step.name, step.done, "" if step.done else blocked))
        waits = waits or not step.done
    return steps


def _hours(run: PayRun) -> Step:
    weeks = pay_run.open_weeks(month_of(run.month))
    named = ", ".join(
        _("week %(week)s (%(where)s)") % {"week": week, "where": where} for week, where in weeks[:6]
    )
    return Step(_("Alle uren zijn geaccepteerd"), not weeks, _("Nog open: %(weeks)s.") % {"weeks": named})


def _draft(run: PayRun) -> Step:
    counts = {"done": run.payslips.count(), "all": len(run.worker_ids)}
    busy = _("%(done)s van %(all)s loonstroken zijn klaar.") % counts
    return Step(
        _("De proef is gemaakt"), run.ready_at is not None or run.state != run.State.DRAFT, run.error or busy
    )


def _fixed(run: PayRun) -> Step:
    why = _("Iemand anders dan de maker stelt de lonen vast.")
    return Step(_("De lonen zijn vastgesteld"), run.state != PayRun.State.DRAFT, why)


def _net(run: PayRun) -> Step:
    done = run.state in {PayRun.State.NETTED, PayRun.State.PAID}
    return Step(_("Het loonbureau gaf netto en inhouding"), done, "")


def _payment(run: PayRun) -> list[Step]:
    files = list(run.files.all())
    live = Payment.objects.filter(payslip__run=run).exclude(state=Payment.State.REJECTED)
    unpaid = run.payslips.filter(net_cents__gt=0).exclude(pk__in=live.values("payslip")).count()
    again = _("%(count)s betalingen zijn geweigerd of staan nog in geen bestand.") % {"count": unpaid}
    made = bool(files) and not unpaid
    approved = made and all(file.state != PaymentFile.State.DRAFT for file in files)
    with_bank = approved and all(file.state in {"sent", "answered"} for file in files)
    return [
        Step(_("Alle lonen staan in een betaalbestand"), made, again if files else ""),
        Step(_("Een tweede persoon keurde het bestand goed"), approved, _("Wacht op de penningmeester.")),
        Step(_("De bank heeft het bestand"), with_bank, ""),
        Step(
            _("De bank schreef alle lonen af"),
            run.state == PayRun.State.PAID,
            _("Wacht op het bankafschrift."),
        ),
    ]
