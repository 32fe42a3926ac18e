"""The bank: a file made with sepaxml goes in, a report and statements that tie come out."""

import signal
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import requests
from lxml import etree
from sepaxml import SepaTransfer
from stdnum.iban import calc_check_digits

from tests.sandbox.conftest import bought, client_of
from tests.standins import Running, eventually

SHARED = Path(__file__).parents[3] / "shared" / "real-files"
CAMT = {"c": "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"}
PAIN = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"}
DAY = "2026-12-24"


def iban(number: int) -> str:
    """Return a valid IBAN at a bank that does not exist."""
    bban = f"OEFN{number:010d}"
    return f"NL{calc_check_digits(f'NL00{bban}')}{bban}"


ORGANISATION, TAX_OFFICE = iban(1), iban(2)


def transfers(count: int = 3, *, batch: bool = True, day: str = DAY, **more: Any) -> bytes:
    """Return a pain.001.001.09 with some wages."""
    config = {"name": "Buurt & Co", "IBAN": ORGANISATION, "batch": batch, "currency": "EUR"}
    file = SepaTransfer(config, schema="pain.001.001.09", clean=True)
    for n in range(count):
        file.add_payment(
            {
                "name": f"Werker {n}",
                "IBAN": iban(100 + n),
                "amount": 1000_00 + n,
                "execution_date": date.fromisoformat(day),
                "description": f"Loon november {n}",
                "endtoend_id": f"LOON-{n}",
                **more,
            }
        )
    exported: bytes = file.export(validate=True)
    return exported


@pytest.fixture
def bank(starts: Callable[..., Running]) -> Running:
    return starts("bank", "--account", f"{ORGANISATION};Buurt & Co;500000", "--overdraft-cents", "100000000")


def send(bank: Running, file: bytes) -> requests.Response:
    return requests.post(f"{bank.url}/ebics/pain001", data=file, timeout=10)


def report_on(bank: Running, file: bytes) -> etree._Element:
    answer = send(bank, file)
    assert answer.status_code == 202, answer.text
    return etree.fromstring(_got(bank, "pain002", msg_id=answer.json()["msg_id"]))


