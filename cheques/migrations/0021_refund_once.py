from django.db import migrations, models


class Migration(migrations.Migration):
    """Refunds of before have no key: nobody can ask those again."""

    dependencies = [("cheques", "0020_refund_accounts")]
    operations = [
        migrations.AddField(
            model_name="refund",
            name="form_key",
            field=models.UUIDField(help_text="one a form; none when nobody asked for it", null=True, unique=True),
        ),
    ]
