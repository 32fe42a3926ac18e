"""The payroll bureau: gross out, net and withheld back, checked before anything is booked."""

import hashlib
from collections import defaultdict
from datetime import date, datetime, timedelta

import requests
from django.conf import settings
from django.db import transaction
from django.db.models import Q, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from kernel.money import euros
from kernel.periods import month_of
from ledger.models import Account
from ledger.posting import Move, post_each
from payroll import bureau_layouts
from payroll.bureau_format import Gross, Net, WrongAnswer
from payroll.models import PayRun, Payslip, WageLine, WorkerFile
from payroll.terms import last_contract

PATIENCE_SECONDS = 20
AT_A_TIME = 500  # payslips in one statement
__all__ = ["BureauDown", "NotFixed", "WrongAnswer", "export", "send", "take_net"]


class NotFixed(Refused):
    """The wages are not fixed yet, or the bureau answered already."""


class BureauDown(Refused):
    """The bureau did not answer."""


def export(run_id: int) -> bytes:
    """Return the gross export of a run: the same run gives the same bytes."""
    run = PayRun.objects.get(pk=run_id)
    files = {
        row.worker_id: row for row in WorkerFile.objects.filter(worker__in=run.payslips.values("worker"))
    }
    slips = run.payslips.select_related("worker").prefetch_related("worker__contracts")
    by_month = _by_month(run)
    rows = []
    for slip in slips.order_by("worker__ref"):
        file = files[slip.worker_id]
        for month, (cents, minutes) in sorted((by_month.get(slip.worker_id) or {run.month: (0, 0)}).items()):
            contract = last_contract(slip.worker, month_of(month))
            rows.append(Gross(
                run_ref=run.ref, worker_ref=slip.worker.ref, bsn=file.bsn, birth_on=file.birth_on, month=month,
                gross_cents=cents, paid_minutes=minutes, contract_kind=contract.kind if contract else "fixed",
                holiday_cents=slip.holiday_paid_cents if month == run.month else 0,
            ))  # fmt: skip
    return bureau_layouts.current().write(rows)


def _by_month(run: PayRun) -> dict[int, dict[date, tuple[int, int]]]:
    """Return gross and paid minutes by worker and month worked: a correction stands under its own month."""
    hours = ~Q(kind__in=WageLine.ON_TOP)
    found: defaultdict[int, dict[date, tuple[int, int]]] = defaultdict(dict)
    sums = run.lines.order_by("worker", "month").values_list("worker", "month").annotate(
        total=Sum("cents"), paid=Sum("minutes", filter=hours, default=0)
    )  # fmt: skip
    for worker, month, cents, minutes in sums:
        found[worker][month] = (cents, minutes)
    return dict(found)


def send(run_id: int, *, by: User, at: datetime) -> PayRun:
    """Send the gross export to the bureau, and fetch its answer. Sent again, it is the same run there.

    :raises NotFixed: there is nothing to send.
    :raises BureauDown: try again later.
    :raises WrongAnswer: the bureau refused the export, or its answer does not agree with it.
    """
    run = PayRun.objects.get(pk=run_id)
    if run.state not in {PayRun.State.FIXED, PayRun.State.SENT}:
        raise NotFixed(_("De lonen moeten eerst vastgesteld zijn."))
    body = export(run_id)
    bureau_id = _deliver(body)
    _mark_sent(run_id, bureau_id, body, by=by, at=at)
    return take_net(run_id, _fetch(bureau_id), by=by, at=at)


def _deliver(body: bytes) -> str:
    """Give the bureau an export; return its name for the run."""
    try:
        layout = bureau_layouts.current()
        answer = requests.post(
            f"{settings.BUREAU_URL}{layout.runs}", data=body, timeout=PATIENCE_SECONDS,
            headers={"Content-Type": layout.content_type},
        )  # fmt: skip
        if answer.status_code in {requests.codes.unprocessable, requests.codes.conflict}:
            raise WrongAnswer(
                _("Het loonbureau neemt de lonen niet aan: %(why)s")
                % {"why": " ".join(answer.json()["errors"])[:500]}
            )
        answer.raise_for_status()
        return str(answer.json()["id"])[:80]
    except (requests.RequestException, ValueError, KeyError) as error:
        raise BureauDown(_("Het loonbureau antwoordt niet. Probeer het later nog eens.")) from error


