"""The auditor's pack, and signs that somebody should look."""

import hashlib
import io
import zipfile
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import translation

from books import audit_pack, kept_packs, signs
from books.models import KeptPack
from books.pseudonyms import of_worker
from kernel.periods import Period
from ledger.models import Account
from ledger.posting import Move, post
from payroll import bureau, pay_run
from payroll.models import WorkerFile
from scheduling.models import Assignment
from subsidies import claims
from tests import build, build_books, build_pay, build_work
from tests.build_books import DECEMBER

pytestmark = pytest.mark.django_db
NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))


def opened(body: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


class TestPack:
    @pytest.fixture
    def month(self):
        return build_books.month()

    def test_holds_the_books_of_the_period_and_the_hash_of_each(self, month):
        files = opened(audit_pack.pack(NOVEMBER))

        for line in files["sha256.txt"].splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256(files[name].encode()).hexdigest() == digest
        assert len(files) == 8
        assert len(files["hours.csv"].splitlines()) == 3
        assert len(files["payslips.csv"].splitlines()) == 3
        assert month.claim.digest in files["files.csv"]
        assert month.file.digest in files["files.csv"]

    def test_journal_and_trial_agree(self, month):
        files = opened(audit_pack.pack(NOVEMBER))
        rows = [line.split(";") for line in files["journal.csv"].splitlines()[1:]]
        wages = sum(float(row[5]) for row in rows if row[3] == "wages")

        assert f"wages;0.00;{wages:.2f};{wages:.2f}" in files["trial.csv"]

    def test_the_same_bytes_again_also_after_later_months(self, month):
        first = audit_pack.pack(NOVEMBER)
        build.lot(build.customer(), at=DECEMBER + timedelta(days=1))
        assert audit_pack.pack(NOVEMBER) == first

    def test_names_and_numbers_are_not_in_it(self, month):
        text = "".join(opened(audit_pack.pack(NOVEMBER)).values())
        planted = [
            value
            for file in WorkerFile.objects.select_related("worker__user")
            for value in (file.bsn, file.iban, file.worker.user.name)
        ]

        assert [value for value in planted if value in text] == []
        assert of_worker(month.visit.assignments.first().worker_id) in text

    def test_one_command_writes_it(self, month, tmp_path, monkeypatch):
        monkeypatch.setattr("identity.clock.now", lambda: DECEMBER)
        file = tmp_path / "pack.zip"
        call_command("audit_pack", "2026-11-01", "2026-12-01", out=str(file))
        assert file.read_bytes() == audit_pack.pack(NOVEMBER)
        with pytest.raises(CommandError):
            call_command("audit_pack", "2026-12-01", "2026-11-01")


class TestKept:
    """A pack that was handed over stays as it was, whatever comes in late."""

    @pytest.fixture
    def month(self, monkeypatch):
        """The claim is not paid yet, so that the town can still refuse."""
        monkeypatch.setattr(build_books.remittances, "match_open_lines", lambda *, at: 0)
        return build_books.month()

    def taken(self, **asked) -> KeptPack:
        return kept_packs.hand_over(NOVEMBER, by=None, at=DECEMBER, **asked)

    LATE = ("entry", "confirmation", "refusal")

    def late(self, month, what: str) -> None:
        """Let something come in that belongs to the period and was not there."""
        if what == "entry":
            with transaction.atomic():
                post("late:1", date(2026, 11, 30), Move(Account.FEES, Account.BANK, 100))
        if what == "confirmation":
            Assignment.objects.filter(visit=month.visit).update(confirmed_minutes=15)
        if what == "refusal":
            line = month.claim.lines.first()
            claims.refuse_line(line.pk, reason="Te laat", by=build.user(), at=DECEMBER + timedelta(days=30))

    @pytest.mark.parametrize("what", LATE)
    def test_the_same_bytes_also_when_something_of_the_period_comes_late(self, month, what):
        first = self.taken()
        assert kept_packs.changes(first) == []

        self.late(month, what)

        assert audit_pack.pack(NOVEMBER) != bytes(first.body), "the books are other now"
        assert bytes(self.taken().body) == bytes(first.body)
        [change, *_more] = kept_packs.changes(first)
        assert change.come > 0

        second = self.taken(anew=True)
        assert (second.number, bytes(second.body)) == (2, audit_pack.pack(NOVEMBER))
        assert self.taken() == second
        assert self.taken(anew=True) == second, "nothing changed: no third"
        assert KeptPack.objects.count() == 2

    def test_a_net_wage_that_the_bureau_tells_later_is_in_the_next_number(self):
        build.organisation(iban=build_pay.ORGANISATION)
        customer = build.customer()
        build_books.bought(customer)
        build_books._worked(customer)
        payer = build.member("payroll")
        run = build_pay.fixed(pay_run.make(NOVEMBER.start, by=payer, at=DECEMBER), at=DECEMBER)
        first = self.taken()

        bureau.take_net(run.pk, build_books._net(run), by=payer, at=DECEMBER)

        assert bytes(self.taken().body) == bytes(first.body)
        assert {change.name for change in kept_packs.changes(first)} == {
            "journal.csv",
            "payslips.csv",
            "trial.csv",
        }

    def test_a_period_that_runs_is_not_kept(self, month):
        with pytest.raises(kept_packs.StillRunning):
            kept_packs.hand_over(Period(date(2026, 12, 1), date(2027, 1, 1)), by=None, at=DECEMBER)

    def test_nobody_changes_what_was_handed_over(self, month):
        self.taken()
        with pytest.raises(DatabaseError), transaction.atomic():
            KeptPack.objects.update(digest="0" * 64)
        with pytest.raises(DatabaseError), transaction.atomic():
            KeptPack.objects.all().delete()


class TestSigns:
    DAY = date(2026, 11, 17)

    def codes(self) -> list[str]:
        return [sign.code for sign in signs.of_days(NOVEMBER)]

    def worked(self, *pieces):
        return build_pay.worked(build_work.worker(), *pieces)

    def change(self, row, **facts) -> None:
        Assignment.objects.filter(pk=row.pk).update(**facts)

    def test_hours_as_they_should_be_give_none(self):
        self.worked((self.DAY, 120), (self.DAY + timedelta(days=1), 120))
        assert self.codes() == []

    def test_clocked_in_twice(self):
        one, other = self.worked((self.DAY, 120), (self.DAY + timedelta(days=1), 120))
        self.change(other, checked_in_at=one.checked_in_at + timedelta(hours=1))

        [sign] = signs.of_days(NOVEMBER)

        assert (sign.code, set(sign.evidence)) == ("overlap", {one.ref, other.ref})
        assert of_worker(one.worker_id) in sign.sentence
        assert "17-11-2026" in sign.sentence

    def test_confirmed_within_seconds(self):
        [row] = self.worked((self.DAY, 120))
        for seconds, found in ((9, ["at_once"]), (10, [])):
            self.change(
                row,
                outcome="customer",
                confirmed_minutes=120,
                confirmed_at=row.checked_out_at + timedelta(seconds=seconds),
            )
            assert self.codes() == found

    def test_paid_without_presence(self):
        [row] = self.worked((self.DAY, 120))
        self.change(row, checked_in_at=None, checked_out_at=None, confirmed_minutes=120)
        assert self.codes() == ["absent"]

    def test_always_the_same_pair(self):
        rows = self.worked(*[(date(2026, 11, day), 120) for day in range(2, 10)])
        first = rows[0].visit.booking.customer
        for row in rows:
            self.change(row, confirmed_minutes=120)
            type(row.visit.booking).objects.filter(pk=row.visit.booking_id).update(customer=first)

        [sign] = signs.of_days(NOVEMBER)

        assert (sign.code, len(sign.evidence)) == ("pair", 8)

    def test_more_than_twelve_hours_on_a_day(self):
        self.worked((self.DAY, 12 * 60))
        assert self.codes() == []
        self.worked((self.DAY, 12 * 60 + 1))
        assert self.codes() == ["law"]

    def test_more_than_sixty_hours_in_a_week(self):
        self.worked(*[(date(2026, 11, day), 721 - 1) for day in range(9, 14)])
        assert self.codes() == []
        self.worked(*[(date(2026, 11, day), 601) for day in range(9, 15)])
        assert self.codes() == ["law"]

    def test_a_long_hour_that_holds_two_others_overlaps_with_both(self):
        long, one, other = self.worked(*[(self.DAY + timedelta(days=day), 120) for day in range(3)])
        at = long.checked_in_at
        for row, start, end in ((long, 0, 8), (one, 1, 2), (other, 4, 5)):
            self.change(
                row, checked_in_at=at + timedelta(hours=start), checked_out_at=at + timedelta(hours=end)
            )
        found = [sign.evidence for sign in signs.of_days(NOVEMBER) if sign.code == "overlap"]
        assert found == [(long.ref, one.ref), (long.ref, other.ref)]

    def planted(self, code: str) -> list[Assignment]:
        """Plant one sign; return the hours that show it."""
        if code == "law":
            return list(self.worked((self.DAY, 12 * 60 + 1)))
        if code == "pair":
            rows = self.worked(*[(date(2026, 11, day), 120) for day in range(2, 10)])
            for row in rows:
                self.change(row, confirmed_minutes=120)
                type(row.visit.booking).objects.filter(pk=row.visit.booking_id).update(
                    customer=rows[0].visit.booking.customer
                )
            return list(rows)
        one, other = self.worked((self.DAY, 120), (self.DAY + timedelta(days=1), 120))
        if code == "overlap":
            self.change(other, checked_in_at=one.checked_in_at + timedelta(hours=1))
            return [one, other]
        if code == "at_once":
            confirmed_at = one.checked_out_at + timedelta(seconds=3)
            self.change(one, outcome="customer", confirmed_minutes=120, confirmed_at=confirmed_at)
        else:
            self.change(one, checked_in_at=None, checked_out_at=None, confirmed_minutes=120)
        return [one]

    @pytest.mark.parametrize(("code", "dutch", "english"), [
        ("overlap", "twee plekken tegelijk", "at two places at once"),
        ("at_once", "binnen 10 seconden", "within 10 seconds"),
        ("absent", "zonder bewijs van aanwezigheid", "without proof of presence"),
        ("pair", "8 bezoeken, 100% van de uren", "8 visits, 100% of the hours"),
        ("law", "meer dan 12 uur: 12 uur", "more than 12 hours on"),
    ])  # fmt: skip
    def test_each_is_a_sentence_with_its_evidence_in_both_languages(self, code, dutch, english):
        shown = self.planted(code)
        told = {}
        for language in ("nl", "en"):
            with translation.override(language):
                [sign] = [one for one in signs.of_days(NOVEMBER) if one.code == code]
                told[language] = sign.sentence
        assert dutch in told["nl"]
        assert english in told["en"]
        assert all(of_worker(shown[0].worker_id) in said for said in told.values())
        assert set(sign.evidence) == {row.ref for row in shown}
