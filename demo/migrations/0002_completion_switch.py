"""The platform's switch for completion tracking, on."""

from django.db import migrations

SWITCH = "completion.enable_completion_tracking"


def switch_on(apps, schema_editor):
    apps.get_model("waffle", "Switch").objects.update_or_create(name=SWITCH, defaults={"active": True})


class Migration(migrations.Migration):
    dependencies = [("demo", "0001_initial"), ("waffle", "0001_initial")]
    operations = [migrations.RunPython(switch_on, migrations.RunPython.noop)]
