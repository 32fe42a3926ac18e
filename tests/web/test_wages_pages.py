"""The month of wages as steps, time paid without a visit, and the lawbook of any day."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from identity import clock
from payroll import changes, pay_run
from payroll.models import PaidTime, PayRun
from tests import build, build_pay, build_work

AT = datetime(2026, 12, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client, monkeypatch):
    build.organisation()
    monkeypatch.setattr(clock, "now", lambda: AT)
    user = build.member("payroll")
    client.force_login(user)
    return user


@pytest.fixture
def worker():
    worker = build_work.worker()
    build_pay.worker_file(worker)
    return worker


def text(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_draft_that_was_begun_shows_how_far_it_is_and_can_be_taken_on(client, officer, worker):
    build_pay.worked(worker, (date(2026, 11, 9), 60))
    client.post("/kantoor/lonen/maken/", {"maand": "2026-11-01"})
    run = PayRun.objects.get()
    assert "0 van 1" in " ".join(text(client, f"/kantoor/lonen/{run.ref}/").split())

    client.post(f"/kantoor/lonen/{run.ref}/verder/")

    shown = text(client, f"/kantoor/lonen/{run.ref}/")
    assert "Iemand anders dan de maker stelt de lonen vast." in shown
    assert worker.user.name in shown


def test_a_rule_that_is_missing_is_said_in_words(client, officer, worker, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 2, 2, 9, tzinfo=UTC))
    build_pay.worked(worker, (date(2027, 1, 5), 60))
    answer = client.post("/kantoor/lonen/maken/", {"maand": "2027-01-01"}, follow=True)
    assert "1 januari 2027" in answer.content.decode()
    assert not PayRun.objects.exists()


def test_a_change_is_explained_by_parts_that_add_up(officer, worker):
    build_pay.worked(worker, (date(2026, 10, 5), 600))
    build_pay.fixed(pay_run.make(date(2026, 10, 1), by=officer, at=AT), at=AT)
    build_pay.worked(worker, (date(2026, 11, 9), 120), travel=10)

    [change] = changes.since_last(pay_run.make(date(2026, 11, 1), by=officer, at=AT))

    assert (change.before_cents, change.now_cents, change.above_limit) == (149_90, 32_48, True)
    assert sum(part.cents for part in change.parts) == change.cents
    assert {part.what: part.minutes for part in change.parts} == {"Gewerkt": -480, "Reistijd": 10}


def test_time_is_entered_and_what_was_typed_stays_when_refused(client, officer, worker):
    typed = {"worker": worker.ref, "kind": "leave", "on": "2026-11-12", "minutes": "240"}
    refused = client.post("/kantoor/lonen/tijd/", typed)
    assert "Er is nog 0 min vrij over." in refused.content.decode()
    assert 'value="240"' in refused.content.decode()

    client.post("/kantoor/lonen/tijd/", {**typed, "kind": "training"})

    row = PaidTime.objects.get()
    client.post(f"/kantoor/lonen/tijd/{row.ref}/weg/")
    row.refresh_from_db()
    assert row.withdrawn_by == officer


def test_the_lawbook_shows_the_figure_of_the_day_with_its_source(client, officer):
    june = text(client, "/kantoor/wetboek/?dag=2026-06-30")
    july = text(client, "/kantoor/wetboek/?dag=2026-07-01")
    assert "14,71 euro per uur" in june
    assert "14,99 euro per uur" in july
    assert "8 uur: 119,92 euro" in july
    assert "Stcrt. 2026, 16505" in july
    assert "na te kijken" in july
    assert "Het minimumloon voor een uur werk" in text(client, "/kantoor/wetboek/?dag=2027-01-01")


def test_figures_name_the_rows_that_nobody_read():
    rules = [
        "wages.minimum_wage_cents 2026-07-01",
        "extra_pay.sick_share 2024-01-01 x wages.minimum_wage_cents 2026-07-01",
    ]
    assert [entry.key for entry in changes.unchecked(rules)] == ["extra_pay.sick_share"]


def test_the_command_lists_what_to_verify_and_ends_red_when_something_runs_out(capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("law", "--day", "2026-11-25")
    assert ended.value.code == 1
    said = capsys.readouterr().out
    assert "wages.minimum_wage_cents" in said
    call_command("law", "--day", "2026-09-01")
    with pytest.raises(CommandError):
        call_command("law", "--day", "gisteren")
