"""The tasks' app; the worker runs within the server's process."""

from threading import Event, Thread

from celery import Celery
from celery.worker import WorkController

app = Celery("demo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# The server's threads send tasks too, and each has its own idea of the current app.
app.set_default()


def start_worker() -> WorkController:
    """One worker with one thread of its own, ready when this returns."""
    ready = Event()
    worker = WorkController(
        app=app,
        pool_cls="threads",
        concurrency=1,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        ready_callback=lambda *_arguments: ready.set(),
    )
    Thread(target=worker.start, name="tasks", daemon=True).start()
    ready.wait(timeout=20)
    return worker
