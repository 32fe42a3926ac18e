"""The small pieces of our pages: `{% load wijk %}`. The style page (/stijl/) shows each of them in use."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from marketplace import catalogue
from marketplace.models import Service
from web import wording

register = template.Library()

_ICONS = Path(__file__).resolve().parent.parent / "built" / "icons.json"

# kind -> (class of the design system, icon). A state is never told by its colour alone.
_BADGES = {
    "good": ("safe", "circle-check"),
    "waits": ("warning", "clock"),
    "wrong": ("error", "circle-alert"),
    "info": ("neutral", "info"),
    "draft": ("inactive", "circle-dashed"),
    "off": ("inactive", "ban"),
}
_ALERTS = {
    "good": ("ok", "circle-check"),
    "waits": ("warning", "clock"),
    "wrong": ("error", "circle-alert"),
    "info": ("info", "info"),
}
# Django's message levels in the same words
_MESSAGES = {"success": "good", "warning": "waits", "error": "wrong"}


@cache
def _drawings() -> dict[str, str]:
    drawings: dict[str, str] = json.loads(_ICONS.read_text())
    return drawings


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Draw an icon from web/styles/icons.txt; size "large" or "small". The word beside it carries the meaning.

    :raises LookupError: the list does not have it, or the icons were not built yet.
    """
    if not _ICONS.exists():
        raise LookupError("The icons are not built yet: run `npm ci` and `npm run build`.")
    if name not in _drawings():
        raise LookupError(f"No icon {name!r}: add it to web/styles/icons.txt and build.")
    return format_html(
        '<svg class="wijk-icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f" wijk-icon--{size}" if size else "",
        mark_safe(_drawings()[name]),  # noqa: S308 - from the icon package, by name
    )


@register.simple_tag
def euro(cents: int | None, form: str = "woorden") -> str:
    """Say an amount in cents: see `wording.euro` for the forms."""
    return "" if cents is None else wording.euro(cents, form)


@register.simple_tag
def uren(minutes: int | None, form: str = "woorden") -> str:
    """Say a length of time in minutes: see `wording.hours` for the forms."""
    return "" if minutes is None else wording.hours(minutes, form)


@register.simple_tag
def datum(value: date | None, form: str = "dag") -> str:
    """Say a day or a moment: see `wording.moment` for the forms."""
    return "" if value is None else wording.moment(value, form)


@register.simple_tag
def periode(start: datetime | None, end: datetime | None) -> str:
    """Say from when to when on one day."""
    return "" if start is None or end is None else wording.span(start, end)


@register.simple_tag
def badge(kind: str, word: str) -> SafeString:
    """Show a state as a sign and a word; kind is good, waits, wrong, info, draft or off."""
    style, sign = _BADGES[kind]
    return format_html(
        '<span class="utrecht-status-badge utrecht-status-badge--{} wijk-badge wijk-badge--{}">{}{}</span>',
        style, kind, icon(sign, "small"), word,
    )  # fmt: skip


@register.simple_tag
def face(name: str) -> SafeString:
    """Show the initials of a person in a circle; the name itself must stand beside it."""
    words = name.split()
    letters = words[0][:1] + (words[-1][:1] if len(words) > 1 else "") if words else "?"
    return format_html('<span class="wijk-face" aria-hidden="true">{}</span>', letters.upper())


@register.simple_tag
def range_bar(low: int, high: int, most: int) -> SafeString:
    """Draw from low to high on a scale of 0 to most, as a small bar; the sentence above it says the same."""
    start, width = round(100 * low / most), max(round(100 * (high - low) / most), 4)
    return format_html(
        '<svg class="wijk-range" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="wijk-range__all" width="100" height="6"/>'
        '<rect class="wijk-range__part" x="{}" width="{}" height="6"/></svg>',
        start, width,
    )  # fmt: skip


@register.simple_block_tag
def card(
    content: str, heading: str = "", *, tone: str = "", icon_name: str = "", level: int = 2
) -> SafeString:
    """Frame one thing: `{% card "Klopt het?" tone="waits" icon_name="clock" %}...{% endcard %}`.

    Tone is empty, waits, wrong, good or sand.
    """
    return _framed(
        "components/card.html", content, heading=heading, tone=tone, icon_name=icon_name, level=level
    )


