"""A Celery worker of that site, for `celery -A`: the broker is in the environment, and everybody exists.

`python -m tests.services.badge_worker` awards the first of them what they have reached.
"""

import os

import django
from celery import Celery

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.services.badge_site"
LEARNERS = range(1, 2000)

app = Celery("badges", broker=os.environ["UTOP_TEST_BROKER"])
# What a dead worker had taken is another's after this many seconds.
app.conf.broker_transport_options = {"visibility_timeout": 1}
app.conf.worker_prefetch_multiplier = 1
app.set_default()
django.setup()

from openedx_utop import tasks  # noqa: E402, F401 - registers them
from openedx_utop.compat import Person, platform  # noqa: E402

for user_id in LEARNERS:
    platform().people[user_id] = Person(  # type: ignore[attr-defined]
        user_id, f"user{user_id}", "Camille Dupont", f"user{user_id}@example.fr", "fr"
    )

if __name__ == "__main__":
    from openedx_utop.badges import api
    from tests.badges.factories import COURSE, NOW, learner_at_the_end

    learner_at_the_end(platform(), 1)  # type: ignore[arg-type]
    api.award_if_fulfilled(1, COURSE, now=NOW)
