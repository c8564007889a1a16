import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('openedx_utop', '0029_dated_facts_of_actions'),
    ]

    operations = [
        migrations.RenameField(model_name='endorsement', old_name='achievement_sha256', new_name='vouched_sha256'),
        migrations.AddField(
            model_name='endorsement',
            name='provider',
            field=models.ForeignKey(blank=True, help_text='Whose badges carry it, whatever they are for.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='openedx_utop.provider', verbose_name='training provider'),
        ),
        migrations.AddField(
            model_name='endorsement',
            name='standing',
            field=models.CharField(blank=True, choices=[('revoked', 'revoked'), ('suspended', 'suspended')], max_length=9, verbose_name='revoked or suspended'),
        ),
        migrations.AddField(
            model_name='endorsement',
            name='standing_checked_at',
            field=models.DateTimeField(null=True, verbose_name='status list looked up at'),
        ),
        migrations.AlterField(
            model_name='endorsement',
            name='achievement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='endorsements', to='openedx_utop.achievement', verbose_name='achievement'),
        ),
        migrations.AlterField(
            model_name='endorsement',
            name='vouched_sha256',
            field=models.CharField(max_length=64, verbose_name='SHA-256 of what it vouches for'),
        ),
        migrations.AddConstraint(
            model_name='endorsement',
            constraint=models.UniqueConstraint(fields=('provider', 'endorser', 'is_live'), name='utop_one_endorsement_of_an_issuer'),
        ),
    ]
