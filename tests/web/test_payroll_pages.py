"""Payroll files and what is taken back, on their pages: masked, held for a second person, refused line by line."""

from datetime import date

import pytest
from django.urls import reverse

from events.models import Event
from payroll import pay_run, sepa
from payroll.models import AccountAsked, Payment, PaymentFile, WorkerFile
from subsidies import claims
from subsidies.models import Claim, ClaimLine
from tests import build, build_pay, build_work
from tests.subsidies.claimed import APRIL, AT, paid, sent

pytestmark = pytest.mark.django_db
HERE = "/kantoor/loondossiers/"
TYPED = {
    "birth_on": "1985-05-05", "bsn": build_pay.bsn(7), "iban": "NL91 ABNA 0417 1643 00", "account_name": "S. Bakker",
}  # fmt: skip


@pytest.fixture
def officer(visitor):
    build.organisation(iban=build_pay.ORGANISATION)
    return visitor(build.member("payroll"), at=AT)


@pytest.fixture
def worker():
    return build_work.worker()


class TestWorkerFile:
    def test_keeps_what_is_typed_and_shows_it_masked(self, officer, worker):
        assert "ontbreekt" in officer.get(HERE).text
        officer.post(f"{HERE}{worker.ref}/", TYPED)
        said = officer.get(f"{HERE}{worker.ref}/").text
        assert TYPED["bsn"] not in said
        assert "NL91ABNA0417164300" not in said
        assert f"••••••{TYPED['bsn'][-3:]}" in said
        assert "compleet" in officer.get(HERE).text

    def test_shows_the_numbers_once_and_writes_down_who_looked(self, officer, worker):
        officer.post(f"{HERE}{worker.ref}/", TYPED)
        answer = officer.post(f"{HERE}{worker.ref}/lees/")
        assert TYPED["bsn"] in answer.text
        assert answer["Cache-Control"] == "no-store"
        assert Event.objects.filter(kind="worker_file.read").count() == 1

    @pytest.mark.parametrize(
        ("field", "typed", "said"),
        [
            ("bsn", "123456789", "Dit BSN klopt niet"),
            ("bsn", "", "Dit BSN klopt niet"),
            ("iban", "NL91 ABNA 0417 1643 01", "klopt niet"),
            ("birth_on", "2020-01-01", "Kijk de geboortedatum na"),
            ("birth_on", "toen", "Dit is geen datum"),
            ("account_name", "   ", "wijk-field__error"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(self, officer, worker, field, typed, said):
        answer = officer.post(f"{HERE}{worker.ref}/", {**TYPED, field: typed}).text
        assert said in answer
        assert not WorkerFile.objects.exists()

    def test_another_account_waits_for_the_treasurer(self, officer, worker, visitor):
        officer.post(f"{HERE}{worker.ref}/", TYPED)
        officer.post(f"{HERE}{worker.ref}/", {**TYPED, "bsn": "", "iban": build_pay.iban(9)})
        answer = reverse("office:answer-account", args=[AccountAsked.objects.get().ref])
        officer.post(answer, {"akkoord": "ja"})
        assert WorkerFile.objects.get().iban == "NL91ABNA0417164300", "who asked cannot agree"
        second = visitor(build.member("treasurer"), at=AT)
        assert "vraagt om het loon" in second.get(HERE).text
        second.post(answer, {"akkoord": "ja"})
        assert WorkerFile.objects.get().iban == build_pay.iban(9)

    def test_the_scale_changes_from_a_day_and_never_an_earlier_month(self, officer, worker):
        address = f"{HERE}{worker.ref}/schaal/"
        officer.post(address, {"schaal-scale": "cleaning-1-1", "schaal-from_on": "2027-01-01"})
        said = officer.post(address, {"schaal-scale": "cleaning-1-1", "schaal-from_on": "2026-11-30"}).text
        assert "Een nieuw contract begint deze maand of later" in said
        assert list(worker.contracts.order_by("from_on").values_list("from_on", "scale", "week_minutes")) == [
            (date(2026, 1, 1), "", 2160), (date(2027, 1, 1), "cleaning-1-1", 2160),
        ]  # fmt: skip


class TestRefusedLine:
    @pytest.fixture
    def claim(self, officer):
        by = build.member("payroll")
        for _number in range(2):
            worker = build_work.worker()
            build_pay.award(worker, from_on=APRIL)
            build_pay.worker_file(worker)
            build_pay.worked(worker, (date(2026, 4, 16), 180))
        return _sent(by)

    def test_goes_back_alone_with_the_reason_of_the_letter(self, officer, claim):
        officer.post(reverse("office:refuse-line", args=[claim.ref, 1]), {"reason": "Geen recht"})
        claim.refresh_from_db()
        assert sorted(claim.lines.values_list("state", "reason")) == [
            ("claimed", ""),
            ("refused", "Geen recht"),
        ]
        assert claim.state == Claim.State.SENT
        assert "Geen recht" in officer.get(reverse("office:claim", args=[claim.ref])).text

    def test_a_claim_of_which_all_is_refused_is_refused_and_not_received(self, officer, claim):
        for number in (1, 2):
            officer.post(reverse("office:refuse-line", args=[claim.ref, number]), {"reason": "Geen recht"})
        claim.refresh_from_db()
        assert claim.state == Claim.State.REFUSED
        again = claims.make(claim.municipality_id, month=APRIL, by=build.user(), at=AT)
        assert again.lines.count() == 2

    def test_needs_a_reason_and_a_line(self, officer, claim):
        assert (
            officer.post(reverse("office:refuse-line", args=[claim.ref, 1]), {"reason": ""}).status_code
            == 200
        )
        assert officer.get(reverse("office:refuse-line", args=[claim.ref, 9])).status_code == 404
        assert officer.get(reverse("office:refuse-line", args=[claim.ref, 0])).status_code == 404
        assert not ClaimLine.objects.filter(state="refused").exists()


def _sent(by) -> Claim:
    build_pay.fixed(pay_run.make(APRIL, by=by, at=AT), at=AT)
    made = claims.make(build.municipality().pk, month=APRIL, by=by, at=AT)
    return claims.send(made.pk, by=by, at=AT)


class TestWithdrawnDraft:
    def test_a_claim_gives_its_lines_back(self, officer):
        by = build.member("payroll")
        worker = paid(by, APRIL)
        build_pay.award(worker, from_on=APRIL)
        made = claims.make(build.municipality().pk, month=APRIL, by=by, at=AT)

        officer.post(reverse("office:withdraw-claim", args=[made.ref]))

        made.refresh_from_db()
        assert (made.state, made.lines.count()) == (Claim.State.DROPPED, 0)
        assert sent(by, APRIL).lines.count() == 1
        officer.post(reverse("office:withdraw-claim", args=[Claim.objects.get(state="sent").ref]))
        assert Claim.objects.filter(state="sent").exists(), "what was sent is not withdrawn"

    def test_a_payment_file_gives_its_wages_back(self, officer):
        build.organisation(iban=build_pay.ORGANISATION, wage_tax_number="123456789L01")
        run, by = build_pay.netted_run(1_204_10, 987_65), build.member("payroll")
        first = sepa.make_file(run.pk, by=by, at=AT)

        officer.post(reverse("office:withdraw-file", args=[first.ref]))
        second = sepa.make_file(run.pk, by=by, at=AT)

        first.refresh_from_db()
        assert first.state == PaymentFile.State.DROPPED
        assert second.total_cents == first.total_cents
        assert second.message_id != first.message_id
        for act in (
            lambda: sepa.approve(first.pk, by=build.user(), at=AT),
            lambda: sepa.send(first.pk, at=AT),
        ):
            with pytest.raises(sepa.NotApproved):
                act()
        sepa.approve(second.pk, by=build.user(), at=AT)
        officer.post(reverse("office:withdraw-file", args=[second.ref]))
        second.refresh_from_db()
        assert second.state == PaymentFile.State.APPROVED
        assert set(second.payments.values_list("state", flat=True)) == {Payment.State.WAITING}
