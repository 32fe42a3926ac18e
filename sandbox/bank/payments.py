"""What the bank does with a file of transfers: each is executed or rejected, then booked."""

import hashlib
import time
from dataclasses import dataclass
from datetime import timedelta

from stdnum import iban as iban_check

from . import pain001, pain002
from .books import Books, Detail, Entry, Refusal
from .faults import Faults
from .pain001 import Block, Transfer, TransferFile


@dataclass(frozen=True)
class Verdict:
    """What becomes of one transfer: executed, or rejected with a reason code and a sentence."""

    transfer: Transfer
    code: str = ""
    sentence: str = ""

    @property
    def is_executed(self) -> bool:
        return not self.code


def take(books: Books, body: bytes, faults: Faults, *, overdraft_cents: int) -> TransferFile:
    """Take a file: check it, execute it, book it and write its report, all in the caller's transaction.

    :raises Refusal: the file as a whole is not taken; nothing is booked.
    """
    file = pain001.read(body)
    digest = hashlib.sha256(body).hexdigest()
    _refuse_a_second_time(books, file.msg_id, digest)
    verdicts: list[tuple[Block, list[Verdict]]] = []
    for block in file.blocks:
        books.account(block.debtor_iban)
        judged = [_judge(transfer, faults) for transfer in block.transfers]
        judged = _within_means(books, block, judged, overdraft_cents)
        _book(books, file, block, judged, faults)
        verdicts.append((block, judged))
    books.database.execute(
        "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?)",
        (
            file.msg_id,
            digest,
            time.time(),
            time.time() + faults.report_seconds,
            body,
            pain002.report(file, verdicts),
        ),
    )
    return file


def _refuse_a_second_time(books: Books, msg_id: str, digest: str) -> None:
    row = books.database.execute("SELECT sha256 FROM file WHERE msg_id = ?", (msg_id,)).fetchone()
    if row is None:
        return
    same = "the same file" if row["sha256"] == digest else "another file"
    raise Refusal(f"The message {msg_id} was received before, as {same}.", status=409, code="DU01")


def _judge(transfer: Transfer, faults: Faults) -> Verdict:
    if transfer.currency != "EUR":
        return Verdict(transfer, "AM03", "only euros")
    if transfer.cents is None or transfer.cents <= 0:
        return Verdict(transfer, "AM12", "the amount is not whole cents above zero")
    if not transfer.iban or not iban_check.is_valid(transfer.iban, check_country=False):
        return Verdict(transfer, "AC01", "the account number is not right")
    if code := faults.rejects(transfer):
        return Verdict(transfer, code, "rejected on purpose")
    return Verdict(transfer)


def _within_means(books: Books, block: Block, judged: list[Verdict], overdraft_cents: int) -> list[Verdict]:
    """Reject all of a block that the account cannot pay, as the bank pays a batch whole or not at all."""
    wanted = sum(verdict.transfer.cents or 0 for verdict in judged if verdict.is_executed)
    there = books.balance_before(block.debtor_iban, block.executed_on + timedelta(days=1))
    if wanted <= there + overdraft_cents:
        return judged
    return [Verdict(v.transfer, v.code or "AM04", v.sentence or "insufficient funds") for v in judged]


def _book(books: Books, file: TransferFile, block: Block, judged: list[Verdict], faults: Faults) -> None:
    executed = [verdict.transfer for verdict in judged if verdict.is_executed]
    if not executed:
        return
    groups = [executed] if block.is_batch else [[transfer] for transfer in executed]
    for group in groups:
        booked = books.book(
            Entry(
                iban=block.debtor_iban,
                booked_on=block.executed_on,
                cents=-sum(transfer.cents or 0 for transfer in group),
                kind="batch" if block.is_batch else "transfer",
                details=tuple(_detail(transfer) for transfer in group),
                msg_id=file.msg_id,
                payment_info_id=block.payment_info_id,
            )
        )
        for transfer in group:
            if code := faults.returns(transfer):
                _return(books, booked, transfer, code)


def _return(books: Books, booked: Entry, transfer: Transfer, code: str) -> None:
    """Book money back that the other bank sends back the day after."""
    books.book(
        Entry(
            iban=booked.iban,
            booked_on=booked.booked_on + timedelta(days=1),
            cents=transfer.cents or 0,
            kind="return",
            details=(_detail(transfer, reason=code),),
            msg_id=booked.msg_id,
            payment_info_id=booked.payment_info_id,
        )
    )


def _detail(transfer: Transfer, reason: str = "") -> Detail:
    return Detail(
        cents=transfer.cents or 0,
        name=transfer.name,
        iban=transfer.iban,
        end_to_end_id=transfer.end_to_end_id,
        remittance=transfer.remittance,
        reason=reason,
    )
