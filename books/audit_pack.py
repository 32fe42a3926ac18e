"""What an auditor takes home of a period: journal, lots, hours, payslips, claims, files and their hashes.

Names are pseudonyms. The same books give the same bytes; what was handed over is kept (see `books.kept_packs`).
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from bank.models import Statement
from books.pseudonyms import of_worker
from cheques.models import Lot
from events.sealing import keyed_hash
from kernel.money import euros
from kernel.periods import Period, moments
from ledger import balances
from ledger.models import Transfer
from payroll.models import PaymentFile, PayRun, Payslip
from scheduling.models import Assignment
from subsidies.models import Claim, ClaimLine

SUMS = "sha256.txt"
NO_DAY = (1980, 1, 1, 0, 0, 0)
Table = tuple[Sequence[str], Iterable[Sequence[object]]]


def pack(days: Period[date]) -> bytes:
    """Return the archive of a period of days: a CSV per table, and the sha256 of each."""
    tables = {
        "journal.csv": _journal(days), "trial.csv": _trial(days), "lots.csv": _lots(days), "hours.csv": _hours(days),
        "payslips.csv": _payslips(days), "claims.csv": _claims(days), "files.csv": _files(days),
    }  # fmt: skip
    bodies = {name: _csv(*table) for name, table in tables.items()}
    sums = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in sorted(bodies.items()))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in {**bodies, SUMS: sums.encode()}.items():
            archive.writestr(zipfile.ZipInfo(name, NO_DAY), body)
    return out.getvalue()


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode()


def _party(party: str) -> str:
    """Return whose a transfer is, under a pseudonym."""
    kind, _colon, pk = party.partition(":")
    if kind == "worker":
        return of_worker(int(pk))
    return f"{kind}-{keyed_hash(party)[:8]}" if party else ""


def _journal(days: Period[date]) -> Table:
    rows = Transfer.objects.filter(entry__day__gte=days.start, entry__day__lt=days.end).select_related(
        "entry"
    )
    head = ("entry", "day", "key", "debit", "credit", "euro", "party", "reverses")
    return head, (
        (row.entry_id, row.entry.day, row.entry.key, row.debit, row.credit, euros(row.cents), _party(row.party), row.entry.reverses_id or "")
        for row in rows.order_by("entry__day", "entry", "pk").iterator()
    )  # fmt: skip


def _trial(days: Period[date]) -> Table:
    before, after = balances.trial(until=days.start), balances.trial(until=days.end)
    head = ("account", "at the start", "moved", "at the end")
    return head, (
        (
            account.value,
            euros(before[account]),
            euros(after[account] - before[account]),
            euros(after[account]),
        )
        for account in after
    )


def _lots(days: Period[date]) -> Table:
    inside = moments(days)
    rows = Lot.objects.filter(issued_at__gte=inside.start, issued_at__lt=inside.end).order_by(
        "issued_at", "pk"
    )
    head = ("lot", "issued", "expires", "minutes", "price per hour", "wallet")
    return head, (
        (row.pk, row.issued_at.isoformat(), row.expires_at.isoformat(), row.minutes, euros(row.price_cents), _party(f"wallet:{row.wallet_id}"))
        for row in rows
    )  # fmt: skip


def _hours(days: Period[date]) -> Table:
    inside = moments(days)
    rows = Assignment.objects.filter(visit__start_at__gte=inside.start, visit__start_at__lt=inside.end)
    rows = rows.exclude(accepted_minutes=None).select_related(
        "visit__booking__service", "visit__neighbourhood"
    )
    head = (
        "hour",
        "visit",
        "worker",
        "service",
        "neighbourhood",
        "start",
        "recorded",
        "accepted",
        "confirmed",
    )
    return head, (
        (
            row.ref, row.visit.ref, of_worker(row.worker_id), row.visit.booking.service.code, row.visit.neighbourhood.name,
            row.visit.start_at.isoformat(), row.recorded_minutes, row.accepted_minutes, row.confirmed_minutes,
        )
        for row in rows.order_by("visit__start_at", "pk").iterator()
    )  # fmt: skip


def _payslips(days: Period[date]) -> Table:
    rows = Payslip.objects.filter(run__month__gte=days.start, run__month__lt=days.end)
    rows = rows.exclude(run__state=PayRun.State.DRAFT).select_related("run").order_by("run__month", "pk")
    head = ("payslip", "month", "worker", "gross", "holiday allowance", "premiums", "withheld", "net")
    return head, (
        (
            row.ref, f"{row.run.month:%Y-%m}", of_worker(row.worker_id), euros(row.gross_cents), euros(row.holiday_cents),
            euros(row.premium_cents), _euros(row.withheld_cents), _euros(row.net_cents),
        )
        for row in rows
    )  # fmt: skip


def _euros(cents: int | None) -> object:
    return "" if cents is None else euros(cents)


def _claims(days: Period[date]) -> Table:
    rows = ClaimLine.objects.filter(month__gte=days.start, month__lt=days.end).exclude(
        claim__state=Claim.State.DRAFT
    )
    head = (
        "claim",
        "month",
        "award",
        "worker",
        "from",
        "until (exclusive)",
        "subsidy",
        "compensation",
        "state",
        "rule",
    )
    return head, (
        (
            row.claim.ref, f"{row.month:%Y-%m}", row.award.letter, of_worker(row.award.worker_id), row.from_on, row.until_on,
            euros(row.subsidy_cents), euros(row.compensation_cents), row.state, row.rule,
        )
        for row in rows.select_related("claim", "award").order_by("claim", "pk")
    )  # fmt: skip


def _files(days: Period[date]) -> Table:
    return ("kind", "name", "sha256"), _hashes(days)


def _hashes(days: Period[date]) -> Iterator[Sequence[object]]:
    for statement in Statement.objects.filter(until_on__gte=days.start, until_on__lt=days.end).order_by("pk"):
        yield "bank statement", statement.statement_id, statement.digest
    files = PaymentFile.objects.filter(run__month__gte=days.start, run__month__lt=days.end)
    for file in files.exclude(state=PaymentFile.State.DRAFT).order_by("pk"):
        yield "payment file", file.message_id, file.digest
    for run in (
        PayRun.objects.filter(month__gte=days.start, month__lt=days.end)
        .exclude(export_digest="")
        .order_by("pk")
    ):
        yield "export of wages", run.ref, run.export_digest
    claims = Claim.objects.filter(month__gte=days.start, month__lt=days.end).exclude(state=Claim.State.DRAFT)
    for claim in claims.order_by("pk"):
        yield "claim", claim.ref, claim.digest
