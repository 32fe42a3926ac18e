"""Pages of a visit, a payslip and a claim: the minutes, the wages and the subsidy behind an hour."""

from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from books import bank_rows, cells, hour_shares
from books.cells import Cell, Rows, Sheet
from books.hour_steps import Link
from books.names import Names
from books.sheets_of_cheques import bank_table, entries, figure
from cheques.models import Movement
from identity.models import User
from payroll.models import PaidPiece, Payslip, WageLine
from scheduling.models import Assignment, Visit
from subsidies.models import Claim, ClaimLine, PieceShare


def visit(row: Visit, names: Names) -> Sheet:
    """A booking and its visit: what was kept aside, who went and why, and the three clocks. No prices."""
    booking, crew = (
        row.booking,
        list(row.assignments.select_related("worker__user", "confirmed_by").order_by("pk")),
    )
    facts = [
        (_("Dienst"), cells.text(booking.service.name_nl)),
        (_("Begin"), cells.moment(row.start_at)),
        (_("Einde"), cells.moment(row.end_at)),
        (_("Stand"), cells.text(row.get_state_display())),
        (_("Geboekt op"), cells.moment(booking.placed_at)),
        (_("Gepubliceerd op"), cells.moment(row.published_at)),
        (_("Planning"), cells.text(row.plan.ref if row.plan else _("met de hand"))),
    ]
    return Sheet(
        _("Bezoek %(ref)s") % {"ref": row.ref}, facts,
        [_held(row), _why(crew, names), _minutes(crew, names), _borne(crew, names)],
        _people(names, [one.worker.user for one in crew]),
    )  # fmt: skip


def _held(row: Visit) -> Rows:
    moves = Movement.objects.filter(hold=row.booking.hold_id).select_related("lot").order_by("pk")
    return Rows(
        _("Cheques apart gezet"), [_("Wanneer"), _("Van"), _("Naar"), _("Uren"), _("Lot")],
        [
            [cells.moment(move.at), cells.text(figure(move.source)), cells.text(figure(move.target)),
             cells.minutes(move.minutes), cells.text(move.lot.ref, Link("lot", move.lot.ref, move.lot.ref))]
            for move in moves
        ],
        "boeking",
    )  # fmt: skip


def _why(crew: list[Assignment], names: Names) -> Rows:
    tongue = (get_language() or "nl")[:2]
    rows = [
        [cells.text(names.of(one.worker.user)), cells.text(one.get_state_display()), cells.moment(one.assigned_at),
         cells.text("; ".join(line.get(tongue, line["nl"]) for line in one.why))]
        for one in crew
    ]  # fmt: skip
    return Rows(_("Wie en waarom"), [_("Wie"), _("Stand"), _("Sinds"), _("Waarom")], rows, "planning")


def _minutes(crew: list[Assignment], names: Names) -> Rows:
    rows = [
        [
            cells.text(names.of(one.worker.user), Link("hour", one.ref, one.ref)), cells.moment(one.checked_in_at),
            cells.moment(one.checked_out_at), cells.minutes(one.recorded_minutes), cells.minutes(one.accepted_minutes),
            cells.minutes(one.confirmed_minutes), cells.text(one.get_outcome_display()),
            cells.text(names.of(one.confirmed_by) if one.confirmed_by else ""),
        ]
        for one in crew
    ]  # fmt: skip
    heads = [
        _("Wie"),
        _("Gekomen"),
        _("Weg"),
        _("Gewerkt"),
        _("Geaccepteerd"),
        _("Bevestigd"),
        _("Hoe"),
        _("Door wie"),
    ]
    return Rows(_("Uren"), heads, rows, "uren")


def _borne(crew: list[Assignment], names: Names) -> Rows:
    rows = [
        [cells.text(names.of(one.worker.user)), cells.minutes(borne.minutes), cells.text(borne.get_reason_display()),
         cells.moment(borne.at)]
        for one in crew
        for borne in one.borne.order_by("pk")
    ]  # fmt: skip
    return Rows(
        _("Voor onze rekening"), [_("Wie"), _("Uren"), _("Waarom"), _("Wanneer")], rows, "voor-onze-rekening"
    )


