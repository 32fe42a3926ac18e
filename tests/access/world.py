"""Two neighbourhoods in which everything exists once for each kind of asker."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from django.db import transaction

from bank import matching
from bank.models import Line, Statement
from cheques import caps, invoicing, issuing, refunds, sponsoring
from cheques.firm_models import Invoice
from cheques.models import Chargeback, Lot, Order, PayoutPart, StripeLine
from cheques.usage_models import UsageInvoice
from identity import clock
from identity.models import Customer, Municipality, Neighbourhood, RoleAsked, User
from ledger.models import Account
from marketplace import coaching
from opening import sheets
from payroll import bureau, paid_time, pay_run, sepa
from payroll.models import AccountAsked, PaymentFile, PayRun, Payslip
from quality import complaints, disputes
from scheduling import confirming, contesting, publishing, replanning
from scheduling.models import Plan, Proposal, Repair, Visit
from scheduling.week_closing import close
from subsidies import claims
from subsidies.models import Award, Grant, LocalScheme, SocialContract
from tests import build, build_pay, build_work
from tests.access.matrix import FIRM, STAFF
from tests.build import NOON
from workers_pool.models import Worker

NOVEMBER, DECEMBER = date(2026, 11, 1), datetime(2026, 12, 2, 9, tzinfo=UTC)


@dataclass
class World:
    """Who asks, and what there is: `things[set][kind]` is a ref."""

    users: dict[str, User]
    things: dict[str, dict[str, str]]

    def ref(self, role: str, place: str, kind: str) -> str:
        """Return the ref of a thing that is own, another's, or elsewhere, as this role sees it."""
        whose = {"own": "firm" if role in FIRM else "own", "other": "other", "elsewhere": "far"}[place]
        return self.things[whose][kind]


def make() -> World:
    """Make both neighbourhoods, with a month that is worked, paid, and claimed."""
    build.organisation(iban=build_pay.ORGANISATION, wage_tax_number="123456789L01")
    here, far = build.neighbourhood(), build.neighbourhood("Noord")
    buyers = {
        "own": build.customer(where=here), "firm": build.customer(kind=Customer.Kind.FIRM, where=here, kvk="12345678"),
        "other": build.customer(where=here), "far": build.customer(where=far),
    }  # fmt: skip
    visits = _worked(buyers, {"here": here, "far": far})
    things = {name: _things_of(visit) for name, visit in visits.items()}
    for name, visit in visits.items():
        if name == "own":
            confirming.confirm(visit.pk, by=build.user(), at=visit.end_at)
            continue
        dispute = disputes.open_dispute(visit.pk, what="times", words="", by=build.user(), at=visit.end_at)
        things[name]["dispute"] = dispute.ref
    things["own"]["dispute"] = things["firm"]["dispute"]
    money = _paid_and_claimed(here, far)
    for name, facts in things.items():
        facts.update(money)
        facts["payslip"] = Payslip.objects.get(worker__ref=visits[name].assignments.get().worker.ref).ref
    users = _staff(here)
    asked = RoleAsked.objects.create(user=build.user(), role="admin", asked_by=build.user(), asked_at=NOON)
    paper = sheets.Paper(DECEMBER.date(), bank="100,00")
    sheet = sheets.draft(paper, by=build.user(), at=DECEMBER)
    duty = SocialContract.objects.create(
        customer=buyers["firm"], municipality=here.municipality, number="SR-1", sum_cents=200_000_00, duty_share="0.05",
        from_on=NOVEMBER, until_on=date(2027, 1, 1),
    )  # fmt: skip
    account = AccountAsked.objects.create(
        worker=Worker.objects.earliest("pk"), iban=build_pay.iban(77), account_name="S. Bakker", asked_by=build.user(),
        asked_at=DECEMBER,
    )  # fmt: skip
    for facts in things.values():
        facts |= {
            "account": account.ref,
            "duty": duty.ref,
            "sheet": sheet.ref,
            "asked": asked.ref,
            "member": users["auditor"].ref,
        }
    lot = build.lot(build.customer(where=here), hours=2)
    back = refunds.request(
        lot.pk, minutes=60, form_key=uuid4(), by=build.owner_of(lot.wallet.customer), at=NOON
    )
    taken = Chargeback.objects.create(stripe_id="du_1", order=lot.order, cents=1, opened_at=NOON)
    for facts in things.values():
        facts |= {"refund": back.ref, "chargeback": taken.ref}
    for name, facts in things.items():
        whose = build.customer(where=far if name == "far" else here)
        facts["more"] = caps.ask_for_more(whose.pk, hours=5, reason="Hulp", by=build.user(), at=NOON).ref
    users |= {name: build.owner_of(buyers[key]) for name, key in (("resident", "own"), ("firm", "firm"))}
    users |= {part: build.colleague(buyers["firm"], part) for part in ("booker", "approver")}
    _firms(things, buyers["firm"], here, far)
    users["worker"] = visits["own"].assignments.get().worker.user
    clock.shift_to(DECEMBER + timedelta(days=1))
    return World(users, things)