def _got(bank: Running, what: str, **query: str) -> bytes:
    answer = requests.get(f"{bank.url}/ebics/{what}", params=query, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.content


def statement(bank: Running, **query: str) -> etree._Element:
    root = etree.fromstring(_got(bank, "camt053", iban=ORGANISATION, **query))
    _check_by_the_schema(root)
    _check_that_balances_tie(root)
    return root


def _check_by_the_schema(root: etree._Element) -> None:
    schema = SHARED / "xsd" / "camt.053.001.08.xsd"
    if SHARED.exists():
        etree.XMLSchema(etree.parse(schema)).assertValid(root)


def signed(node: etree._Element) -> int:
    text = node.findtext("c:Amt", namespaces=CAMT)
    assert text
    cents = int(text.replace(".", ""))
    return cents if node.findtext("c:CdtDbtInd", namespaces=CAMT) == "CRDT" else -cents


def _check_that_balances_tie(root: etree._Element) -> None:
    before = None
    for one in root.iterfind(".//c:Stmt", CAMT):
        balances = {
            balance.findtext("c:Tp/c:CdOrPrtry/c:Cd", namespaces=CAMT): signed(balance)
            for balance in one.iterfind("c:Bal", CAMT)
        }
        entries = [signed(entry) for entry in one.iterfind("c:Ntry", CAMT)]
        assert balances["CLBD"] == balances["OPBD"] + sum(entries)
        assert before is None or before == balances["OPBD"]
        before = balances["CLBD"]
        for entry in one.iterfind("c:Ntry", CAMT):
            assert abs(signed(entry)) == sum(
                abs(signed(item)) for item in entry.iterfind(".//c:TxDtls", CAMT)
            )


class TestTransfers:
    def test_are_executed_reported_and_booked_as_one_batch(self, bank: Running):
        # Given a file of three wages
        file = transfers(3)

        # When it is sent
        report = report_on(bank, file)

        # Then each is reported as executed, by its own name
        assert report.findtext(".//p:GrpSts", namespaces=PAIN) == "ACCP"
        sent = etree.fromstring(file)
        assert report.findtext(".//p:OrgnlMsgId", namespaces=PAIN) == sent.findtext(".//{*}MsgId")
        statuses = {
            item.findtext("p:OrgnlEndToEndId", namespaces=PAIN): item.findtext("p:TxSts", namespaces=PAIN)
            for item in report.iterfind(".//p:TxInfAndSts", PAIN)
        }
        assert statuses == {"LOON-0": "ACSC", "LOON-1": "ACSC", "LOON-2": "ACSC"}

        # And the statement of that day has one entry with three details
        booked = statement(bank, date=DAY)
        (entry,) = booked.iterfind(".//c:Ntry", CAMT)
        assert signed(entry) == -3000_03
        assert entry.findtext(".//c:Btch/c:NbOfTxs", namespaces=CAMT) == "3"
        assert [e.text for e in entry.iterfind(".//c:EndToEndId", CAMT)] == ["LOON-0", "LOON-1", "LOON-2"]
        assert entry.findtext(".//c:Cdtr/c:Pty/c:Nm", namespaces=CAMT) == "Werker 0"
        assert entry.findtext(".//c:CdtrAcct/c:Id/c:IBAN", namespaces=CAMT) == iban(100)
        assert entry.findtext(".//c:Ustrd", namespaces=CAMT) == "Loon november 0"

    def test_are_booked_one_by_one_when_no_batch_is_asked(self, bank: Running):
        report_on(bank, transfers(2, batch=False))

        entries = statement(bank, date=DAY).findall(".//c:Ntry", CAMT)

        assert [signed(entry) for entry in entries] == [-1000_00, -1000_01]
        assert len({entry.findtext("c:AcctSvcrRef", namespaces=CAMT) for entry in entries}) == 2

    def test_are_rejected_one_by_one_and_not_booked(self, bank: Running):
        bank.post("/_sandbox/faults", reject={"end_to_end_ids": ["LOON-0"], "ibans": [iban(102)]})

        report = report_on(bank, transfers(3))

        assert report.findtext(".//p:GrpSts", namespaces=PAIN) == "PART"
        assert [e.text for e in report.iterfind(".//p:StsRsnInf/p:Rsn/p:Cd", PAIN)] == ["AC01", "AC01"]
        (entry,) = statement(bank, date=DAY).iterfind(".//c:Ntry", CAMT)
        assert signed(entry) == -1000_01

    def test_come_back_the_day_after_when_the_other_bank_returns_them(self, bank: Running):
        bank.post("/_sandbox/faults", **{"return": {"end_to_end_ids": ["LOON-1"], "code": "AC04"}})

        report = report_on(bank, transfers(2))

        assert report.findtext(".//p:GrpSts", namespaces=PAIN) == "ACCP"
        both = statement(bank, **{"from": DAY, "to": "2026-12-31"})
        assert [signed(entry) for entry in both.iterfind(".//c:Ntry", CAMT)] == [-2000_01, 1000_01]
        assert both.findtext(".//c:RtrInf/c:Rsn/c:Cd", namespaces=CAMT) == "AC04"
        assert both.findtext(".//c:RvslInd", namespaces=CAMT) == "true"

    def test_are_rejected_when_the_money_is_not_there(self, starts: Callable[..., Running]):
        poor = starts("bank", "--account", f"{ORGANISATION};Buurt & Co;100", "--overdraft-cents", "0")

        report = report_on(poor, transfers(2))

        assert report.findtext(".//p:GrpSts", namespaces=PAIN) == "RJCT"
        assert {e.text for e in report.iterfind(".//p:Rsn/p:Cd", PAIN)} == {"AM04"}
        assert poor.get("/_sandbox/transactions")["transactions"] == []

    def test_report_waits_when_told_to(self, bank: Running):
        bank.post("/_sandbox/faults", report_seconds=0.6)
        msg_id = send(bank, transfers(1)).json()["msg_id"]
        where = f"{bank.url}/ebics/pain002"

        assert requests.get(where, params={"msg_id": msg_id}, timeout=10).status_code == 204
        eventually(lambda: requests.get(where, params={"msg_id": msg_id}, timeout=10).status_code == 200)


class TestRefusedFile:
    def test_sent_twice(self, bank: Running):
        file = transfers(1)
        assert send(bank, file).status_code == 202

        again = send(bank, file)

        assert (again.status_code, again.json()["code"]) == (409, "DU01")
        assert len(bank.get("/_sandbox/transactions")["transactions"]) == 1

    @pytest.mark.parametrize(
        ("old", "new", "status", "code"),
        [
            (b"<NbOfTxs>3</NbOfTxs>", b"<NbOfTxs>2</NbOfTxs>", 422, "AM18"),
            (b"<CtrlSum>3000.03</CtrlSum>", b"<CtrlSum>3000.04</CtrlSum>", 422, "AM10"),
            (b"<PmtMtd>TRF</PmtMtd>", b"<PmtMtd>XYZ</PmtMtd>", 400, "FF01"),
            (b"</Document>", b"", 400, "FF01"),
            (b"pain.001.001.09", b"pain.001.001.03", 400, "FF01"),
        ],
    )
    def test_that_is_not_right(self, bank: Running, old: bytes, new: bytes, status: int, code: str):
        file = transfers(3)
        assert old in file

        refused = send(bank, file.replace(old, new))

        assert (refused.status_code, refused.json()["code"]) == (status, code)
        assert bank.get("/_sandbox/transactions")["transactions"] == []

    def test_with_an_address_that_has_no_structure(self, bank: Running):
        unstructured: dict[str, Any] = {"address": {"country": "NL", "lines": ["Straat 1", "4811 AA Breda"]}}
        structured: dict[str, Any] = {"address": {"street_name": "Straat", "town": "Breda", "country": "NL"}}

        refused = send(bank, transfers(1, **unstructured))

        assert (refused.status_code, refused.json()["code"]) == (422, "CH21")
        assert "LOON-0" in refused.json()["error"]
        assert send(bank, transfers(1, **structured)).status_code == 202

    def test_from_an_account_that_is_not_held_here(self, starts: Callable[..., Running]):
        other = starts("bank", "--account", f"{iban(9)};Iemand;0")
        assert send(other, transfers(1)).json()["code"] == "AC02"

    def test_with_entities_of_its_own(self, bank: Running):
        bomb = b'<!DOCTYPE x [<!ENTITY a "b">]>' + transfers(1).split(b"?>", 1)[1]
        assert send(bank, bomb).status_code == 400


class TestStatement:
    def test_ties_day_after_day(self, bank: Running):
        # Given money in and out on three days
        credit = {
            "date": "2026-12-01",
            "amount_cents": 1500_00,
            "name": "Gemeente",
            "end_to_end_id": "LKS-11",
        }
        bank.post("/_sandbox/credit", counterparty_iban=iban(50), remittance="LKS november", **credit)
        bank.post(
            "/_sandbox/debit",
            date="2026-12-03",
            amount_cents=7000_00,
            name="Belastingdienst",
            counterparty_iban=TAX_OFFICE,
            remittance="Loonheffing november",
        )
        report_on(bank, transfers(2, day="2026-12-04"))

        # When the statements of the month are asked for
        month = statement(bank, **{"from": "2026-12-01", "to": "2026-12-31"})

        # Then there is one for each day with entries, below zero too, and references are unique
        assert [s.text for s in month.iterfind(".//c:Stmt/c:Id", CAMT)] == [
            f"{ORGANISATION}-202612{day}" for day in ("01", "03", "04")
        ]
        assert month.findtext(".//c:Dbtr/c:Pty/c:Nm", namespaces=CAMT) == "Gemeente"
        assert month.findtext(".//c:EndToEndId", namespaces=CAMT) == "LKS-11"
        references = [node.text for node in month.iterfind(".//c:Ntry/c:AcctSvcrRef", CAMT)]
        assert len(references) == len(set(references)) == 3
        shown = bank.get("/_sandbox/transactions")
        assert shown["closing_cents"] == 5000_00 + 1500_00 - 7000_00 - 2000_01

    def test_gives_the_same_bytes_again_and_books_later_money_on_the_next_day(self, bank: Running):
        bank.post("/_sandbox/credit", date=DAY, amount_cents=100)
        first = _got(bank, "camt053", iban=ORGANISATION, date=DAY)

        late = bank.post("/_sandbox/credit", date=DAY, amount_cents=200)

        assert (late["booked_on"], late["value_on"]) == ("2026-12-25", DAY)
        assert _got(bank, "camt053", iban=ORGANISATION, date=DAY) == first

    def test_can_be_looked_at_without_closing_the_day(self, bank: Running):
        bank.post("/_sandbox/credit", date=DAY, amount_cents=100)
        statement(bank, date=DAY, preview="1")
        assert bank.post("/_sandbox/credit", date=DAY, amount_cents=200)["booked_on"] == DAY

    def test_of_a_day_without_entries_ties_too(self, bank: Running):
        assert statement(bank, date="2026-01-02").findall(".//c:Ntry", CAMT) == []


class TestIncoming:
    def test_is_booked_once_for_one_reference(self, bank: Running):
        told = {"date": DAY, "amount_cents": 12_34, "reference": "po_1"}
        first, again = bank.post("/_sandbox/credit", **told), bank.post("/_sandbox/credit", **told)

        assert first["account_servicer_reference"] == again["account_servicer_reference"]
        other = requests.post(f"{bank.url}/_sandbox/credit", json={**told, "amount_cents": 1}, timeout=10)
        assert other.status_code == 409

    @pytest.mark.parametrize(
        "wrong",
        [{"amount_cents": 0}, {"amount_cents": 1.5}, {"date": "31-12-2026"}, {"counterparty_iban": "NL00"}],
    )
    def test_is_refused_when_a_figure_is_wrong(self, bank: Running, wrong: dict[str, object]):
        told = {"date": DAY, "amount_cents": 100, **wrong}
        assert requests.post(f"{bank.url}/_sandbox/credit", json=told, timeout=10).status_code == 400

    def test_comes_from_a_stripe_payout_to_the_cent(self, bank: Running, starts: Callable[..., Running]):
        # Given a Stripe that knows this bank, and two payments
        server = starts("stripe_server", "--bank-url", bank.url, "--bank-iban", ORGANISATION)
        client: Any = client_of(server)
        bought(client, "ideal")
        bought(client, "card")

        # When it pays out
        payout = server.post("/_sandbox/payout", everything=True, date=DAY)

        # Then the bank has it already, under the name of the payout
        (entry,) = statement(bank, date=DAY).iterfind(".//c:Ntry", CAMT)
        assert signed(entry) == payout["amount"] == 2 * 20_00 - 29 - 55
        assert entry.findtext(".//c:EndToEndId", namespaces=CAMT) == payout["id"]
        assert entry.findtext(".//c:Ustrd", namespaces=CAMT) == f"STRIPE {payout['id']}"

    def test_of_a_payout_arrives_when_the_bank_was_down(self, bank: Running, starts: Callable[..., Running]):
        server = starts("stripe_server", "--bank-url", bank.url)
        bought(client_of(server))
        bank.stop(signal.SIGKILL)
        payout = server.post("/_sandbox/payout", everything=True, date=DAY)
        bank.start()

        booked = eventually(lambda: bank.get("/_sandbox/transactions")["transactions"])

        assert [line["reference"] for line in booked] == [payout["id"]]


class TestKill:
    def test_loses_nothing_that_was_answered(self, bank: Running):
        answer = send(bank, transfers(3))
        before = bank.get("/_sandbox/transactions")
        bank.stop(signal.SIGKILL)

        bank.start()

        assert bank.get("/_sandbox/transactions") == before
        assert _got(bank, "pain002", msg_id=answer.json()["msg_id"])


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent: no schema of real files")
class TestRealFiles:
    def test_the_report_is_built_like_the_schema_says(self, bank: Running):
        """Only the schema of version .14 is at hand; what this bank writes is the same in both."""
        bank.post("/_sandbox/faults", reject={"end_to_end_ids": ["LOON-0"]})
        report = etree.tostring(report_on(bank, transfers(2)))
        newer = etree.fromstring(report.replace(b"pain.002.001.10", b"pain.002.001.14"))

        etree.XMLSchema(etree.parse(SHARED / "xsd" / "pain.002.001.14.xsd")).assertValid(newer)

    def test_a_real_file_from_elsewhere_is_read(self, starts: Callable[..., Running]):
        file = (SHARED / "pain" / "credit-transfer.pain001.09.xml").read_bytes()
        debtor = etree.fromstring(file).findtext(".//{*}DbtrAcct/{*}Id/{*}IBAN")
        bank = starts("bank", "--account", f"{debtor};Schuldner;0")

        report = report_on(bank, file)

        assert report.findtext(".//p:OrgnlEndToEndId", namespaces=PAIN) == "XYZ-1234/123"