def payslip(row: Payslip, names: Names) -> Sheet:
    """A month of one worker: its wage lines, every piece of work in them, and the bank lines that paid it."""
    facts = [
        (_("Medewerker"), cells.text(names.of(row.worker.user))),
        (_("Maand"), cells.text(f"{row.run.month:%m-%Y}")),
        (_("Bruto"), cells.cents(row.gross_cents)),
        (_("Ingehouden"), cells.cents(row.withheld_cents)),
        (_("Netto"), cells.cents(row.net_cents)),
        (_("Vakantiegeld"), cells.cents(row.holiday_cents)),
        (_("Premies"), cells.cents(row.premium_cents)),
        (_("Kosten samen"), cells.cents(row.cost_cents)),
    ]
    lines = list(row.run.lines.filter(worker=row.worker).order_by("pk"))
    payments = [
        [cells.text(one.file.message_id), cells.text(one.end_to_end_id), cells.cents(one.cents),
         cells.text(one.get_state_display())]
        for one in row.payments.select_related("file").order_by("pk")
    ]  # fmt: skip
    return Sheet(
        _("Loonstrook %(ref)s") % {"ref": row.ref}, facts,
        [
            _lines(lines), _pieces(row),
            Rows(_("Betaling"), [_("Bestand"), _("Kenmerk"), _("Euro"), _("Stand")], payments, "betaling"),
            bank_table(bank_rows.of_payslip(row)), entries(f"wage:{row.pk}", f"net:{row.pk}"),
        ],
        _people(names, [row.worker.user]),
    )  # fmt: skip


def _lines(lines: list[WageLine]) -> Rows:
    rows = [
        [cells.text(line.get_kind_display()), cells.moment(line.from_on), cells.minutes(line.minutes),
         cells.cents(line.rate_cents), cells.cents(line.cents), cells.text(line.rule)]
        for line in lines
    ]  # fmt: skip
    heads = [_("Soort"), _("Vanaf"), _("Uren"), _("Per uur"), _("Euro"), _("Regel")]
    return Rows(_("Loonregels"), heads, rows, "regels", [f"regel-{line.pk}" for line in lines])


def _pieces(row: Payslip) -> Rows:
    cost, rest = hour_shares.cost_of_pieces(row)
    pieces = (
        PaidPiece.objects.filter(pk__in=cost)
        .select_related("assignment__visit", "travel", "time")
        .order_by("pk")
    )
    rows = []
    for piece in pieces:
        when: date
        if piece.assignment:
            hour = cells.text(_("bezoek"), Link("hour", piece.assignment.ref, piece.assignment.ref))
            when = piece.assignment.visit.start_at
        elif piece.time:
            hour, when = cells.text(piece.time.get_kind_display()), piece.time.on
        else:
            assert piece.travel is not None
            hour, when = cells.text(_("reistijd")), piece.travel.start_at
        rows.append([
            cells.moment(when), hour, cells.minutes(piece.minutes), cells.cents(piece.cents), cells.cents(cost[piece.pk])
        ])  # fmt: skip
    if rest:
        rows.append(
            [
                cells.text(""),
                cells.text(_("hoort bij geen bezoek")),
                cells.text(""),
                cells.text(""),
                cells.cents(rest),
            ]
        )
    heads = [_("Wanneer"), _("Wat"), _("Uren"), _("Bruto"), _("Kosten")]
    return Rows(_("Werk"), heads, rows, "werk")


def claim(row: Claim, names: Names) -> Sheet:
    """A month's claim: each line with its award, and the hours it is shared over."""
    lines = list(row.lines.select_related("award__worker__user").order_by("pk"))
    asked = [line for line in lines if line.state != ClaimLine.State.REFUSED]
    facts = [
        (_("Gemeente"), cells.text(row.municipality.name)),
        (_("Maand"), cells.text(f"{row.month:%m-%Y}")),
        (_("Stand"), cells.text(row.get_state_display())),
        (_("Ingediend op"), cells.moment(row.sent_at)),
        (_("Gevraagd"), cells.cents(sum(line.subsidy_cents + line.compensation_cents for line in asked))),
        (_("Ontvangen"), cells.cents(sum(one.cents for one in bank_rows.of_claim(row)))),
    ]
    heads = [
        _("Medewerker"),
        _("Beschikking"),
        _("Vanaf"),
        _("Subsidie"),
        _("Lasten"),
        _("Stand"),
        _("Gedeeld over"),
    ]
    return Sheet(
        _("Aanvraag %(ref)s") % {"ref": row.ref}, facts,
        [
            bank_table(bank_rows.of_claim(row)),
            Rows(_("Regels"), heads, [_claim_line(line, names) for line in lines], "regels",
                 [f"regel-{line.pk}" for line in lines]),
            entries(*(f"claimline:{line.pk}" for line in lines)),
        ],
        _people(names, [line.award.worker.user for line in lines]),
    )  # fmt: skip


def _claim_line(line: ClaimLine, names: Names) -> list[Cell]:
    shares = PieceShare.objects.filter(line=line)
    return [
        cells.text(names.of(line.award.worker.user)), cells.text(line.award.letter), cells.moment(line.from_on),
        cells.cents(line.subsidy_cents), cells.cents(line.compensation_cents), cells.text(line.get_state_display()),
        cells.text(_("%(count)s stukken werk, samen %(cents)s cent") % {
            "count": shares.count(), "cents": sum(share.cents for share in shares)}),
    ]  # fmt: skip


def _people(names: Names, users: list[User]) -> list[tuple[str, str]]:
    return [(f"user:{user.ref}", names.of(user)) for user in dict.fromkeys(users) if names.hides(user)]