@register.simple_block_tag
def alert(content: str, kind: str = "info", heading: str = "") -> SafeString:
    """Say what happened or what to do; kind is good, waits, wrong or info."""
    style, sign = _ALERTS[kind]
    return _framed("components/alert.html", content, kind=kind, heading=heading, style=style, sign=sign)


@register.simple_block_tag
def empty(content: str, heading: str, icon_name: str = "inbox") -> SafeString:
    """Explain why there is nothing here, and offer the first step."""
    return _framed("components/empty.html", content, heading=heading, icon_name=icon_name)


@register.simple_block_tag
def definition(content: str, term: str) -> SafeString:
    """Explain a word where it stands, not inside a `<p>`: `{% definition "bruto" %}Uw loon voor de belasting.{% enddefinition %}`."""
    return _framed("components/definition.html", content, term=term)


@register.simple_block_tag
def table(content: str, caption: str, *, sticky: bool = True, hide_caption: bool = False) -> SafeString:
    """Wrap `<thead>` and `<tbody>` in a table that scrolls by itself and can be reached by keyboard."""
    return _framed(
        "components/table.html", content, caption=caption, sticky=sticky, hide_caption=hide_caption
    )


def _framed(name: str, content: str, **values: Any) -> SafeString:
    return render_to_string(name, {"content": conditional_escape(content), **values})


@register.inclusion_tag("components/progress.html")
def progress(step: int, steps: int) -> dict[str, Any]:
    """Say where a person is: "Stap 2 van 4"."""
    return {"step": step, "steps": steps, "range": range(1, steps + 1)}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """List every error of one or more forms above them, each a link to its field. `{{ form }}` has it already."""
    fields = [field for form in forms for field in form if field.errors]
    general = [error for form in forms for error in form.non_field_errors()]
    return {"fields": fields, "general": general}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Mapping[str, Any], page: Page[Any]) -> dict[str, Any]:
    """Go to the page before or after, keeping the filters in the address."""
    return {"page": page, "request": context["request"]}


@register.inclusion_tag("components/figure.html")
def figure(value: str, label: str, href: str = "", note: str = "") -> dict[str, str]:
    """Show one figure with its meaning; with an address it opens the rows it is made of."""
    return {"value": value, "label": label, "href": href, "note": note}


@register.inclusion_tag("components/wallet.html")
def wallet(
    free: int, held: int, *, used: int = 0, expired: int = 0, frozen: int = 0, first_expiry: str = ""
) -> dict[str, Any]:
    """Say a wallet in words; all in minutes. `first_expiry` is a sentence, as "2 uur verloopt op 31 januari"."""
    return {
        "free": free,
        "held": held,
        "used": used,
        "expired": expired,
        "frozen": frozen,
        "first_expiry": first_expiry,
    }


@register.filter
def message_kind(tags: str) -> str:
    """Turn the tags of a Django message into the kind of an alert."""
    return next((_MESSAGES[tag] for tag in tags.split() if tag in _MESSAGES), "info")


@register.filter
def state_word(done: bool) -> str:
    """Say yes or no in words."""
    return _("ja") if done else _("nee")


@register.filter
def in_words(thing: Any) -> str:
    """Say the name of a service or task, or the reason of a row, in the language of the page."""
    for name in ("reason", "name"):
        dutch = getattr(thing, f"{name}_nl", "")
        if dutch:
            english = (translation.get_language() or "nl").startswith("en")
            return str(getattr(thing, f"{name}_en", "") or dutch) if english else str(dutch)
    return str(thing)


@register.simple_tag
def service_name(code: str) -> str:
    """Say the name of a service by its code, in the language of the page."""
    found = Service.objects.filter(code=code).first()
    return catalogue.in_words(found) if found else code


@register.filter
def task_name(task: Any) -> str:
    """Say what a task is called: its reason is something else."""
    english = (translation.get_language() or "nl").startswith("en")
    return str(task.name_en) if english else str(task.name_nl)


@register.filter
def why(lines: list[dict[str, str]]) -> str:
    """Say the reasons why somebody was chosen, in the language of the page."""
    language = (translation.get_language() or "nl")[:2]
    return ", ".join(line.get(language, line["nl"]) for line in lines)
