"""Presences name where somebody was by a number: the keys of course, subsection and unit are most of a row."""

from hashlib import sha256

from django.db import migrations, models
from django.db.models import CharField, ExpressionWrapper, F
from django.db.models.deletion import PROTECT
from opaque_keys.edx.django.models import CourseKeyField, UsageKeyField

ROWS_AT_ONCE = 10_000
KEYS = {
    "course_key": (CourseKeyField, "course"),
    "module_key": (UsageKeyField, "subsection"),
    "unit_key": (UsageKeyField, "unit"),
}


def _in_portions(rows):
    after = 0
    while portion := list(rows.filter(pk__gt=after).order_by("pk")[:ROWS_AT_ONCE]):
        after = portion[-1][0]
        yield portion


def _texts():
    return [ExpressionWrapper(F(name), CharField()) for name in KEYS]


def write_down_places(apps, schema_editor):
    """Give every presence the number of its place."""
    database = schema_editor.connection.alias
    presences = apps.get_model("openedx_utop", "Presence").objects.using(database)
    places = apps.get_model("openedx_utop", "PresencePlace").objects.using(database)
    known = {}
    for portion in _in_portions(presences.values_list("pk", *_texts())):
        there = {}
        for pk, *keys in portion:
            there.setdefault(tuple(keys), []).append(pk)
        for (course, module, unit), numbers in there.items():
            if (course, module, unit) not in known:
                digest = sha256("\n".join((course, module, unit)).encode()).hexdigest()
                place = places.create(course_key=course, module_key=module, unit_key=unit, digest=digest)
                known[course, module, unit] = place.pk
            presences.filter(pk__in=numbers).update(place_id=known[course, module, unit])


def write_out_keys(apps, schema_editor):
    """Give every presence its keys back."""
    database = schema_editor.connection.alias
    presences = apps.get_model("openedx_utop", "Presence").objects.using(database)
    places = apps.get_model("openedx_utop", "PresencePlace").objects.using(database)
    keys = {place.pk: place for place in places.iterator()}
    for portion in _in_portions(presences.values_list("pk", "place_id")):
        there = {}
        for pk, place in portion:
            there.setdefault(place, []).append(pk)
        for number, numbers in there.items():
            place = keys[number]
            presences.filter(pk__in=numbers).update(
                course_key=place.course_key, module_key=place.module_key, unit_key=place.unit_key
            )


def _key(name, **more):
    kind, title = KEYS[name]
    return kind(max_length=255, verbose_name=title, **more)


def _place(**more):
    return models.ForeignKey(
        on_delete=PROTECT,
        to="openedx_utop.presenceplace",
        verbose_name="place of presence",
        db_index=False,
        db_constraint=False,
        **more,
    )


class Migration(migrations.Migration):

    dependencies = [
        ("openedx_utop", "0021_levels"),
    ]

    operations = [
        migrations.CreateModel(
            name="PresencePlace",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                *((name, _key(name)) for name in KEYS),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="SHA-256 of the keys")),
            ],
            options={
                "verbose_name": "place of presence",
                "verbose_name_plural": "places of presence",
            },
        ),
        migrations.AddField("presence", "place", _place(null=True)),
        # Backwards, they come back empty and are filled.
        *(migrations.AlterField("presence", name, _key(name, null=True)) for name in KEYS),
        migrations.RunPython(write_down_places, write_out_keys),
        migrations.RemoveIndex("presence", "utop_presence_by_learner"),
        *(migrations.RemoveField("presence", name) for name in KEYS),
        migrations.AlterField("presence", "place", _place()),
        migrations.AddIndex("presence", models.Index(fields=["user_id", "end"], name="utop_presence_by_end")),
    ]