def _firms(
    things: dict[str, dict[str, str]], ours: Customer, here: Neighbourhood, far: Neighbourhood
) -> None:
    """Make what a firm has on account, for the firm that asks and for two others."""
    firms = {"firm": build.firm(buyer=ours), "other": build.firm(where=here), "far": build.firm(where=far)}
    for name, buyer in firms.items():
        booker = build.colleague(buyer, "booker")
        things[name] |= {
            "firm_buyer": buyer.ref, "colleague": booker.ref,
            "account_order": build.bought(buyer, by=booker).ref,
            "invoice": Invoice.objects.get(order=build.bought(buyer)).ref, "usage": _usage_of(buyer).ref,
        }  # fmt: skip
    things["own"] |= {
        name: things["other"][name]
        for name in ("firm_buyer", "colleague", "account_order", "invoice", "usage")
    }


def _usage_of(buyer: Customer) -> UsageInvoice:
    us = invoicing.seller()
    return UsageInvoice.objects.create(
        year=2026, number=UsageInvoice.objects.count() + 1, customer=buyer, month=NOVEMBER, issued_on=NOVEMBER,
        rates=[{"rate": "0.09", "minutes": 60, "gross_cents": 1000, "vat_cents": 83}], gross_cents=1000, vat_cents=83,
        seller=us, buyer=us, made_at=NOON,
    )  # fmt: skip


def _worked(buyers: dict[str, Customer], where: dict[str, Neighbourhood]) -> dict[str, Visit]:
    for name, buyer in buyers.items():
        place = where["far" if name == "far" else "here"]
        worker = build_work.worker(f"Werker {name}", where=place)
        build_pay.worker_file(worker)
        build_pay.award(worker)
        build.lot(buyer, hours=20)
        build.booking(buyer)
    for place in where.values():
        plan = build_work.plan(place)
        publishing.publish(plan.pk, by=build.user(), at=NOON)
    visits = {name: Visit.objects.get(booking__customer=buyer) for name, buyer in buyers.items()}
    for visit in visits.values():
        row = visit.assignments.get()
        build_work.visits.check_in(row.pk, by=row.worker.user, at=visit.start_at)
        build_work.visits.check_out(row.pk, by=row.worker.user, at=visit.end_at)
        visit.refresh_from_db()
    return visits


def _things_of(visit: Visit) -> dict[str, str]:
    row = visit.assignments.get()
    return {
        "visit": visit.ref, "booking": visit.booking.ref, "assignment": row.ref, "worker": row.worker.ref,
        "worker_user": row.worker.user.ref, "lot": Lot.objects.filter(wallet__customer=visit.booking.customer).first().ref,
        "buyer": build.owner_of(visit.booking.customer).ref,
        "neighbourhood": visit.neighbourhood.ref, "order": _order_of(visit),
        "plan": _plan_of(visit), **_repair_of(visit), "contest": _contest_of(visit), "customer": visit.booking.customer.ref, "complaint": _complaint_of(visit), "purpose": _purpose_of(visit), **_coaching_of(visit),
    }  # fmt: skip


def _contest_of(visit: Visit) -> str:
    worker = visit.assignments.get().worker
    return contesting.contest_hours(
        worker.pk, monday=build_work.MONDAY, words="", by=worker.user, at=NOON
    ).ref


def _repair_of(visit: Visit) -> dict[str, str]:
    (repair,) = replanning.ask_for_visits("short", [visit.pk], by=build.user(), at=NOON)
    proposal = Proposal.objects.create(repair=repair, rank=1)
    Repair.objects.filter(pk=repair.pk).update(state=Repair.State.READY)
    return {"repair": repair.ref, "proposal": proposal.ref}


def _complaint_of(visit: Visit) -> str:
    return complaints.open_complaint(
        neighbourhood_id=visit.neighbourhood_id, customer_id=visit.booking.customer_id, visit_id=visit.pk, words="Lawaai.",
        by=build.owner_of(visit.booking.customer), at=visit.end_at,
    ).ref  # fmt: skip


def _purpose_of(visit: Visit) -> str:
    giver = visit.booking.customer
    limits = sponsoring.Limits(NOVEMBER, date(2027, 6, 1))
    return sponsoring.dedicate(
        giver.pk,
        name="Voor mama",
        kind="gift",
        limits=limits,
        public_money=False,
        by=build.owner_of(giver),
        at=NOON,
    ).ref


