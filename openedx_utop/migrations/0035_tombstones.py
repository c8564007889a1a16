"""Chains of the journal may go once their tombstone is in it: the triggers let them, and nothing else."""

import sys

from django.db import migrations, models

from openedx_utop.attendance.journal.protection import protect, unprotect


def let_buried_chains_go(apps, schema_editor):
    """The same triggers as before, but those on deletion; where the database refuses, as for 0009."""
    unprotect(schema_editor.connection)
    refusal = protect(schema_editor.connection)
    if refusal:
        sys.stderr.write(f"\n  The journal's tables are not protected by triggers: {refusal}\n")


class Migration(migrations.Migration):

    dependencies = [
        ('openedx_utop', '0034_words_for_badges'),
    ]

    operations = [
        migrations.AddField(
            model_name='attendancepolicy',
            name='is_eu_funded',
            field=models.BooleanField(default=False, help_text='The sealed journal of a learner is kept for ten years then, instead of six.', verbose_name='co-financed by the European Union'),
        ),
        migrations.RunPython(let_buried_chains_go, migrations.RunPython.noop),
    ]
