"""The payroll bureau: gross out, net and withheld back, checked before anything is booked."""

import csv
import hashlib
import io
from datetime import datetime, timedelta

import requests
from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from kernel.periods import month_of
from ledger.models import Account
from ledger.posting import Move, post
from payroll.models import PayRun, Payslip, WorkerFile
from workers_pool.contracts import contract_on

VERSION = "# gross-export/1"
COLUMNS = (
    "run_ref", "worker_ref", "bsn", "birth_date", "period", "gross_cents", "holiday_allowance_cents",
    "paid_minutes", "contract_kind",
)  # fmt: skip
PATIENCE_SECONDS = 20


class NotFixed(Refused):
    """The wages are not fixed yet, or the bureau answered already."""


class BureauDown(Refused):
    """The bureau did not answer."""


class WrongAnswer(Refused):
    """The bureau's answer does not agree with what it was asked."""


def export(run_id: int) -> bytes:
    """Return the gross export of a run: the same run gives the same bytes."""
    run = PayRun.objects.get(pk=run_id)
    files = {
        row.worker_id: row for row in WorkerFile.objects.filter(worker__in=run.payslips.values("worker"))
    }
    minutes = dict(run.lines.values_list("worker").annotate(total=Sum("minutes")))
    out = io.StringIO()
    out.write(VERSION + "\n")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    for slip in run.payslips.select_related("worker").order_by("worker__ref"):
        file = files[slip.worker_id]
        contract = contract_on(slip.worker, month_of(run.month).end - timedelta(days=1))
        writer.writerow([
            run.ref, slip.worker.ref, file.bsn, file.birth_on.isoformat(), f"{run.month:%Y-%m}", slip.gross_cents, 0,
            minutes.get(slip.worker_id, 0), contract.kind if contract else "fixed",
        ])  # fmt: skip
    return out.getvalue().encode()


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
    try:
        answer = requests.post(f"{settings.BUREAU_URL}/runs", data=body, timeout=PATIENCE_SECONDS)
        if answer.status_code == requests.codes.unprocessable:
            raise WrongAnswer(" ".join(answer.json()["errors"])[:500])
        answer.raise_for_status()
        net = requests.get(
            f"{settings.BUREAU_URL}/runs/{answer.json()['id']}/net.csv", timeout=PATIENCE_SECONDS
        )
        net.raise_for_status()
    except requests.RequestException as error:
        raise BureauDown(_("Het loonbureau antwoordt niet. Probeer het later nog eens.")) from error
    with transaction.atomic(durable=True):
        run = PayRun.objects.select_for_update(no_key=True).get(pk=run_id)
        run.state, run.bureau_id = PayRun.State.SENT, str(answer.json()["id"])[:80]
        run.export_digest = hashlib.sha256(body).hexdigest()
        run.save(update_fields=["state", "bureau_id", "export_digest"])
        record("pay_run.sent", run, by_id=by.pk, at=at)
    return take_net(run_id, net.content, by=by, at=at)


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
    rows = _checked(_rows(body), run, slips)
    last_day = month_of(run.month).end - timedelta(days=1)
    for ref, (net, withheld) in sorted(rows.items()):
        slip = slips[ref]
        slip.net_cents, slip.withheld_cents = net, withheld
        slip.save(update_fields=["net_cents", "withheld_cents"])
        party = f"worker:{slip.worker_id}"
        post(
            f"net:{slip.pk}", last_day,
            Move(Account.WAGES_DUE, Account.NET_DUE, net, party),
            Move(Account.WAGES_DUE, Account.TAX_DUE, withheld, party),
        )  # fmt: skip
    run.state = PayRun.State.NETTED
    run.save(update_fields=["state"])
    record("pay_run.netted", run, by_id=by.pk, at=at, net_cents=sum(net for net, _tax in rows.values()))
    return run


def _rows(body: bytes) -> list[dict[str, str]]:
    text = "\n".join(line for line in body.decode("utf-8-sig").splitlines() if not line.startswith("#"))
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def _checked(
    rows: list[dict[str, str]], run: PayRun, slips: dict[str, Payslip]
) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        ref = row["worker_ref"]
        if row["run_ref"] != run.ref or ref not in slips:
            raise WrongAnswer(
                _("Het loonbureau noemt iemand die niet in deze maand staat: %(ref)s.") % {"ref": ref}
            )
        if ref in found:
            raise WrongAnswer(_("Het loonbureau noemt %(ref)s twee keer.") % {"ref": ref})
        net, gross = int(row["net_cents"]), int(row["gross_cents"])
        withheld = int(row["withheld_tax_cents"]) + int(row["employee_premium_cents"])
        if gross != slips[ref].gross_cents or net + withheld != gross or min(net, withheld) < 0:
            raise WrongAnswer(_("Van %(ref)s kloppen bruto, netto en inhouding niet.") % {"ref": ref})
        found[ref] = (net, withheld)
    missing = sorted(set(slips) - set(found))
    if missing:
        raise WrongAnswer(_("Het loonbureau vergat: %(refs)s.") % {"refs": ", ".join(missing[:5])})
    return found