def _coaching_of(visit: Visit) -> dict[str, str]:
    starter, by = visit.booking.customer, build.user()
    coach = coaching.certify(
        "Ali", certificate="Q", certified_until=date(2027, 6, 1), rate_cents=6000, by=by, at=NOON
    )
    limits = sponsoring.Limits(NOVEMBER, date(2027, 6, 1), services=["coaching"])
    order = sponsoring.order_for(
        starter.pk, name="Start", kind="starter", limits=limits, public_money=False, hours=2, form_key=uuid4(),
        way=Order.Way.TRANSFER, by=by, at=NOON,
    )  # fmt: skip
    with transaction.atomic():
        issuing.issue(order, paid_cents=order.total_cents, money=Account.OPENING, at=NOON)
    hour = coaching.note(
        starter.pk, coach_id=coach.pk, minutes=60, start_at=NOON, form_key=uuid4(), by=by, at=NOON
    )
    return {"coach": coach.ref, "coaching": hour.ref}


def _order_of(visit: Visit) -> str:
    return Order.objects.filter(customer=visit.booking.customer).first().ref


def _plan_of(visit: Visit) -> str:
    return Plan.objects.filter(neighbourhood=visit.neighbourhood).first().ref


def _paid_and_claimed(here: Neighbourhood, far: Neighbourhood) -> dict[str, str]:
    maker = build.member("payroll")
    for place in (here, far):
        close(place.pk, monday=build_work.MONDAY, by=build.user(), at=NOON + timedelta(days=14))
    run = build_pay.fixed(pay_run.make(NOVEMBER, by=maker, at=DECEMBER), at=DECEMBER)
    time = paid_time.enter(
        run.worker_ids[0], kind="training", on=date(2026, 12, 1), minutes=60, by=maker, at=DECEMBER
    )
    bureau.take_net(run.pk, _net(run), by=maker, at=DECEMBER)
    file: PaymentFile = sepa.make_file(run.pk, by=maker, at=DECEMBER)
    town: Municipality = here.municipality
    claim = claims.make(town.pk, month=NOVEMBER, by=maker, at=DECEMBER)
    statement = Statement.objects.create(
        digest="0" * 64, iban=build_pay.ORGANISATION, statement_id="1", opening_cents=0, closing_cents=1200,
        from_on=DECEMBER.date(), until_on=DECEMBER.date(), imported_at=DECEMBER,
    )  # fmt: skip
    line = Line.objects.create(statement=statement, bank_ref="1", booked_on=DECEMBER.date(), cents=500)
    unknown = Line.objects.create(statement=statement, bank_ref="2", booked_on=DECEMBER.date(), cents=700)
    with transaction.atomic():
        matching.allocate(
            unknown, cents=700, target="by hand:suspense", against=Account.SUSPENSE, at=DECEMBER
        )
    payout = StripeLine.objects.create(
        stripe_id="txn_1", kind="payout", source_id="po_1", gross_cents=0, fee_cents=0, net_cents=0,
        entry_key="stripe:txn_1", created_on=DECEMBER.date(),
    )  # fmt: skip
    PayoutPart.objects.create(line=payout, payout_id="po_1")
    scheme = LocalScheme.objects.create(
        municipality=town, kind="by_law", name="Verordening", from_on=NOVEMBER, letter="B-1",
        terms={"cents_per_hour": 250, "most_cents": 10_000},
    )  # fmt: skip
    grant = Grant.objects.create(
        municipality=town,
        scheme=scheme,
        purpose="Verordening",
        month=NOVEMBER,
        cents=500,
        letter="B-1",
        key="x",
    )
    local = {"scheme": scheme.ref, "grant": grant.ref, "award": Award.objects.order_by("pk").first().ref}
    return {
        "payout": "po_1",
        **local,
        "run": run.ref,
        "time": time.ref,
        "file": file.ref,
        "claim": claim.ref,
        "municipality": town.ref,
        "line": line.ref,
        "parked": unknown.ref,
    }


def _net(run: PayRun) -> bytes:
    rows = ["run_ref;worker_ref;gross_cents;net_cents;withheld_tax_cents;employee_premium_cents"]
    rows += [
        f"{run.ref};{slip.worker.ref};{slip.gross_cents};{slip.gross_cents - 700};700;0"
        for slip in run.payslips.select_related("worker")
    ]
    return "\n".join(rows).encode()


def _staff(here: Neighbourhood) -> dict[str, User]:
    at_home = {"coordinator", "desk", "qa"}
    users = {
        role: build.member(role, where=here if role in at_home else None)
        for role in STAFF
        if role not in {"municipality", "admin"}
    }
    users["municipality"] = build.member("municipality", municipality=here.municipality)
    users["admin"] = build.user("Beheerder", is_superuser=True, is_staff=True)
    return users
