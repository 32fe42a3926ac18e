"""Roles: given on the first day by the administrator alone, afterwards money roles by two people."""

import pytest
from django.core import mail
from django.db import IntegrityError, connection

from events.models import Delivery, Event
from identity import inviting, permissions
from identity.models import Membership, RoleAsked, User
from notifications import invitations
from notifications.models import Message
from tests import build
from tests.build import NOON

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def invite(by, role, email="iemand@example.org", where=None, town=None):
    return inviting.invite(
        email=email, name="Iemand", role=role, neighbourhood=where, municipality=town, by=by, at=NOON
    )


@pytest.fixture
def admin():
    return build.member("admin")


class TestInvite:
    def test_makes_the_user_and_gives_the_role_in_one_neighbourhood(self, admin):
        here, far = build.neighbourhood(), build.neighbourhood("Noord")

        invite(admin, "coordinator", " Iemand@Example.org ", where=here)

        user = User.objects.get(email="iemand@example.org")
        assert permissions.has(user, "coordinator", on=TODAY, neighbourhood=here)
        assert not permissions.has(user, "coordinator", on=TODAY, neighbourhood=far)

    def test_lets_the_first_treasurer_in_without_a_second_person(self, admin):
        assert isinstance(invite(admin, "treasurer"), Membership)

    def test_holds_a_money_role_until_a_second_person_agrees(self, admin):
        treasurer = build.member("treasurer")

        asked = invite(admin, "payroll")

        assert isinstance(asked, RoleAsked)
        assert permissions.roles(asked.user, on=TODAY) == frozenset()
        for nobody in (admin, asked.user):
            with pytest.raises(inviting.SecondPersonNeeded):
                inviting.agree(asked.pk, by=nobody, at=NOON)
        inviting.agree(asked.pk, by=treasurer, at=NOON)
        assert permissions.roles(asked.user, on=TODAY) == {"payroll"}
        with pytest.raises(inviting.AlreadyAnswered):
            inviting.agree(asked.pk, by=treasurer, at=NOON)

    def test_the_database_refuses_one_person_on_both_sides(self, admin):
        build.member("treasurer")
        asked = invite(admin, "payroll")
        with pytest.raises(IntegrityError, match="role_needs_a_second_person"), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE identity_roleasked SET agreed = true, answered_at = now(), answered_by_id = asked_by_id"
                " WHERE id = %s", [asked.pk],
            )  # fmt: skip

    def test_a_no_gives_nothing_and_the_question_can_be_asked_again(self, admin):
        treasurer = build.member("treasurer")
        asked = invite(admin, "payroll")
        inviting.decline(asked.pk, by=treasurer, at=NOON)
        assert permissions.roles(asked.user, on=TODAY) == frozenset()
        assert isinstance(invite(admin, "payroll"), RoleAsked)

    @pytest.mark.parametrize(("first", "then"), [("payroll", "treasurer"), ("treasurer", "payroll")])
    def test_who_pays_does_not_approve(self, admin, first, then):
        user = build.member(first)
        with pytest.raises(inviting.OnePersonTwice):
            invite(admin, then, user.email)

    def test_says_so_when_the_role_is_there_or_was_asked(self, admin):
        invite(admin, "desk")
        with pytest.raises(inviting.AlreadyHeld):
            invite(admin, "desk")
        build.member("treasurer")
        invite(admin, "payroll", "ander@example.org")
        with pytest.raises(inviting.AlreadyHeld):
            invite(admin, "payroll", "ander@example.org")

    def test_a_reader_of_results_reads_for_a_town(self, admin):
        with pytest.raises(inviting.TownMissing):
            invite(admin, "municipality")
        assert invite(admin, "municipality", town=build.municipality()).municipality.name == "Breda"

    def test_a_worker_is_not_invited(self, admin):
        with pytest.raises(inviting.NotGivenHere):
            invite(admin, "worker")


class TestEnd:
    def test_ends_today_and_can_be_given_again(self, admin):
        row = invite(admin, "desk")
        inviting.end(row.pk, by=admin, at=NOON)
        assert permissions.roles(row.user, on=TODAY) == frozenset()
        invite(admin, "desk")
        assert permissions.roles(row.user, on=TODAY) == {"desk"}

    def test_keeps_the_last_administrator(self, admin):
        with pytest.raises(inviting.LastOne):
            inviting.end(Membership.objects.get(user=admin).pk, by=admin, at=NOON)

    def test_an_administrator_who_stops_is_none_any_more(self, admin):
        other = build.member("admin")
        other.is_superuser = True
        other.save()
        inviting.end(Membership.objects.get(user=other).pk, by=admin, at=NOON)
        other.refresh_from_db()
        assert permissions.roles(other, on=TODAY) == frozenset()


class TestTell:
    def test_mails_once_however_often_the_task_runs(self, admin):
        row = invite(admin, "desk")
        event = Event.objects.get(kind="role.given")
        assert Delivery.objects.get(event=event).task == "notifications.tasks.tell_role"

        for _again in range(2):
            invitations.tell(row.pk, event_id=event.pk, at=NOON)

        assert [sent.to for sent in mail.outbox] == [["iemand@example.org"]]
        assert "Balie" in mail.outbox[0].body
        assert Message.objects.get().sent_at == NOON
