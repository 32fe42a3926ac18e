"""Who may reach what: one row for each route and method. A route without a row fails the test.

`who` says how far each role reaches: `own` (what is theirs), `here` (their neighbourhood), `all` (everything, or a page
about nothing in particular). A role that is not named gets `closed`. Somebody who is not signed in gets 403 from the API and
the sign-in page elsewhere. "In" means that the act was considered: done, refused with a sentence, or the form was not right.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from web.office.fair import NEW as FAIR
from web.office.pool import CHANGES
from web.office.town_money import NEW as TOWN_MONEY

STAFF = ("coordinator", "desk", "payroll", "treasurer", "qa", "municipality", "auditor", "admin")
FIRM = ("firm", "booker", "approver")  # its owner, and two colleagues
ROLES = ("anonymous", "resident", *FIRM, "worker", *STAFF)
PLACES = ("own", "other", "elsewhere")  # other: in the same neighbourhood; elsewhere: in another one
REACH = {"own": {"own"}, "here": {"own", "other"}, "all": set(PLACES)}

Body = Callable[[str], Mapping[str, object]]


@dataclass(frozen=True)
class Row:
    """One route and method: about which thing, and who reaches how far."""

    route: str
    method: str = "GET"
    thing: str = ""
    who: Mapping[str, str] = field(default_factory=dict)
    closed: str = "404"
    body: Body = lambda _ref: {}
    in_body: bool = False  # the thing is named in the body instead of in the address
    extra: Mapping[str, str] = field(default_factory=dict)
    public: bool = False
    calls_stripe: bool = False  # no call to Stripe is made inside a transaction, so these are not undone

    def expected(self, role: str, place: str) -> str:
        """Return the class of answer: 'in', 'sign in', '403' or '404'."""
        if self.public:
            return "in"
        if role == "anonymous":
            return "403" if self.route.startswith("api:") else "sign in"
        reach = self.who.get(role)
        if reach is None:
            return self.closed
        return "in" if place in REACH[reach] else "404"


def _all(*roles: str) -> dict[str, str]:
    return dict.fromkeys(roles, "all")


EVERYONE = _all(*ROLES)
BUYERS = {"resident": "own", "firm": "own", "approver": "own"}  # a booker spends what others bought
BOOKERS = BUYERS | {"booker": "own"}
OWNER = {"firm": "own"}
COLLEAGUES = dict.fromkeys(FIRM, "own")
BUY = _all(*BUYERS)
BOOK = _all(*BOOKERS)
WORKER = {"worker": "own"}
COORDINATOR = {"coordinator": "here"}
DESK = {"desk": "here"}
OFFICER, SECOND = _all("payroll"), _all("treasurer")
BOTH = OFFICER | SECOND
ADMIN = _all("admin")
MONTH = {"month": "2026-11-01"}
MONDAY = "2026-11-09"
SPARE = "spare"  # stands for a worker of the neighbourhood who is free
SICK = {"from_at": "2026-12-07T08:00:00+01:00", "until_at": "2026-12-08T00:00:00+01:00"}
TIMES = {"checked_in_at": "2026-11-09T10:00:00+01:00", "checked_out_at": "2026-11-09T12:00:00+01:00"}
SHEETS = {  # kind of page of the books -> kind of thing
    "bestelling": "order", "lot": "lot", "uitbetaling": "payout", "bankregel": "line", "loonstrook": "payslip",
    "aanvraag": "claim",
}  # fmt: skip
BOOKING = {"service": "cleaning", "starts": ["2026-12-14T10:00:00+01:00"], "minutes": 120}


def _fixed(facts: Mapping[str, object]) -> Body:
    return lambda _ref: facts


API = [
    Row("api:stripe-webhook", "POST", public=True),  # the signature decides, not a sign-in
    Row("api:schema", public=True),  # says what can be asked, not what is there
    Row("api:register", "POST", who=EVERYONE),
    Row("api:wallet", who=BOOK),
    Row("api:services", who=EVERYONE),
    Row("api:orders", "POST", who=BUY, body=_fixed({"hours": 2}), calls_stripe=True),
    Row("api:order", thing="order", who=BOOKERS),
    Row("api:refund-order", "POST", "order", BUYERS, body=_fixed({"minutes": 60_000})),
    Row("api:bookings", who=BOOK),
    Row("api:bookings", "POST", who=BOOK, body=_fixed(BOOKING)),
    Row("api:slots", who=BOOK),
    Row("api:cancel-booking", "POST", "booking", BOOKERS),
    Row("api:visits", who=BOOK),
    Row("api:confirm-visit", "POST", "visit", BOOKERS),
    Row("api:dispute-visit", "POST", "visit", BOOKERS, body=_fixed({"what": "times"})),
    Row("api:candidates", thing="visit", who=COORDINATOR),
    Row("api:replace", "POST", "visit", COORDINATOR, body=_fixed({"worker": SPARE})),
    Row("api:drop-visit", "POST", "visit", COORDINATOR),
    Row("api:move-visit", "POST", "visit", COORDINATOR, body=_fixed({"version": 1, "comes": SPARE})),
    Row("api:why", thing="booking", who=COORDINATOR),
    Row("api:why-not", thing="booking", who=COORDINATOR),
    Row("api:compare-plans", thing="plan", who=COORDINATOR),
    Row("api:repairs", "POST", "visit", COORDINATOR, in_body=True, body=lambda ref: {"cause": "short", "visits": [ref]}),
    Row("api:repair", thing="repair", who=COORDINATOR),
    Row("api:apply-proposal", "POST", "proposal", COORDINATOR),
    Row("api:close-week", "POST", "neighbourhood", COORDINATOR, in_body=True,
        body=lambda ref: {"neighbourhood": ref, "monday": MONDAY}),
    Row("api:week-visits", who=_all("coordinator"), extra={"monday": MONDAY}),
    Row("api:work", who=_all("worker")),
    Row("api:sick", "POST", who=_all("worker"), body=_fixed(SICK)),
    Row("api:answer", "POST", "assignment", WORKER, body=_fixed({"takes": True})),
    Row("api:check-in", "POST", "assignment", WORKER),
    Row("api:check-out", "POST", "assignment", WORKER),
    Row("api:nobody-home", "POST", "assignment", WORKER),
    Row("api:no-show", "POST", "assignment", COORDINATOR),
    Row("api:record-times", "POST", "assignment", COORDINATOR, body=_fixed(TIMES)),
    Row("api:plans", "POST", "neighbourhood", COORDINATOR, in_body=True,
        body=lambda ref: {"neighbourhood": ref, "monday": "2026-12-14"}),
    Row("api:plan", thing="plan", who=COORDINATOR),
    Row("api:publish-plan", "POST", "plan", COORDINATOR),
    Row("api:sick-worker", "POST", "worker", COORDINATOR, body=_fixed(SICK)),
    Row("api:propose-outcome", "POST", "dispute", {"qa": "here"}, body=_fixed({"minutes": 60, "grounds": "Gebeld."})),
    Row("api:decide-dispute", "POST", "dispute", SECOND, closed="403"),
    Row("api:pay-runs", "POST", who=OFFICER, closed="403", body=_fixed(MONTH)),
    Row("api:fix-pay-run", "POST", "run", BOTH, closed="403"),
    Row("api:send-to-bureau", "POST", "run", OFFICER, closed="403"),
    Row("api:make-file", "POST", "run", OFFICER, closed="403"),
    Row("api:approve-file", "POST", "file", SECOND, closed="403"),
    Row("api:send-file", "POST", "file", BOTH, closed="403"),
    Row("api:claims", "POST", "municipality", OFFICER, closed="403", in_body=True,
        body=lambda ref: {**MONTH, "municipality": ref}),
    Row("api:send-claim", "POST", "claim", OFFICER, closed="403"),
    Row("api:statements", "POST", who=BOTH, closed="403"),
    Row("api:mirror-stripe", "POST", who=BOTH, closed="403", calls_stripe=True),
    Row("api:close-vat", "POST", who=BOTH, closed="403", body=_fixed(MONTH)),
]  # fmt: skip

PAGES = [
    Row("front", public=True),
    Row("style", public=True),
    Row("inside", who=EVERYONE),
    Row("hour", thing="assignment",
        who={**BOOKERS, "worker": "own", "coordinator": "here", "qa": "here",
             **_all("payroll", "treasurer", "auditor")}),
    Row("resident:home", who=EVERYONE),  # who is no customer is sent to the page where they become one
    Row("resident:register", who=EVERYONE),
    Row("resident:register", "POST", who=EVERYONE),
    Row("resident:buy", who=BUY),
    Row("resident:buy", "POST", who=BUY, calls_stripe=True, body=_fixed({"hours": "0"})),
    Row("resident:order", thing="order", who=BOOKERS),
    Row("resident:order-done", thing="order", who=BOOKERS),
    Row("resident:visits", who=BOOK),
    *(Row("resident:book", method, who=BOOK) for method in ("GET", "POST")),
    Row("resident:confirm", "POST", "visit", BOOKERS),
    Row("resident:dispute", thing="visit", who=BOOKERS),
    Row("resident:dispute", "POST", "visit", BOOKERS),
    Row("resident:cancel", thing="booking", who=BOOKERS),
    Row("resident:cancel", "POST", "booking", BOOKERS),
    Row("resident:people", who=BOOK),
    Row("resident:people", "POST", who=BOOK),
    Row("resident:stop-acting", "POST", "buyer", BOOKERS),
    Row("resident:act-for", "POST", "customer", BOOKERS),
    Row("resident:cheques", who=BOOK),
    *(Row("resident:complain", method, who=BOOK) for method in ("GET", "POST")),
    *(Row("resident:languages", method, who=BOOK) for method in ("GET", "POST")),
    Row("resident:statement", who=BOOK),
    Row("resident:refund", thing="lot", who=BUYERS),
    Row("resident:refund", "POST", "lot", BUYERS),
    Row("resident:extend", "POST", "lot", BUYERS),
    Row("resident:confirm-coaching", "POST", "coaching", BOOKERS),
    Row("resident:gifts", who=BUY),
    Row("resident:gift-new", who=BUY),
    Row("resident:gift-new", "POST", who=BUY, calls_stripe=True),
    Row("resident:gift-give", thing="purpose", who=BUYERS),
    Row("resident:gift-give", "POST", "purpose", BUYERS),
    Row("resident:firm", who=_all(*FIRM)),
    Row("resident:firm-order", who=_all(*FIRM)),
    Row("resident:firm-order", "POST", who=_all(*FIRM)),
    Row("resident:firm-usage", thing="usage", who=COLLEAGUES, extra={"ending": "xml"}),
    Row("resident:firm-limit", thing="colleague", who=OWNER),
    Row("resident:firm-limit", "POST", "colleague", OWNER),
    *(Row("resident:firm-decide", "POST", "account_order", COLLEAGUES, extra={"step": step}) for step in ("akkoord", "nee")),
    Row("resident:firm-invoice", thing="invoice", who=COLLEAGUES, extra={"ending": "xml"}),
    Row("worker:today", who=_all("worker")),
    Row("worker:week", who=_all("worker")),
    Row("worker:sick", who=_all("worker")),
    Row("worker:sick", "POST", who=_all("worker")),
    Row("worker:pay", who=_all("worker")),
    Row("worker:keep", who=_all("worker")),
    Row("worker:payslip", thing="payslip", who=WORKER),
    Row("worker:check-in", "POST", "assignment", WORKER),
    Row("worker:check-out", "POST", "assignment", WORKER),
    Row("worker:nobody-home", "POST", "assignment", WORKER),
    Row("worker:answer", "POST", "assignment", WORKER),
    *(Row("worker:why-me", method, "assignment", WORKER) for method in ("GET", "POST")),
    *(Row("worker:hours", method, who=_all("worker"), extra={"day": "2026-11-30"}) for method in ("GET", "POST")),
    Row("office:contests", who=_all("coordinator", "qa")),
    *(Row("office:answer-contest", method, "contest", COORDINATOR | {"qa": "here"}) for method in ("GET", "POST")),
    Row("office:planning", who=_all("coordinator")),
    Row("office:ask-plan", "POST", "neighbourhood", COORDINATOR, in_body=True,
        body=lambda ref: {"buurt": ref, "maandag": "2026-12-14"}),
    Row("office:sick", who=_all("coordinator")),
    Row("office:sick", "POST", "worker", COORDINATOR, in_body=True, body=lambda ref: {"medewerker": ref}),
    Row("office:close-week", "POST", "neighbourhood", COORDINATOR, in_body=True,
        body=lambda ref: {"buurt": ref, "maandag": MONDAY}),
    Row("office:publish", "POST", "plan", COORDINATOR),
    Row("office:plan", thing="plan", who=COORDINATOR),
    Row("office:stop-plan", "POST", "plan", COORDINATOR),
    Row("office:undo-plan", "POST", "plan", COORDINATOR),
    Row("office:compare", thing="plan", who=COORDINATOR),
    *(Row("office:weights", method, who=_all("coordinator", "admin")) for method in ("GET", "POST")),
    Row("office:fair-hours", who=_all("coordinator")),
    Row("office:reasons", thing="booking", who=COORDINATOR),
    Row("office:ask-repair", "POST", "visit", COORDINATOR, in_body=True, body=lambda ref: {"bezoek": ref}),
    Row("office:repair", thing="repair", who=COORDINATOR),
    Row("office:repair-again", "POST", "repair", COORDINATOR),
    Row("office:apply-proposal", "POST", "proposal", COORDINATOR),
    Row("office:move", thing="visit", who=COORDINATOR),
    Row("office:move", "POST", "visit", COORDINATOR, body=_fixed({"tijd": "11:00"})),
    Row("office:client-late", "POST", "visit", COORDINATOR, body=_fixed({"thuis": "11:00"})),
    Row("office:replace", thing="visit", who=COORDINATOR),
    Row("office:replace", "POST", "visit", COORDINATOR, body=_fixed({"medewerker": SPARE})),
    Row("office:drop", "POST", "visit", COORDINATOR),
    Row("office:times", thing="assignment", who=COORDINATOR),
    Row("office:times", "POST", "assignment", COORDINATOR),
    Row("office:pool", who=_all("coordinator")),
    Row("office:hire", who=_all("coordinator")),
    Row("office:hire", "POST", who=_all("coordinator")),
    Row("office:worker", thing="worker", who=COORDINATOR),
    *(Row("office:change-worker", "POST", "worker", COORDINATOR, extra={"what": what}) for what in CHANGES),
    Row("office:worker-away", "POST", "worker", COORDINATOR),
    Row("office:worker-back", "POST", "worker", COORDINATOR, body=_fixed({"keer": "0"})),
    Row("office:worker-together", "POST", "worker", COORDINATOR),
    Row("messages", who=EVERYONE),
    Row("messages", "POST", who=EVERYONE, body=_fixed({"channel": "letter"})),
    Row("office:letters", who=_all("desk")),
    Row("office:letters", "POST", who=_all("desk")),
    Row("office:customers", who=_all("desk", "coordinator")),
    Row("office:customer-sell", thing="customer", who=DESK),
    Row("office:customer-statement", thing="customer", who=DESK),
    Row("office:customer-sell", "POST", "customer", DESK),
    Row("office:customer-turn-in", thing="customer", who=DESK),
    Row("office:customer-turn-in", "POST", "customer", DESK),
    Row("office:sponsors", who=_all("coordinator")),
    *(Row(f"office:{name}", method, who=_all("coordinator")) for name in ("coach", "coaching") for method in ("GET", "POST")),
    *(Row("office:coach-invoice", method, "coach", SECOND) for method in ("GET", "POST")),
    *(Row("office:sponsor-new", method, "customer", COORDINATOR) for method in ("GET", "POST")),
    *(Row("office:sponsor-give", method, "purpose", COORDINATOR) for method in ("GET", "POST")),
    Row("office:sponsor-regain", "POST", "purpose", COORDINATOR),
    Row("office:counter", who=_all("desk")),
    *(Row(f"office:counter-{act}", method, who=_all("desk")) for act in ("print", "sell", "block", "count") for method in ("GET", "POST")),
    *(Row(f"office:{name}", method, "customer", {"desk": "here", "coordinator": "here"}) for name in ("note-complaint", "customer-languages") for method in ("GET", "POST")),
    *(Row("office:answer-complaint", method, "complaint", {"qa": "here"}) for method in ("GET", "POST")),
    Row("office:desk-cancel", "POST", "booking", {"desk": "here", "coordinator": "here"}),
    Row("office:pay", who=BOTH),
    Row("office:pay-run", thing="run", who=BOTH),
    Row("office:paid-times", who=OFFICER),
    Row("office:paid-times", "POST", who=OFFICER),
    Row("office:withdraw-time", "POST", "time", OFFICER),
    Row("office:lawbook", who=BOTH | _all("auditor", "admin")),
    Row("office:make-run", "POST", who=OFFICER, body=_fixed({"maand": "2026-11-01"})),
    Row("office:approve", "POST", "file", SECOND),
    Row("office:send", "POST", "file", BOTH),
    Row("office:step-run", "POST", "run", BOTH, extra={"step": "vaststellen"}),
    *(Row("office:step-run", "POST", "run", OFFICER, extra={"step": step}) for step in ("verder", "bureau", "bestand")),
    Row("office:worker-files", who=BOTH),
    Row("office:answer-account", "POST", "account", BOTH, body=_fixed({"akkoord": "nee"})),
    Row("office:worker-file", thing="worker", who=OFFICER),
    Row("office:worker-file", "POST", "worker", OFFICER),
    Row("office:read-file", "POST", "worker", OFFICER),
    Row("office:worker-scale", "POST", "worker", OFFICER),
    Row("office:keeping", who=OFFICER),
    Row("office:keeping-worker", thing="worker", who=OFFICER),
    Row("office:keeping-worker", "POST", "worker", OFFICER),
    Row("office:monitoring", who=OFFICER),
    Row("office:monitoring", "POST", who=OFFICER),
    Row("office:outflow", thing="worker", who=OFFICER),
    Row("office:outflow", "POST", "worker", OFFICER, body=_fixed({"work_months": "0"})),
    Row("office:claim", thing="claim", who=BOTH),
    Row("office:refuse-line", thing="claim", who=OFFICER, extra={"number": "1"}),
    Row("office:refuse-line", "POST", "claim", OFFICER, extra={"number": "1"}, body=_fixed({"reason": "Te laat"})),
    Row("office:withdraw-claim", "POST", "claim", OFFICER),
    Row("office:withdraw-file", "POST", "file", BOTH),
    Row("office:bank", who=BOTH),
    Row("office:bank", "POST", who=BOTH),
    Row("office:mirror", "POST", who=BOTH, calls_stripe=True),
    Row("office:allocate", "POST", "line", BOTH),
    Row("office:release-line", "POST", "parked", BOTH),
    Row("office:accept-line", "POST", "line", BOTH),
    Row("office:debtors", who=BOTH),
    Row("office:remind", "POST", who=BOTH),
    Row("office:blocked-account", who=BOTH),
    Row("office:firm", thing="firm_buyer", who=BOTH),
    Row("office:firm", "POST", "firm_buyer", BOTH),
    Row("office:credit", "POST", "invoice", BOTH),
    Row("office:invoice", thing="invoice", who=BOTH, extra={"ending": "xml"}),
    Row("office:usage-invoices", who=BOTH),
    Row("office:usage-invoice", thing="usage", who=BOTH, extra={"ending": "xml"}),
    Row("office:subsidy", who=BOTH | _all("municipality")),
    Row("office:make-claim", "POST", "municipality", OFFICER, in_body=True,
        body=lambda ref: {"gemeente": ref, "maand": "2026-11-01"}),
    Row("office:send-claim", "POST", "claim", OFFICER),
    Row("office:claim-pack", thing="claim", who=OFFICER),
    Row("office:quality", who=SECOND | _all("qa")),
    Row("office:judge", "POST", "dispute", SECOND | {"qa": "here"}),
    Row("office:refunds", who=BOTH),
    Row("office:refund-approve", "POST", "refund", SECOND, calls_stripe=True),
    Row("office:refund-send", "POST", "refund", BOTH, calls_stripe=True),
    Row("office:refund-account", thing="refund", who=BOTH),
    Row("office:refund-account", "POST", "refund", BOTH),
    Row("office:ask-write-off", "POST", "chargeback", BOTH, body=_fixed({"reden": "Verhuisd"})),
    Row("office:write-off", "POST", "chargeback", SECOND),
    Row("office:customer-refund", thing="customer", who=DESK),
    Row("office:customer-refund", "POST", "customer", DESK),
    Row("office:more-cheques", who=_all("desk", "coordinator", "treasurer")),
    Row("office:ask-more", thing="customer", who=DESK | COORDINATOR),
    Row("office:ask-more", "POST", "customer", DESK | COORDINATOR),
    Row("office:agree-more", "POST", "more", COORDINATOR | SECOND),
    Row("office:closing", who=BOTH | _all("auditor")),
    Row("office:close-period", "POST", who=SECOND, body=_fixed({"periode": "2026-11"})),
    Row("office:journal", who=BOTH | _all("auditor")),
    Row("office:books", who=BOTH | _all("auditor")),
    Row("office:set-up", who=ADMIN),
    Row("office:set-up-organisation", who=ADMIN),
    Row("office:set-up-organisation", "POST", who=ADMIN, body=_fixed({"name": "Stichting"})),
    Row("office:set-up-towns", who=ADMIN),
    Row("office:set-up-towns", "POST", who=ADMIN, body=_fixed({"name": "Tilburg"})),
    Row("office:set-up-places", who=ADMIN),
    Row("office:set-up-places", "POST", "municipality", ADMIN, in_body=True,
        body=lambda ref: {"name": "Zuid", "municipality": ref}),
    Row("office:set-up-postcodes", thing="neighbourhood", who=ADMIN),
    Row("office:set-up-postcodes", "POST", "neighbourhood", ADMIN, body=_fixed({"text": "4899 ZZ; Dijk"})),
    Row("office:leave-postcode", "POST", "neighbourhood", ADMIN, body=_fixed({"postcode": "4899ZZ"})),
    Row("office:set-up-services", who=ADMIN),
    Row("office:set-up-services", "POST", who=ADMIN),
    Row("office:set-up-outside", who=ADMIN),
    Row("office:set-up-law", who=ADMIN),
    Row("office:set-up-staff", who=ADMIN | SECOND),
    Row("office:set-up-staff", "POST", who=ADMIN | SECOND, body=_fixed({"name": "A", "email": "a@b.nl", "role": "desk"})),
    Row("office:opening", who=BOTH),
    Row("office:opening", "POST", who=BOTH, body=_fixed({"day": "2026-11-01", "voorleggen": "1"})),
    Row("office:opening-sheet", thing="sheet", who=BOTH),
    Row("office:book-opening", "POST", "sheet", SECOND),
    Row("office:withdraw-opening", "POST", "sheet", BOTH),
    Row("office:answer-role", "POST", "asked", ADMIN | SECOND, body=_fixed({"akkoord": "nee"})),
    Row("office:end-role", "POST", "member", ADMIN, extra={"role": "auditor"}),
    Row("office:reconciling", who=BOTH | _all("auditor")),
    Row("office:auditing", who=SECOND | _all("auditor")),
    Row("office:pack-anew", "POST", who=SECOND | _all("auditor"), body=_fixed({"van": "2026-10-01", "tot": "2026-11-01"})),
    Row("office:coverage", who=BOTH | _all("auditor")),
    Row("office:break-even", who=BOTH | _all("auditor")),
    *(Row("office:sheet", thing=thing, who=BOTH | _all("auditor"), extra={"kind": kind}) for kind, thing in SHEETS.items()),
    Row("office:sheet", thing="visit", who=BOTH | _all("auditor") | {"coordinator": "here", "qa": "here"}, extra={"kind": "bezoek"}),
    Row("office:reveal", "POST", "worker_user", _all("auditor"), in_body=True,
        body=lambda ref: {"wie": f"user:{ref}", "reden": "sample"}),
    Row("office:awards", who=BOTH),
    Row("office:award-new", who=OFFICER),
    Row("office:award-new", "POST", who=OFFICER),
    Row("office:benefit-new", who=OFFICER),
    Row("office:benefit-new", "POST", who=OFFICER),
    Row("office:award-next", thing="award", who=OFFICER),
    Row("office:award-next", "POST", "award", OFFICER),
    Row("office:award-contract", thing="award", who=OFFICER),
    Row("office:award-contract", "POST", "award", OFFICER),
    Row("office:town-money", who=BOTH),
    *(Row("office:town-money-new", method, who=OFFICER, extra={"what": what}) for what in TOWN_MONEY for method in ("GET", "POST")),
    Row("office:scheme-ask", "POST", "scheme", OFFICER, body=_fixed({"maand": "2026-11-01"})),
    Row("office:grant-refuse", "POST", "grant", OFFICER),
    Row("office:fair", who=BOTH | _all("auditor", "municipality")),
    *(Row("office:fair-new", method, who=OFFICER, extra={"what": what}) for what in FAIR for method in ("GET", "POST")),
    *(Row("office:refuse-work", method, who=_all("payroll", "coordinator", "desk")) for method in ("GET", "POST")),
    Row("office:social-return", who=BOTH),
    *(Row(f"office:social-return-{name}", method, who=OFFICER) for name in ("new", "values") for method in ("GET", "POST")),
    Row("office:social-contract", thing="duty", who=BOTH),
    Row("office:social-place", thing="duty", who=OFFICER),
    Row("office:social-place", "POST", "duty", OFFICER),
    Row("office:results", who=BOTH | _all("auditor", "municipality")),
]  # fmt: skip

MATRIX = [*API, *PAGES]

# Routes of others, and those about nobody: not asked role by role, each with the reason.
APART = {
    "account_": "django-allauth: signing in and one's own account; the library tests them",
    "mfa_": "django-allauth: one's own second factor",
    "set_language": "Django: sets a cookie",
    "begin": "the single-use link of the first administrator; tested in tests/web/test_first.py",
    "health": "says whether the servers answer; holds no data",
}
