"""What is asked: the catalogue and the bookings."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cheques.models import Hold
from identity.models import Address, Customer, Neighbourhood, User
from kernel.refs import new_ref
from workers_pool.models import Skill


class Service(models.Model):
    """A kind of visit that can be booked."""

    code = models.SlugField(max_length=20, unique=True)
    name_nl = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    intro_nl = models.CharField(max_length=200, blank=True)
    intro_en = models.CharField(max_length=200, blank=True)
    skill = models.CharField(max_length=12, choices=Skill)
    vat_class = models.CharField(max_length=30, help_text="a key of lawbook.vat")
    certificates = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    min_minutes = models.PositiveSmallIntegerField(default=120)
    max_minutes = models.PositiveSmallIntegerField(default=480)
    max_crew = models.PositiveSmallIntegerField(default=4)
    needs_guarding_permit = models.BooleanField(default=False)
    icon = models.CharField(max_length=30, default="house")
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name_nl


class TaskRule(models.Model):
    """A task that a service includes, or does not include, and why not."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="tasks")
    code = models.SlugField(max_length=30)
    name_nl = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    allowed = models.BooleanField()
    reason_nl = models.CharField(max_length=200, blank=True)
    reason_en = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "code"], name="task_once"),
            models.CheckConstraint(
                condition=models.Q(allowed=True) | ~models.Q(reason_nl=""), name="refused_task_says_why"
            ),
        ]


class Booking(models.Model):
    """Help asked for, with cheques held for it. Done when its visit is confirmed: that is derived."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Gevraagd")
        PLANNED = "planned", _("Gepland")
        CANCELLED = "cancelled", _("Afgezegd")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, related_name="+")
    address = models.ForeignKey(Address, models.PROTECT, related_name="+")
    starts = ArrayField(models.DateTimeField(), help_text="wanted starts, best first; one is a fixed start")
    minutes = models.PositiveSmallIntegerField(help_text="a multiple of 15, of each of the crew")
    crew = models.PositiveSmallIntegerField(default=1)
    tasks = ArrayField(models.SlugField(max_length=30), default=list, blank=True)
    note = models.CharField(max_length=300, blank=True)
    series = models.CharField(max_length=20, blank=True, help_text="visits that want the same faces")
    hold = models.OneToOneField(Hold, models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.REQUESTED)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, help_text="a double click is one booking")
    purchase_order = models.CharField(max_length=40, blank=True)
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gt=0, crew__gt=0), name="booking_asks_something"
            )
        ]
        indexes = [models.Index(fields=["neighbourhood", "state"])]


class Coach(models.Model):
    """Who coaches neighbours that start a business, with a certificate, and sends the organisation an invoice."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    name = models.CharField(max_length=120)
    certificate = models.CharField(max_length=60)
    certified_until = models.DateField(help_text="exclusive")
    rate_cents = models.PositiveIntegerField(help_text="agreed per hour, without VAT")

    def __str__(self) -> str:
        return self.name


class CoachInvoice(models.Model):
    """What a coach asked for hours that were confirmed."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    coach = models.ForeignKey(Coach, models.PROTECT, related_name="invoices")
    number = models.CharField(max_length=40)
    net_cents = models.PositiveIntegerField()
    vat_cents = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["coach", "number"], name="coach_invoice_once")]


class CoachingHour(models.Model):
    """Coaching of a starter, held on a voucher, confirmed by the starter, invoiced by the coach."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    coach = models.ForeignKey(Coach, models.PROTECT, related_name="hours")
    minutes = models.PositiveSmallIntegerField(help_text="a multiple of 15")
    start_at = models.DateTimeField()
    hold = models.OneToOneField(Hold, models.PROTECT, related_name="+")
    form_key = models.UUIDField(unique=True)
    confirmed_at = models.DateTimeField(null=True)
    invoice = models.ForeignKey(CoachInvoice, models.PROTECT, null=True, related_name="hours")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(invoice=None) | models.Q(confirmed_at__isnull=False),
                name="coaching_invoiced_after_confirmed",
            )
        ]
