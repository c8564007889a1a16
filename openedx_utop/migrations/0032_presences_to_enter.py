"""What waits for the journal is found by where all before it has entered: an index of every presence was not needed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('openedx_utop', '0031_skill_imports'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='presence',
            name='utop_presence_to_enter',
        ),
        migrations.AddField(
            model_name='journalpen',
            name='entered_until',
            field=models.PositiveBigIntegerField(default=0, verbose_name='all presences up to this number are in the journal'),
        ),
        migrations.AddField(
            model_name='journalpen',
            name='seen_at',
            field=models.DateTimeField(null=True, verbose_name='at this instant'),
        ),
        migrations.AddField(
            model_name='journalpen',
            name='seen_until',
            field=models.PositiveBigIntegerField(default=0, verbose_name='number of the last presence that there was'),
        ),
    ]
