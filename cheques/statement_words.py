"""A statement in plain words: each line, each figure, and the whole in a few sentences."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from cheques.statement import FIGURES, Kind, Line, Stand, Statement
from documents.typesetting import day as in_words
from documents.typesetting import euro

SENTENCES = {
    Kind.BOUGHT: gettext_noop("Gekocht. Bestelling %(name)s."),
    Kind.TAKEN_OVER: gettext_noop("Deze uren had u al bij ons, van vroeger."),
    Kind.RECEIVED: gettext_noop("Gekregen: %(name)s."),
    Kind.KEPT: gettext_noop("Gereserveerd: %(service)s, uiterlijk %(day)s."),
    Kind.RELEASED: gettext_noop("Weer vrij. Niet nodig voor: %(service)s."),
    Kind.RELEASED_LATE: gettext_noop("Niet nodig voor: %(service)s. Deze uren waren al verlopen."),
    Kind.USED: gettext_noop("Gebruikt: %(service)s, %(day)s."),
    Kind.OWED: gettext_noop("Nog te betalen met cheques: %(service)s, %(day)s."),
    Kind.SETTLED: gettext_noop("Betaald wat nog openstond: %(service)s, %(day)s."),
    Kind.UNDONE: gettext_noop("Toch niet gebruikt: %(service)s, %(day)s. De uren zijn weer gereserveerd."),
    Kind.REFUNDED: gettext_noop("Teruggegeven. U krijgt het geld terug."),
    Kind.CREDITED: gettext_noop("Teruggegeven met een creditnota."),
    Kind.REFUND_FAILED: gettext_noop("Geld terug lukte niet. U hebt de uren weer."),
    Kind.EXPIRED: gettext_noop("Verlopen."),
    Kind.EXTENDED: gettext_noop("Langer te gebruiken, tot en met %(until)s."),
    Kind.GIVEN: gettext_noop("Gegeven aan iemand anders."),
    Kind.CAME_BACK: gettext_noop("Weer van u. Wie ze kreeg, gebruikte ze niet."),
    Kind.WENT_BACK: gettext_noop("Terug naar wie ze gaf."),
    Kind.FROZEN: gettext_noop("Even vastgezet. De bank haalt het geld terug."),
    Kind.THAWED: gettext_noop("Niet meer vastgezet."),
    Kind.CANCELLED: gettext_noop("Vervallen. De bank haalde het geld terug."),
}
WORDS = {
    "free": gettext_noop("vrij"), "held": gettext_noop("gereserveerd"), "used": gettext_noop("gebruikt"),
    "expired": gettext_noop("verlopen"), "frozen": gettext_noop("even vastgezet"), "owed": gettext_noop("nog te betalen"),
}  # fmt: skip
ALWAYS = 4  # the figures of a wallet; frozen and owed are said when there are any


def say(line: Line, services: Mapping[str, str]) -> str:
    """Return what happened in a sentence.

    :param services: the names of services by their code, in the active language.
    """
    return _(SENTENCES[line.kind]) % {
        "name": line.name or _("een papieren cheque"), "service": services.get(line.service) or _("hulp"),
        "day": in_words(line.on) if line.on else _("op een dag naar keuze"), "until": in_words(line.until) if line.until else "",
    }  # fmt: skip


def figures(statement: Statement) -> Iterator[tuple[str, int, int]]:
    """Return each figure in words, with its minutes at the beginning and at the end."""
    for number, name in enumerate(FIGURES):
        opening, closing = getattr(statement.opening, name), getattr(statement.closing, name)
        if number < ALWAYS or opening or closing:
            yield _(WORDS[name]), opening, closing


def title(statement: Statement) -> str:
    """Return what a statement of a year, or of a part of it, is called."""
    return _("Overzicht van uw cheques in %(year)s") % {"year": statement.first_day.year}


def period(statement: Statement) -> str:
    """Return from when to when, in words."""
    return _("Van %(first)s tot en met %(last)s.") % {
        "first": in_words(statement.first_day), "last": in_words(statement.last_day),
    }  # fmt: skip


def last_words(statement: Statement) -> list[str]:
    """Return what matters from now on: what expires first, and what must still be paid."""
    said = []
    if statement.next_expiry:
        minutes, day = statement.next_expiry
        said.append(
            _("%(hours)s kunt u gebruiken tot en met %(day)s.")
            % {"hours": hours(minutes), "day": in_words(day)}
        )
    if statement.closing.owed:
        said.append(
            _("U moet nog %(hours)s met cheques betalen. Dat gaat vanzelf als u weer cheques koopt.")
            % {"hours": hours(statement.closing.owed)}
        )
    return said


def in_short(statement: Statement) -> list[str]:
    """Return the whole in a few sentences: what came, what went, what there is."""
    if not statement.lines:
        return [_("Er gebeurde niets met uw cheques.")]
    told = [
        (_("U kocht %(hours)s, voor %(euro)s euro."), (Kind.BOUGHT,)),
        (_("U kreeg %(hours)s van iemand anders."), (Kind.RECEIVED,)),
        (_("U gebruikte %(hours)s."), (Kind.USED, Kind.SETTLED)),
        (_("U gaf %(hours)s aan iemand anders."), (Kind.GIVEN,)),
        (_("U gaf %(hours)s terug, voor %(euro)s euro."), (Kind.REFUNDED, Kind.CREDITED)),
        (_("Er verliep %(hours)s."), (Kind.EXPIRED, Kind.RELEASED_LATE)),
    ]
    said = []
    for sentence, kinds in told:
        minutes, cents = statement.total(*kinds)
        if Kind.USED in kinds:
            minutes, cents = minutes - statement.total(Kind.UNDONE)[0], 0
        if minutes:
            said.append(sentence % {"hours": hours(minutes), "euro": euro(cents)})
    left = _("U hebt nu %(free)s vrij en %(held)s gereserveerd.")
    then = _("Op %(day)s had u %(free)s vrij en %(held)s gereserveerd.")
    closing: Stand = statement.closing
    over = statement.last_day.month == 12 and statement.last_day.day == 31
    return [*said, (then if over else left) % {
        "free": hours(closing.free), "held": hours(closing.held), "day": in_words(statement.last_day),
    }]  # fmt: skip


def hours(minutes: int) -> str:
    """Return minutes as people say them: "2 uur", "1 uur en 15 minuten"."""
    whole, rest = divmod(minutes, 60)
    in_hours = ngettext("%(count)s uur", "%(count)s uur", whole) % {"count": whole}
    if not rest:
        return in_hours
    in_minutes = ngettext("%(count)s minuut", "%(count)s minuten", rest) % {"count": rest}
    return _("%(hours)s en %(minutes)s") % {"hours": in_hours, "minutes": in_minutes} if whole else in_minutes
