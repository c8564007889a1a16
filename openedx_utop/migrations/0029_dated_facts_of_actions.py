"""What an action publishes is kept with each version of its policy, and trainers sign half-days where versions ask."""

from django.db import migrations, models


def keep_what_held(apps, schema_editor):
    """Versions written so far hold the dates and durations of today, and asked for no trainer's signature."""
    policies = apps.get_model("openedx_utop", "AttendancePolicy").objects
    for action in apps.get_model("openedx_utop", "TrainingAction").objects.filter(policies__isnull=False).distinct():
        facts = {
            "first": action.starts_on.isoformat(),
            "last": action.ends_on.isoformat(),
            "default_minutes": action.default_module_minutes,
            "minutes": {str(each.usage_key): each.minutes for each in action.estimates.all()},
        }
        policies.filter(action=action).update(action_facts=facts)


class Migration(migrations.Migration):
    dependencies = [
        ("openedx_utop", "0028_badge_versions"),
    ]

    operations = [
        migrations.AddField(
            model_name="trainingaction",
            name="defaults_edition",
            field=models.PositiveSmallIntegerField(
                default=1, editable=False, verbose_name="edition of the default policy of attendance"
            ),
        ),
        migrations.AlterField(
            model_name="trainingaction",
            name="defaults_edition",
            field=models.PositiveSmallIntegerField(
                default=2, editable=False, verbose_name="edition of the default policy of attendance"
            ),
        ),
        migrations.AddField(
            model_name="attendancepolicy",
            name="requires_trainer_signature",
            field=models.BooleanField(
                default=False,
                help_text="Live hours are certified, and count as signed, only once the trainer has signed the half-day.",
                verbose_name="the trainer signs each half-day too",
            ),
        ),
        migrations.AlterField(
            model_name="attendancepolicy",
            name="requires_trainer_signature",
            field=models.BooleanField(
                default=True,
                help_text="Live hours are certified, and count as signed, only once the trainer has signed the half-day.",
                verbose_name="the trainer signs each half-day too",
            ),
        ),
        migrations.AddField(
            model_name="attendancepolicy",
            name="action_facts",
            field=models.JSONField(
                editable=False,
                null=True,
                verbose_name="dates and estimated durations of the action, as published then",
            ),
        ),
        migrations.RunPython(keep_what_held, migrations.RunPython.noop),
    ]
