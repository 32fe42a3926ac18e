"""When an hour is not as it should be: disputes and complaints, judged by people."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from identity.models import Customer, Neighbourhood, User
from kernel.refs import new_ref
from scheduling.models import Visit


class Dispute(models.Model):
    """A customer says the hours are not right. The worker's pay does not wait for it."""

    class What(models.TextChoices):
        TIMES = "times", _("De tijden kloppen niet")
        NOT_DONE = "not_done", _("Het werk is niet gedaan")
        DAMAGE = "damage", _("Er is iets stuk")
        OTHER = "other", _("Iets anders")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    visit = models.OneToOneField(Visit, models.PROTECT, related_name="+")
    what = models.CharField(max_length=8, choices=What)
    words = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_minutes = models.PositiveSmallIntegerField(null=True, help_text="by QA: what the customer owes")
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    grounds = models.TextField(blank=True)


class Complaint(models.Model):
    """Something about us that is not about one hour's minutes."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="+")
    words = models.TextField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
