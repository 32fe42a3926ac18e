"""Payment files that banks take, and what banks answer."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from lxml import etree

from payroll import pain001, pain002
from payroll.pain001 import Payer, Transfer

AT, PAYDAY = datetime(2026, 11, 24, 23, 30, tzinfo=UTC), date(2026, 11, 25)
IBAN = "NL91ABNA0417164300"
NAMES = {"p": pain001.NAMESPACE}
FOLDER = Path(__file__).parents[2].parent / "shared" / "real-files" / "pain"
there = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/real-files is not here")


def written(*transfers: Transfer, bic: str = "", message_id: str = "WAGE202611-1-ABC") -> bytes:
    payer = Payer("Stichting Werk & Wijk", IBAN, bic)
    return pain001.write(payer, transfers, message_id=message_id, pays_on=PAYDAY, at=AT)


def salary(cents: int = 1_204_10, *, name: str = "Samira B.", number: int = 1) -> Transfer:
    return Transfer(f"W202611-X-{number}", name, IBAN, cents, "Loon 11-2026")


def told(body: bytes, path: str) -> list[str]:
    return [str(found.text) for found in etree.fromstring(body).iterfind(f".//{path}", NAMES)]


class TestWrite:
    def test_t33_counts_and_sums_what_it_pays(self):
        body = written(salary(1_204_10, number=1), salary(987_65, number=2), salary(1_010_25, number=3))

        assert told(body, "p:GrpHdr/p:NbOfTxs") == ["3"]
        assert told(body, "p:GrpHdr/p:CtrlSum") == ["3202.00"]
        assert told(body, "p:InstdAmt") == ["1204.10", "987.65", "1010.25"]

    def test_says_that_it_is_salary_and_of_which_day(self):
        body = written(salary())
        assert told(body, "p:CtgyPurp/p:Cd") == ["SALA"]
        assert told(body, "p:SvcLvl/p:Cd") == ["SEPA"]
        assert told(body, "p:ReqdExctnDt/p:Dt") == ["2026-11-25"]
        assert told(body, "p:CreDtTm") == [
            "2026-11-25T00:30:00"
        ]  # the clock of Amsterdam, not of the machine

    def test_names_iban_and_name_and_no_address(self):
        body = written(salary())
        assert told(body, "p:CdtrAcct/p:Id/p:IBAN") == [IBAN]
        assert told(body, "p:PstlAdr") == []

    def test_gives_the_same_bytes_again(self):
        assert written(salary()) == written(salary())

    @pytest.mark.parametrize(
        ("bic", "path"), [("ABNANL2A", "p:DbtrAgt//p:BICFI"), ("", "p:DbtrAgt//p:Othr/p:Id")]
    )
    def test_invents_no_bank(self, bic, path):
        assert told(written(salary(), bic=bic), path) == [bic or "NOTPROVIDED"]

    @pytest.mark.parametrize(("name", "latin"), [
        ("Aşkın Yılmaz-Žižek", "Askin Yilmaz-Zizek"), ("Søren Ångström & Zn.", "Soren Angstrom Zn."), ("Łukasz Groß", "Lukasz Gross"),
        ("  José\tde la  Peña ", "Jose de la Pena"), ("李", "?"), ("N" * 90, "N" * 70),
    ])  # fmt: skip
    def test_writes_names_in_the_signs_of_sepa(self, name, latin):
        assert told(written(salary(name=name)), "p:Cdtr/p:Nm") == [latin]

    def test_never_leaves_a_file_that_its_schema_refuses(self):
        with pytest.raises(ValueError, match="IBAN"):
            written(Transfer("W1", "A", "12", 1, "Loon"))

    @there
    def test_the_schema_passes_a_file_of_others(self):
        pain001.check((FOLDER / "credit-transfer.pain001.09.xml").read_bytes())

    @there
    def test_the_schema_refuses_another_version(self):
        with pytest.raises(ValueError, match="not a pain"):
            pain001.check((FOLDER / "multiple-payment-blocks.pain001.03.xml").read_bytes())


def report(group: str = "", blocks: str = "") -> bytes:
    status = f"<GrpSts>{group}</GrpSts>" if group else ""
    return f"""<D><R><OrgnlGrpInfAndSts><OrgnlMsgId>M1</OrgnlMsgId>{status}</OrgnlGrpInfAndSts>{blocks}</R></D>""".encode()


def block(status: str = "", *payments: tuple[str, str]) -> str:
    own = f"<PmtInfSts>{status}</PmtInfSts>" if status else ""
    rows = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{name}</OrgnlEndToEndId><TxSts>{told_status}</TxSts></TxInfAndSts>"
        for name, told_status in payments
    )
    return f"<OrgnlPmtInfAndSts>{own}{rows}</OrgnlPmtInfAndSts>"


class TestRead:
    @pytest.mark.parametrize(("body", "said"), [
        (report("ACCP"), "accepted"), (report("ACTC"), "accepted"), (report("RJCT"), "rejected"), (report("PDNG"), "unknown"),
        (report(), "unknown"), (report("PART", block("PART", ("B", "RJCT"))), "accepted"),
        (report("ACTC", block("RJCT")), "rejected"), (report("", block("", ("B", "RJCT"))), "unknown"),
        (report("PART", block("ACSC") + block("RJCT")), "accepted"), (report("ACCP", block("ACCP", ("A", "RJCT"))), "rejected"),
    ])  # fmt: skip
    def test_believes_the_status_nearest_to_the_payment(self, body, said):
        assert pain002.read(body).of("A")[0] == said

    @pytest.mark.parametrize(("body", "says"), [
        (b"", "leeg"), (b"<a>", "Regel 1"), (b"<Document><a/></Document>", "Regel 1.*bij welk betaalbestand"),
    ])  # fmt: skip
    def test_names_the_line_it_cannot_read(self, body, says):
        with pytest.raises(pain002.NotAReport, match=says):
            pain002.read(body)


@there
class TestRealAnswers:
    """Answers of real banks."""

    def read(self, name: str) -> pain002.Report:
        return pain002.read((FOLDER / name).read_bytes())

    def test_a_group_that_was_accepted_may_hold_only_refusals(self):
        report = self.read("group-ACTC-but-payment-RJCT.pain002.03.xml")
        assert report.message_id == "missing2"
        assert {report.of(name)[0] for name in [*report.payments, "not named"]} == {"rejected"}
        assert report.of("example012345678")[1].startswith("NARR: Instruction ID")

    def test_a_refusal_without_group_status_says_nothing_of_others(self):
        report = self.read("rejected-one-tx-AC01.pain002.10.xml")
        assert report.of("OriginatorID1234") == ("rejected", "AC01")
        assert report.of("another") == ("unknown", "")

    def test_a_namespace_of_switzerland_is_no_hindrance(self):
        assert self.read("accepted-technically.pain002.03.xml").of("any") == ("accepted", "")

    @pytest.mark.parametrize("name", [
        "credit-transfer.pain001.09.xml", "direct-debit.pain008.08.xml", "multiple-payment-blocks.pain001.03.xml",
    ])  # fmt: skip
    def test_other_messages_are_refused_with_a_line(self, name):
        with pytest.raises(pain002.NotAReport, match=r"Regel \d+"):
            self.read(name)
