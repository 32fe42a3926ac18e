"""Paid time without a visit, corrections of closed months, reserves that are paid; a run is fixed by a second person."""

import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import kernel.refs
from django.conf import settings
from django.db import migrations, models

RULES = """
ALTER TABLE payroll_wageline DISABLE TRIGGER payroll_wageline_fixed;
UPDATE payroll_wageline l SET month = r.month FROM payroll_payrun r WHERE r.id = l.run_id;
ALTER TABLE payroll_wageline ENABLE ALWAYS TRIGGER payroll_wageline_fixed;

CREATE OR REPLACE FUNCTION payroll_run_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (TG_OP = 'DELETE' OR NEW.state = 'draft' OR NEW.month <> OLD.month) THEN
        RAISE EXCEPTION 'pay run % is fixed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'draft' AND NEW.state <> 'draft'
        AND (NEW.ready_at IS NULL OR NEW.fixed_by_id IS NULL OR NEW.fixed_by_id = NEW.made_by_id) THEN
        RAISE EXCEPTION 'pay run % is fixed by a second person when it is complete', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

CREATE OR REPLACE FUNCTION payroll_payslip_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE state text;
BEGIN
    SELECT r.state INTO state FROM payroll_payrun r WHERE r.id = coalesce(OLD.run_id, NEW.run_id);
    IF state = 'draft' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP <> 'UPDATE' OR NEW.run_id <> OLD.run_id OR NEW.worker_id <> OLD.worker_id
        OR NEW.gross_cents <> OLD.gross_cents OR NEW.holiday_cents <> OLD.holiday_cents
        OR NEW.holiday_paid_cents <> OLD.holiday_paid_cents
        OR NEW.holiday_released_cents <> OLD.holiday_released_cents
        OR NEW.leave_minutes <> OLD.leave_minutes OR NEW.leave_out_minutes <> OLD.leave_out_minutes
        OR NEW.premium_cents <> OLD.premium_cents
        OR (OLD.net_cents IS NOT NULL AND NEW.net_cents IS DISTINCT FROM OLD.net_cents)
        OR (OLD.withheld_cents IS NOT NULL AND NEW.withheld_cents IS DISTINCT FROM OLD.withheld_cents) THEN
        RAISE EXCEPTION 'payslip of a run that is fixed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION payroll_time_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.worker_id <> OLD.worker_id OR NEW.kind <> OLD.kind OR NEW."on" <> OLD."on"
        OR NEW.minutes <> OLD.minutes OR NEW.sick_since IS DISTINCT FROM OLD.sick_since
        OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at) THEN
        RAISE EXCEPTION 'paid time % is withdrawn, never changed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payroll_time_stays BEFORE UPDATE OR DELETE ON payroll_paidtime
    FOR EACH ROW EXECUTE FUNCTION payroll_time_stays();
ALTER TABLE payroll_paidtime ENABLE ALWAYS TRIGGER payroll_time_stays;
"""

