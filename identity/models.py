"""Who there is: the organisation, its neighbourhoods, those who sign in, and those who buy."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.refs import new_ref


class Organisation(models.Model):
    """The neighbourhood organisation: employer, seller, claimant. One row."""

    name = models.CharField(max_length=120)
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    kvk = models.CharField(max_length=8, blank=True)
    vat_id = models.CharField(max_length=20, blank=True)
    wage_tax_number = models.CharField(max_length=20, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    street = models.CharField(max_length=80, blank=True)
    house_number = models.CharField(max_length=12, blank=True)
    postcode = models.CharField(max_length=6, blank=True)
    town = models.CharField(max_length=60, blank=True)
    guarding_permit = models.CharField(max_length=20, blank=True, help_text="ND number (Wpbr)")
    guarding_permit_until = models.DateField(null=True, blank=True)
    large_employer = models.BooleanField(default=False, help_text="decides the Aof premium")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_organisation")]


class Municipality(models.Model):
    """A town that pays wage subsidies and reads results."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    name = models.CharField(max_length=60, unique=True)
    iban = models.CharField(max_length=34, blank=True)


class Neighbourhood(models.Model):
    """A part of town with its own coordinator and its own plan."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    name = models.CharField(max_length=60, unique=True)
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")


class Postcode(models.Model):
    """A postcode that is served, and where it lies on the street grid (metres)."""

    code = models.CharField(max_length=6, primary_key=True, help_text="'4818CK'")
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, related_name="+")
    street = models.CharField(max_length=80)
    town = models.CharField(max_length=60)
    x = models.IntegerField()
    y = models.IntegerField()


class Address(models.Model):
    """A door: postcode and number, placed on the street grid of its neighbourhood."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    street = models.CharField(max_length=80)
    house_number = models.CharField(max_length=12)
    postcode = models.CharField(max_length=6)
    town = models.CharField(max_length=60)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, related_name="+")
    x = models.IntegerField(help_text="metres")
    y = models.IntegerField(help_text="metres")

    def __str__(self) -> str:
        return f"{self.street} {self.house_number}"


class Users(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = User(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Someone who signs in. What they may do follows from their memberships."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=5, default="nl")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="may open the reference tables")

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What someone does in the organisation. Residents and firms are customers, see `CustomerMember`."""

    WORKER = "worker", _("Medewerker")
    COORDINATOR = "coordinator", _("Coördinator")
    DESK = "desk", _("Balie")
    PAYROLL = "payroll", _("Loonadministratie")
    TREASURER = "treasurer", _("Penningmeester")
    QA = "qa", _("Kwaliteit")
    MUNICIPALITY = "municipality", _("Gemeente")
    AUDITOR = "auditor", _("Controleur")
    ADMIN = "admin", _("Beheerder")


class Membership(models.Model):
    """A role someone holds, in one neighbourhood, for one municipality, or everywhere."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, null=True, blank=True, related_name="+")
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "neighbourhood", "municipality"],
                nulls_distinct=False,
                name="membership_once",
            )
        ]


class RoleAsked(models.Model):
    """A role with which money can be moved, asked for somebody, until a second person agrees or says no."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Role)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, null=True, related_name="+")
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=models.Q(answered_at__isnull=True), name="role_asked_once"
            ),
            models.CheckConstraint(
                condition=models.Q(agreed=False)
                | models.Q(answered_by__isnull=False)
                & ~models.Q(answered_by=models.F("asked_by"))
                & ~models.Q(answered_by=models.F("user")),
                name="role_needs_a_second_person",
            ),
        ]


class Household(models.Model):
    """People who live and buy together (caps count for them together)."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)


class Customer(models.Model):
    """A resident or a firm: who buys cheques and books visits."""

    class Kind(models.TextChoices):
        RESIDENT = "resident", _("Bewoner")
        FIRM = "firm", _("Bedrijf")
        BEARER = "bearer", _("Toonder: wie het papier heeft")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=120)
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="+")
    address = models.ForeignKey(Address, models.PROTECT, related_name="+")
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, related_name="+")
    phone = models.CharField(max_length=20, blank=True)
    languages = models.JSONField(default=list, help_text="empty: any")
    kvk = models.CharField(max_length=8, blank=True)
    vat_id = models.CharField(max_length=20, blank=True)
    registered_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class CustomerMember(models.Model):
    """Who may act for a customer, and how far."""

    class Part(models.TextChoices):
        OWNER = "owner", _("Eigenaar")
        BOOKER = "booker", _("Boeker")
        APPROVER = "approver", _("Goedkeurder")
        MEMBER = "member", _("Huisgenoot")
        HELPER = "helper", _("Helper")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="customer_parts")
    part = models.CharField(max_length=8, choices=Part)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "user"], name="customer_member_once")]


class SandboxClock(models.Model):
    """How far business time runs ahead of real time. Read and moved in the sandbox only; one row."""

    shift_seconds = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_sandbox_clock")]


class FirstStep(models.Model):
    """A single-use link for the first administrator of a new installation."""

    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
