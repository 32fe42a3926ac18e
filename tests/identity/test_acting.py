"""Who acts for a customer: let in by the owner, never somebody who does the work or plans it."""

import pytest

from identity import acting, permissions
from identity.models import Customer, CustomerMember, Membership, User
from tests import build, build_work
from tests.build import NOON

pytestmark = pytest.mark.django_db


def let_act(customer, email="buur@example.org", part="helper", by=None):
    return acting.let_act(
        customer.pk, email=email, name="Buur", part=part, by=by or build.owner_of(customer), at=NOON
    )


class TestLetAct:
    def test_makes_an_account_that_may_buy_and_book_for_this_home_only(self):
        home, other = build.customer(), build.customer()
        let_act(home)
        user = User.objects.get(email="buur@example.org")
        assert permissions.may_act_for(user, home, *permissions.MAY_BUY)
        assert permissions.may_act_for(user, home, *permissions.MAY_BOOK)
        assert list(permissions.customers_of(user)) == [home]
        assert not permissions.may_act_for(user, other)

    def test_a_booker_of_a_firm_books_and_does_not_buy(self):
        firm = build.customer(kind=Customer.Kind.FIRM)
        user = let_act(firm, part="booker").user
        assert permissions.may_act_for(user, firm, *permissions.MAY_BOOK)
        assert not permissions.may_act_for(user, firm, *permissions.MAY_BUY)

    @pytest.mark.parametrize("role", ["coordinator", "desk"])
    def test_never_who_plans(self, role):
        with pytest.raises(acting.WorksForUs):
            let_act(build.customer(), build.member(role).email)

    def test_never_who_does_the_work(self):
        with pytest.raises(acting.WorksForUs):
            let_act(build.customer(), build_work.worker().user.email)

    def test_also_not_who_came_to_work_here_afterwards(self):
        home = build.customer()
        user = let_act(home).user
        Membership.objects.create(user=user, role="worker", from_on="2026-11-01")
        assert list(permissions.customers_of(user)) == []

    def test_only_the_owner_lets_others_in(self):
        home = build.customer()
        helper = let_act(home).user
        for nobody in (helper, build.user()):
            with pytest.raises(acting.OnlyTheOwner):
                let_act(home, "nog@example.org", by=nobody)

    @pytest.mark.parametrize(
        ("kind", "part"), [("resident", "booker"), ("firm", "helper"), ("resident", "owner")]
    )
    def test_the_part_fits_the_customer(self, kind, part):
        with pytest.raises(acting.WrongPart):
            let_act(build.customer(kind=kind), part=part)

    def test_once(self):
        home = build.customer()
        let_act(home)
        with pytest.raises(acting.ActsAlready):
            let_act(home, part="member")


class TestStopActing:
    def test_by_the_owner_or_by_oneself_and_never_the_last_owner(self):
        home = build.customer()
        owner, helper, member = (
            build.owner_of(home),
            let_act(home).user,
            let_act(home, "h@example.org", "member").user,
        )
        with pytest.raises(acting.OnlyTheOwner):
            acting.stop_acting(home.pk, user_id=member.pk, by=helper, at=NOON)
        acting.stop_acting(home.pk, user_id=helper.pk, by=helper, at=NOON)
        acting.stop_acting(home.pk, user_id=member.pk, by=owner, at=NOON)
        with pytest.raises(acting.OwnerStays):
            acting.stop_acting(home.pk, user_id=owner.pk, by=owner, at=NOON)
        assert CustomerMember.objects.get().user == owner


def test_ones_own_home_comes_first():
    home, own = build.customer(), build.customer()
    helper = build.owner_of(own)
    let_act(home, helper.email)
    assert acting.acted_for(helper) == [own, home]
