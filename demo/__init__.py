"""The embedded host: loads the plugin as the platform does, for newcomers, tests and demonstrations."""

from demo.celery import app as celery_app

__all__ = ["celery_app"]
