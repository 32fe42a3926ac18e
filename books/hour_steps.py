"""The steps of one hour, each with a sentence, an amount, what it links to, and the bank lines it ends in."""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from books import bank_rows, hour_shares
from books.bank_rows import BankRow
from books.names import Names
from cheques.models import Lot, Movement
from payroll.models import PaidPiece, Payment, WageLine
from scheduling.models import Assignment


@dataclass(frozen=True)
class Link:
    """What a step is made of: a kind of thing, its ref, the word for it, and where on its page."""

    kind: str
    ref: str
    word: str
    anchor: str = ""


@dataclass(frozen=True)
class Step:
    """One link of the chain. `cents` is None where the viewer sees no amount, or none exists yet."""

    number: int
    name: str
    text: str
    cents: int | None
    done: bool
    links: list[Link] = field(default_factory=list)
    bank: list[BankRow] = field(default_factory=list)


@dataclass(frozen=True)
class Sight:
    """How a viewer looks: as the buyer, at own work, at everything; and by which names."""

    buyer: bool
    own: bool
    everything: bool
    names: Names

    @property
    def prices(self) -> bool:
        """Whether what the customer paid is theirs to see."""
        return self.buyer or self.everything


def bought(assignment: Assignment, sight: Sight) -> Step:
    """The orders whose lots were kept aside or used for this visit."""
    lots = _lots(assignment)
    text = "; ".join(
        _("%(hours)s cheques op %(day)s, %(way)s, bestelling %(ref)s")
        % {"hours": lot.origin.hours, "day": _day(lot.issued_at), "way": lot.origin.get_way_display(), "ref": lot.origin.ref}
        for lot in lots
    )  # fmt: skip
    links = [Link("order", lot.origin.ref, _("bestelling %(ref)s") % {"ref": lot.origin.ref}) for lot in lots]
    bank: list[BankRow] = []
    if sight.everything:
        payouts = dict.fromkeys(ref for lot in lots for ref in bank_rows.payouts_of(lot.origin))
        links += [Link("payout", ref, _("uitbetaling %(ref)s") % {"ref": ref[-6:]}) for ref in payouts]
        bank = list(dict.fromkeys(row for lot in lots for row in bank_rows.of_order(lot.origin)))
    cents = sum(lot.origin.total_cents for lot in lots) if sight.prices else None
    return Step(1, _("Gekocht"), text or _("Nog geen cheques."), cents, bool(lots), links, bank)


