"""Builders: each saves one thing. Name only what the test is about."""

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

from django.db import transaction

from cheques import firm_accounts, firm_orders, issuing
from cheques.models import Lot, Order
from identity.models import (
    Address,
    Customer,
    CustomerMember,
    Household,
    Membership,
    Municipality,
    Neighbourhood,
    Organisation,
    Postcode,
    Role,
    User,
)
from ledger.models import Account
from marketplace import bookings, catalogue
from marketplace.models import Booking, Service

NOON = datetime(2026, 11, 2, 11, 0, tzinfo=UTC)  # a Monday, 12:00 in Breda
_number = count(1)


def organisation(**facts) -> Organisation:
    facts = {"name": "Werk aan de Wijk", "iban": "NL91ABNA0417164300", "guarding_permit": "ND1234",
             "guarding_permit_until": "2030-01-01", "town": "Breda", **facts}  # fmt: skip
    return Organisation.objects.update_or_create(pk=1, defaults=facts)[0]


def user(name: str = "Fatma Y.", **facts) -> User:
    return User.objects.create_user(f"u{next(_number)}@example.org", name=name, **facts)


def municipality() -> Municipality:
    return Municipality.objects.get_or_create(name="Breda")[0]


def neighbourhood(name: str = "Haagse Beemden") -> Neighbourhood:
    return Neighbourhood.objects.get_or_create(name=name, defaults={"municipality": municipality()})[0]


def postcode(code: str = "4818CK", *, where: Neighbourhood | None = None, x: int = 0, y: int = 0) -> Postcode:
    return Postcode.objects.get_or_create(
        code=code,
        defaults={
            "neighbourhood": where or neighbourhood(),
            "street": "Lindestraat",
            "town": "Breda",
            "x": x,
            "y": y,
        },
    )[0]


def address(*, x: int = 0, y: int = 0, where: Neighbourhood | None = None) -> Address:
    return Address.objects.create(
        street="Lindestraat", house_number=str(next(_number)), postcode="4818CK", town="Breda",
        neighbourhood=where or neighbourhood(), x=x, y=y,
    )  # fmt: skip


def customer(*, kind: str = Customer.Kind.RESIDENT, where: Neighbourhood | None = None, **facts) -> Customer:
    home = facts.pop("address", None) or address(where=where)
    made = Customer.objects.create(
        kind=kind, name=facts.pop("name", "Fatma Yilmaz"), household=Household.objects.create(), address=home,
        neighbourhood=home.neighbourhood, registered_at=NOON, **facts,
    )  # fmt: skip
    CustomerMember.objects.create(customer=made, user=user(), part=CustomerMember.Part.OWNER)
    return made


def firm(*, where: Neighbourhood | None = None, buyer: Customer | None = None, **terms) -> Customer:
    """A firm that may buy on account, from an organisation that may invoice."""
    us = Organisation.objects.filter(pk=1).first()
    organisation(iban=us.iban if us and us.iban else "NL91ABNA0417164300", kvk="12345678", vat_id="NL001234567B01",
                 street="Markt", house_number="1", postcode="4811XC", email="geld@wijk.example", phone="0761234567")  # fmt: skip
    made = buyer or customer(kind=Customer.Kind.FIRM, where=where, kvk="87654321", vat_id="NL009876543B01")
    Customer.objects.filter(pk=made.pk).update(name="Bouwbedrijf A")
    made.refresh_from_db()
    terms = {"credit_limit_cents": 20_000_00, **terms}
    firm_accounts.agree(made.pk, firm_accounts.Terms(**terms), by=user("Penningmeester"), at=NOON)
    return made


def colleague(firm: Customer, part: str, **limit) -> User:
    """Somebody of a firm, with limits when some are named."""
    someone = user(part.capitalize())
    member = CustomerMember.objects.create(customer=firm, user=someone, part=part)
    if limit:
        limit = {"per_order_cents": None, "per_month_cents": None, **limit}
        firm_accounts.set_limit(member.pk, part=part, by=owner_of(firm), at=NOON, **limit)
    return someone


def bought(firm: Customer, *, hours: int = 10, by: User | None = None, at: datetime = NOON, **facts) -> Order:
    """An order of a firm on account."""
    facts = {"purchase_order": "PO-7", "form_key": uuid4(), **facts}
    return firm_orders.place(firm.pk, hours=hours, by=by or owner_of(firm), at=at, **facts)


def owner_of(customer: Customer) -> User:
    return customer.members.get(part=CustomerMember.Part.OWNER).user


def member(role: str, *, where: Neighbourhood | None = None, **facts) -> User:
    someone = user(name=Role(role).label)
    Membership.objects.create(user=someone, role=role, neighbourhood=where, from_on="2026-01-01", **facts)
    return someone


def order(customer: Customer, *, hours: int = 10, **facts) -> Order:
    price, way = facts.pop("price_cents", 10_00), facts.pop("way", Order.Way.CHECKOUT)
    return Order.objects.create(
        customer=customer, hours=hours, price_cents=price, total_cents=hours * price, way=way,
        placed_at=NOON, placed_by=owner_of(customer), **facts,
    )  # fmt: skip


def lot(customer: Customer, *, hours: int = 10, at: datetime = NOON, **facts) -> Lot:
    asked = order(customer, hours=hours, **facts)
    with transaction.atomic():
        return issuing.issue(asked, paid_cents=asked.total_cents, money=Account.OPENING, at=at)


def service(code: str = "cleaning") -> Service:
    catalogue.install_standard()
    return Service.objects.get(code=code)


def booking(customer: Customer | None = None, **facts) -> Booking:
    """A booking for a Monday a week ahead, 10:00 in Breda, with cheques when the customer has none."""
    if customer is None:
        customer = globals()["customer"]()
        lot(customer, hours=20)
    asked = {
        "service_id": service(facts.pop("code", "cleaning")).pk, "address_id": customer.address_id,
        "starts": [NOON + timedelta(days=7, hours=-2)], "minutes": 180, "crew": 1, "tasks": [], "note": "",
        "form_key": uuid4(), "by": owner_of(customer), "at": NOON, **facts,
    }  # fmt: skip
    return bookings.place(customer.pk, **asked)
