from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('marketplace', '0002_coaching'),
        ('scheduling', '0006_nobody_home'),
    ]

    operations = [
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_at', models.DateTimeField()),
                ('promised_at', models.DateTimeField()),
                ('booking', models.OneToOneField(on_delete=models.deletion.PROTECT, related_name='+', to='marketplace.booking')),
            ],
        ),
    ]
