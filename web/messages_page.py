"""How somebody wants to hear from us."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from notifications import posting, telling
from notifications.models import Channel, Message
from web.access import for_all, page, user_of


class ChannelForm(forms.Form):
    """The ways that exist here; a text only where texts can be sent, to who gave a number."""

    channel = forms.ChoiceField(label=_lazy("Hoe wilt u van ons horen?"), widget=forms.RadioSelect)

    def __init__(self, *args: object, with_texts: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        ways = [one for one in Channel if with_texts or one != Channel.SMS]
        field = self.fields["channel"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.value, one.label) for one in ways]


@for_all
def preferences(request: HttpRequest) -> HttpResponse:
    """Choose how to hear from us, and read what was told."""
    user = user_of(request)
    with_texts = posting.texts_can_be_sent() and bool(user.phone)
    form = ChannelForm(
        request.POST or None, initial={"channel": telling.channel_of(user)}, with_texts=with_texts
    )
    if request.method == "POST" and form.is_valid():
        telling.prefer(by=user, channel=form.cleaned_data["channel"])
        messages.success(request, _("Zo hoort u voortaan van ons."))
        return redirect("messages")
    told = Message.objects.filter(user=user).order_by("-pk")[:20]
    return page(request, "messages.html", {"form": form, "told": told})
