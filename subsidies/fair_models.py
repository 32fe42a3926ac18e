"""Evidence that cheque work takes nobody's work or market: prices of others, refused work, checks, and aid received."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from identity.models import Customer, User
from kernel.refs import new_ref
from marketplace.models import Service


class MarketSample(models.Model):
    """What somebody else asks for an hour of the same work, on a day: residents' prices with VAT, firms' without."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Customer.Kind, help_text="who is asked this price")
    cents = models.PositiveIntegerField()
    sampled_on = models.DateField()
    source = models.CharField(max_length=120)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(cents__gt=0), name="sample_is_a_price")]


class RefusedWork(models.Model):
    """Work that was asked and not done, because it is somebody's job."""

    class Why(models.TextChoices):
        STAFF = "staff", _("Eigen personeel doet dit werk")
        VACANCY = "vacancy", _("Er staat een vacature open")
        DISMISSED = "dismissed", _("Iemand verloor dit werk kort geleden")
        TRADE = "trade", _("Dit is werk voor een vakbedrijf")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    asked_by = models.CharField(max_length=120)
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=9, choices=Why)
    words = models.CharField(max_length=300)
    refused_on = models.DateField()
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")


class DisplacementCheck(models.Model):
    """What a firm answered before its work began: does cheque work here take somebody's place?"""

    class Council(models.TextChoices):
        AGREES = "agrees", _("is het ermee eens")
        OBJECTS = "objects", _("heeft bezwaar")
        NONE = "none", _("is er niet")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    dismissals = models.BooleanField(
        help_text="somebody of this work was dismissed in the last twelve months"
    )
    same_work = models.BooleanField(help_text="staff does the same work in the same place")
    vacancies = models.BooleanField(help_text="a vacancy for this work is open")
    council = models.CharField(max_length=7, choices=Council)
    words = models.CharField(max_length=300, blank=True)
    checked_on = models.DateField()
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "checked_on"], name="checked_once_a_day")]


class AidRow(models.Model):
    """De minimis aid: what an undertaking got, of whom. Without a customer it is the organisation's own."""

    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    giver = models.CharField(max_length=120)
    cents = models.PositiveIntegerField()
    granted_on = models.DateField()
    letter = models.CharField(max_length=40)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="aid_is_something"),
            models.UniqueConstraint(
                fields=["customer", "giver", "letter"], name="aid_once_per_letter", nulls_distinct=False
            ),
        ]
