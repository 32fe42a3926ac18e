import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import events.sealing


class Migration(migrations.Migration):
    dependencies = [
        ("cheques", "0019_usage_invoices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="RefundAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="of the holder", max_length=70)),
                ("iban", events.sealing.SealedText()),
                ("given_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(null=True)),
                ("checked_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("given_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("refund", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="account", to="cheques.refund")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("checked_by", None), models.Q(("checked_by", models.F("given_by")), _negated=True), _connector="OR"), name="refund_account_by_two"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="refund_account_has_a_holder"),
                ],
            },
        ),
    ]