BACK = """
DROP TRIGGER payroll_time_stays ON payroll_paidtime;
DROP FUNCTION payroll_time_stays();

CREATE OR REPLACE FUNCTION payroll_run_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (TG_OP = 'DELETE' OR NEW.state = 'draft' OR NEW.month <> OLD.month) THEN
        RAISE EXCEPTION 'pay run % is fixed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

CREATE OR REPLACE FUNCTION payroll_payslip_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE state text;
BEGIN
    SELECT r.state INTO state FROM payroll_payrun r WHERE r.id = coalesce(OLD.run_id, NEW.run_id);
    IF state = 'draft' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP <> 'UPDATE' OR NEW.run_id <> OLD.run_id OR NEW.worker_id <> OLD.worker_id
        OR NEW.gross_cents <> OLD.gross_cents OR NEW.holiday_cents <> OLD.holiday_cents
        OR NEW.premium_cents <> OLD.premium_cents
        OR (OLD.net_cents IS NOT NULL AND NEW.net_cents IS DISTINCT FROM OLD.net_cents)
        OR (OLD.withheld_cents IS NOT NULL AND NEW.withheld_cents IS DISTINCT FROM OLD.withheld_cents) THEN
        RAISE EXCEPTION 'payslip of a run that is fixed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('payroll', '0004_leaveentry'),
        ('scheduling', '0003_longer'),
        ('workers_pool', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PaidTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=kernel.refs.new_ref, max_length=12, unique=True)),
                ('kind', models.CharField(choices=[('training', 'Scholing'), ('leave', 'Vrij, doorbetaald'), ('sick', 'Ziek')], max_length=8)),
                ('on', models.DateField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('sick_since', models.DateField(help_text='the first day of this sickness', null=True)),
                ('entered_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='paidpiece',
            name='piece_is_one_thing',
        ),
        migrations.RemoveConstraint(
            model_name='wageline',
            name='wage_line_once',
        ),
        migrations.AddField(
            model_name='payrun',
            name='error',
            field=models.CharField(blank=True, help_text='why the draft could not be made, for people', max_length=400),
        ),
        migrations.AddField(
            model_name='payrun',
            name='worker_ids',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, help_text='who is paid; a payslip each when the draft is ready', size=None),
        ),
        migrations.AddField(
            model_name='payrun',
            name='ready_at',
            field=models.DateTimeField(help_text='when the draft was complete; empty while it is being made', null=True),
        ),
        migrations.AddField(
            model_name='payslip',
            name='basis',
            field=models.CharField(blank=True, help_text='sha256 of the facts it was computed from', max_length=64),
        ),
        migrations.AddField(
            model_name='payslip',
            name='bureau_premium_cents',
            field=models.PositiveIntegerField(help_text='the same, by the payroll bureau', null=True),
        ),
        migrations.AddField(
            model_name='payslip',
            name='holiday_paid_cents',
            field=models.PositiveIntegerField(default=0, help_text='holiday allowance inside the gross'),
        ),
        migrations.AddField(
            model_name='payslip',
            name='holiday_released_cents',
            field=models.IntegerField(default=0, help_text='what was set aside for what is paid'),
        ),
        migrations.AddField(
            model_name='payslip',
            name='leave_minutes',
            field=models.IntegerField(default=0, help_text='leave earned with the paid minutes'),
        ),
        migrations.AddField(
            model_name='payslip',
            name='leave_out_minutes',
            field=models.IntegerField(default=0, help_text='leave taken, or paid when somebody left'),
        ),
        migrations.AddField(
            model_name='wageline',
            name='month',
            field=models.DateField(default=datetime.date(2024, 1, 1), help_text='the month worked, by its first day'),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='paidpiece',
            name='assignment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scheduling.assignment'),
        ),
        migrations.AlterField(
            model_name='paidpiece',
            name='cents',
            field=models.IntegerField(help_text='share of the line, by largest remainder'),
        ),
        migrations.AlterField(
            model_name='paidpiece',
            name='minutes',
            field=models.IntegerField(),
        ),
        migrations.AlterField(
            model_name='paidpiece',
            name='travel',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scheduling.travel'),
        ),
        migrations.AlterField(
            model_name='payslip',
            name='holiday_cents',
            field=models.IntegerField(help_text='holiday allowance earned, not paid now'),
        ),
        migrations.AlterField(
            model_name='wageline',
            name='cents',
            field=models.IntegerField(),
        ),
        migrations.AlterField(
            model_name='wageline',
            name='kind',
            field=models.CharField(choices=[('visit', 'Gewerkt'), ('travel', 'Reistijd'), ('unworked', 'Afgezegd, toch betaald'), ('top_up', 'Aanvulling tot het minimum per oproep'), ('training', 'Scholing'), ('leave', 'Vrij, doorbetaald'), ('sick', 'Ziek'), ('sunday', 'Toeslag zondag'), ('night', 'Toeslag nacht'), ('holiday', 'Vakantiegeld'), ('left', 'Vrije uren uitbetaald')], max_length=8),
        ),
        migrations.AlterField(
            model_name='wageline',
            name='minutes',
            field=models.IntegerField(),
        ),
        migrations.AlterField(
            model_name='wageline',
            name='rule',
            field=models.CharField(help_text='why this rate: the row of the lawbook', max_length=200),
        ),
        migrations.AddIndex(
            model_name='wageline',
            index=models.Index(fields=['worker', 'month'], name='payroll_wag_worker__1cf684_idx'),
        ),
        migrations.AddConstraint(
            model_name='wageline',
            constraint=models.UniqueConstraint(fields=('run', 'worker', 'month', 'kind', 'rate_cents', 'from_on'), name='wage_line_once'),
        ),
        migrations.AddField(
            model_name='paidtime',
            name='entered_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paidtime',
            name='withdrawn_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paidtime',
            name='worker',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workers_pool.worker'),
        ),
        migrations.AddField(
            model_name='paidpiece',
            name='time',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payroll.paidtime'),
        ),
        migrations.AddConstraint(
            model_name='paidpiece',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('assignment__isnull', False), ('time__isnull', True), ('travel__isnull', True)), models.Q(('assignment__isnull', True), ('time__isnull', True), ('travel__isnull', False)), models.Q(('assignment__isnull', True), ('time__isnull', False), ('travel__isnull', True)), _connector='OR'), name='piece_is_of_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='paidpiece',
            constraint=models.UniqueConstraint(fields=('line', 'assignment'), name='piece_once_per_visit'),
        ),
        migrations.AddConstraint(
            model_name='paidpiece',
            constraint=models.UniqueConstraint(fields=('line', 'travel'), name='piece_once_per_way'),
        ),
        migrations.AddConstraint(
            model_name='paidpiece',
            constraint=models.UniqueConstraint(fields=('line', 'time'), name='piece_once_per_time'),
        ),
        migrations.AddConstraint(
            model_name='paidtime',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('worker', 'kind', 'on'), name='paid_time_once'),
        ),
        migrations.AddConstraint(
            model_name='paidtime',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gt', 0), ('minutes__lte', 720)), name='paid_time_is_a_working_day'),
        ),
        migrations.AddConstraint(
            model_name='paidtime',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'sick'), ('sick_since__isnull', False)), models.Q(models.Q(('kind', 'sick'), _negated=True), ('sick_since__isnull', True)), _connector='OR'), name='sickness_has_a_first_day'),
        ),
        migrations.RunSQL(RULES, BACK),
    ]