def held(assignment: Assignment, sight: Sight) -> Step:
    """The hours that were kept aside when the visit was booked."""
    booking = assignment.visit.booking
    text = _("%(hours)s apart gezet op %(day)s") % {
        "hours": _hours(booking.hold.minutes), "day": _day(booking.hold.placed_at),
    }  # fmt: skip
    parts = (
        Movement.objects.filter(hold=booking.hold, target=Movement.Figure.HELD)
        .select_related("lot")
        .order_by("pk")
    )
    cents = sum(part.minutes * part.lot.price_cents // 60 for part in parts) if sight.prices else None
    return Step(
        2, _("Gereserveerd"), text, cents, True, [Link("booking", assignment.visit.ref, _("boeking"))]
    )


def planned(assignment: Assignment, sight: Sight) -> Step:
    """Who goes, and why this person."""
    name = sight.names.of(assignment.worker.user)
    tongue = (get_language() or "nl")[:2]
    why = ", ".join(line.get(tongue, line["nl"]) for line in assignment.why)
    links = [Link("plan", assignment.visit.ref, _("planning en waarom"))]
    return Step(3, _("Gepland"), f"{name}: {why}" if why else name, None, True, links)


def worked(assignment: Assignment, sight: Sight) -> Step:
    """The three clocks: recorded, accepted, confirmed; and who confirmed."""
    links = [Link("minutes", assignment.visit.ref, _("minuten van dit bezoek"))]
    if assignment.recorded_minutes is None:
        return Step(4, _("Gewerkt"), _("Nog niet gewerkt."), None, False, links)
    said = [_("%(hours)s gewerkt") % {"hours": _hours(assignment.recorded_minutes)}]
    if assignment.checked_in_at and assignment.checked_out_at:
        said[0] = f"{_clock(assignment.checked_in_at)} - {_clock(assignment.checked_out_at)}, {said[0]}"
    if assignment.accepted_minutes is not None:
        said.append(_("%(hours)s geaccepteerd") % {"hours": _hours(assignment.accepted_minutes)})
    if assignment.confirmed_at:
        said.append(
            _("%(hours)s bevestigd op %(day)s")
            % {"hours": _hours(assignment.confirmed_minutes), "day": _day(assignment.confirmed_at)}
        )
    if assignment.confirmed_by and not sight.own:
        said.append(_("door %(name)s") % {"name": sight.names.of(assignment.confirmed_by)})
    borne = list(assignment.borne.order_by("pk"))
    said += [
        f"{_hours(row.minutes)} {_('voor onze rekening')}: {row.get_reason_display().lower()}"
        for row in borne
    ]
    text = f"{', '.join(said)} ({assignment.get_outcome_display()})"
    return Step(4, _("Gewerkt"), text, None, True, links)


def paid(assignment: Assignment, sight: Sight) -> Step:
    """The cheques that paid the confirmed minutes, and the VAT in them."""
    name, rows = (
        _("Betaald met cheques"),
        list(hour_shares.redeemed(assignment).select_related("movement__lot")),
    )
    gross = hour_shares.share_of_redemption(assignment)
    if not gross:
        return Step(5, name, _("Nog niet: eerst worden de uren bevestigd."), None, False)
    if not sight.prices:
        return Step(5, name, _("Met cheques betaald."), None, True)
    lots = {row.movement.lot_id: row.movement.lot for row in rows}
    text = _("uit lot %(lots)s; btw %(rate)s%%: %(vat)s euro") % {
        "lots": ", ".join(f"{lot.ref} ({_('geldig tot')} {_day(lot.expires_at)})" for lot in lots.values()),
        "rate": f"{rows[0].vat_rate * 100:.0f}", "vat": _euros(hour_shares.vat_cents(assignment)),
    }  # fmt: skip
    links = [Link("lot", lot.ref, _("lot %(ref)s") % {"ref": lot.ref}, "gebruik") for lot in lots.values()]
    return Step(5, name, text, gross, True, links)


def wage(assignment: Assignment, sight: Sight) -> Step:
    """The wage of these minutes; with what the employer pays on top for those who see everything."""
    pieces = list(PaidPiece.objects.filter(assignment=assignment).select_related("line").order_by("pk"))
    slip = hour_shares.slip_of(assignment)
    if not pieces or slip is None:
        return Step(6, _("Loon"), _("Nog niet: na het einde van de maand."), None, False)
    gross = sum(one.cents for one in pieces)
    text = _("%(hours)s x %(rate)s euro = %(gross)s euro bruto") % {
        "hours": _hours(sum(one.minutes for one in pieces if one.line.kind not in WageLine.ON_TOP)),
        "rate": " / ".join(dict.fromkeys(_euros(one.line.rate_cents) for one in pieces)), "gross": _euros(gross),
    }  # fmt: skip
    cents = gross
    if sight.everything:
        cents = hour_shares.wage_cents(assignment)
        if travel := hour_shares.travel_minutes(assignment):
            text += "; " + _("met %(minutes)s minuten reistijd hierheen") % {"minutes": travel}
        text += "; " + _("daarbij %(more)s euro, met vakantiegeld en premies") % {
            "more": _euros(cents - gross)
        }
    payments = list(slip.payments.select_related("file").order_by("pk"))
    booked = [one for one in payments if one.state == Payment.State.BOOKED]
    text += "; " + (_("door de bank afgeschreven") if booked else _("nog niet afgeschreven"))
    links = [
        Link("payslip", slip.ref, _("loonstrook %(ref)s") % {"ref": slip.ref}, f"regel-{pieces[0].line_id}")
    ]
    if sight.everything:
        links += [
            Link("payment", slip.ref, _("betaalbestand %(name)s") % {"name": one.file.message_id}, "betaling")
            for one in payments
        ]
    bank = bank_rows.of_payslip(slip) if sight.everything or sight.own else []
    return Step(6, _("Loon"), text, cents, True, links, bank)


def subsidy(assignment: Assignment, _sight: Sight) -> Step:
    """The part of the claim for this worker's month that belongs to these minutes."""
    shares = list(
        hour_shares.shares(assignment)
        .select_related("line__claim__municipality", "line__award")
        .order_by("line", "pk")
    )
    if not shares:
        return Step(7, _("Subsidie"), _without_subsidy(assignment), None, False)
    lines = list({share.line_id: share.line for share in shares}.values())
    text = "; ".join(
        _("deel van dit uur in aanvraag %(ref)s aan %(town)s, beschikking %(letter)s, %(state)s")
        % {"ref": line.claim.ref, "town": line.claim.municipality.name, "letter": line.award.letter,
           "state": line.get_state_display().lower()}
        for line in lines
    )  # fmt: skip
    links = [
        Link("claim", line.claim.ref, _("aanvraag %(ref)s") % {"ref": line.claim.ref}, f"regel-{line.pk}")
        for line in lines
    ]
    bank = list(dict.fromkeys(row for line in lines for row in bank_rows.of_claim(line.claim)))
    return Step(7, _("Subsidie"), text, sum(share.cents for share in shares), True, links, bank)


def _without_subsidy(assignment: Assignment) -> str:
    if PaidPiece.objects.filter(assignment=assignment).exists():
        return _("Geen loonkostensubsidie gevraagd voor dit uur: cheques en eigen middelen betalen het.")
    return _("Nog niet: na de lonen van de maand.")


MAKERS = (bought, held, planned, worked, paid, wage, subsidy)


def _lots(assignment: Assignment) -> list[Lot]:
    """The lots that were held for the booking, and those that paid what the hold could not."""
    held_in = Movement.objects.filter(hold=assignment.visit.booking.hold_id).values("lot")
    used = hour_shares.redeemed(assignment).values("movement__lot")
    rows = Lot.objects.filter(pk__in=held_in) | Lot.objects.filter(pk__in=used)
    return list(rows.select_related("order", "parent__order").order_by("pk"))


def _day(moment: object) -> str:
    return date_format(timezone.localtime(moment), "j-n-Y")  # type: ignore[arg-type]


def _clock(moment: object) -> str:
    return date_format(timezone.localtime(moment), "G:i")  # type: ignore[arg-type]


def _hours(minutes: int) -> str:
    whole, left = divmod(minutes, 60)
    return _("%(hours)s uur") % {"hours": f"{whole}:{left:02d}" if left else whole}


def _euros(cents: int) -> str:
    sign, mark = "-" if cents < 0 else "", "." if (get_language() or "nl").startswith("en") else ","
    return f"{sign}{abs(cents) // 100}{mark}{abs(cents) % 100:02d}"