def _fetch(bureau_id: str) -> bytes:
    try:
        answer = requests.get(
            f"{settings.BUREAU_URL}{bureau_layouts.current().answer.format(id=bureau_id)}",
            timeout=PATIENCE_SECONDS,
        )
        answer.raise_for_status()
    except requests.RequestException as error:
        raise BureauDown(_("Het loonbureau antwoordt niet. Probeer het later nog eens.")) from error
    return answer.content


@transaction.atomic(durable=True)
def _mark_sent(run_id: int, bureau_id: str, body: bytes, *, by: User, at: datetime) -> None:
    run = PayRun.objects.select_for_update(no_key=True).get(pk=run_id)
    if run.state not in {PayRun.State.FIXED, PayRun.State.SENT}:
        return  # somebody else was a moment faster
    run.state, run.bureau_id, run.export_digest = (
        PayRun.State.SENT, bureau_id, hashlib.sha256(body).hexdigest(),
    )  # fmt: skip
    run.save(update_fields=["state", "bureau_id", "export_digest"])
    record("pay_run.sent", run, by_id=by.pk, at=at)


@transaction.atomic(durable=True)
def take_net(run_id: int, body: bytes, *, by: User, at: datetime) -> PayRun:
    """Take over net and withheld of every worker, or of nobody.

    :raises NotFixed: the run waits for no answer.
    :raises WrongAnswer: somebody is missing, there twice, or unknown, or gross differs from net + withheld.
    """
    run = PayRun.objects.select_for_update(no_key=True).get(pk=run_id)
    if run.state not in {PayRun.State.FIXED, PayRun.State.SENT}:
        raise NotFixed(_("Van deze lonen is het netto al bekend, of ze zijn nog niet vastgesteld."))
    slips = {slip.worker.ref: slip for slip in run.payslips.select_related("worker")}
    rows = _checked(bureau_layouts.current().read(body), run, slips)
    last_day = month_of(run.month).end - timedelta(days=1)
    facts: dict[str, list[Move]] = {}
    for ref, row in sorted(rows.items()):
        slip = slips[ref]
        slip.net_cents, slip.withheld_cents = row.net_cents, row.withheld_cents
        party = f"worker:{slip.worker_id}"
        facts[f"net:{slip.pk}"] = [
            Move(Account.WAGES_DUE, Account.NET_DUE, row.net_cents, party),
            Move(Account.WAGES_DUE, Account.TAX_DUE, row.withheld_cents, party),
        ]
    Payslip.objects.bulk_update(slips.values(), ["net_cents", "withheld_cents"], batch_size=AT_A_TIME)
    post_each(facts, last_day)
    run.state = PayRun.State.NETTED
    run.save(update_fields=["state"])
    record("pay_run.netted", run, by_id=by.pk, at=at, net_cents=sum(row.net_cents for row in rows.values()))
    return run


def _checked(rows: list[Net], run: PayRun, slips: dict[str, Payslip]) -> dict[str, Net]:
    found: dict[str, Net] = {}
    for row in rows:
        where = {"ref": row.worker_ref, "line": row.line}
        if row.run_ref != run.ref or row.worker_ref not in slips:
            raise WrongAnswer(
                _("Het loonbureau noemt iemand die niet in deze maand staat: %(ref)s (regel %(line)s).")
                % where
            )
        if row.worker_ref in found:
            raise WrongAnswer(_("Het loonbureau noemt %(ref)s twee keer (regel %(line)s).") % where)
        sent_cents = slips[row.worker_ref].gross_cents
        if row.gross_cents != sent_cents:
            raise WrongAnswer(
                _(
                    "Het loonbureau veranderde het bruto van %(ref)s: wij stuurden %(sent)s, terug kwam %(back)s (regel %(line)s)."
                )
                % {**where, "sent": _euros(sent_cents), "back": _euros(row.gross_cents)}
            )
        if not row.adds_up:
            raise WrongAnswer(
                _("Van %(ref)s kloppen bruto, netto en inhouding niet (regel %(line)s).") % where
            )
        found[row.worker_ref] = row
    missing = sorted(set(slips) - set(found))
    if missing:
        raise WrongAnswer(_("Het loonbureau vergat: %(refs)s.") % {"refs": ", ".join(missing[:5])})
    return found


def _euros(cents: int) -> str:
    return "€ " + number_format(euros(cents), 2, force_grouping=True)
