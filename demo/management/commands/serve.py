"""python -m demo serve"""

import socket
from argparse import ArgumentParser
from io import StringIO
from typing import Any

import waitress
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application
from django.db import connections

from demo import badge_platform, company_register, memory
from demo.celery import start_worker
from demo.seed import is_seeded, sow

HOST = "127.0.0.1"


class Command(BaseCommand):
    """Everything that the demonstration needs, in one process."""

    help = "Prepare the data at first start, then run the server and a worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One choice."""
        parser.add_argument("--anew", action="store_true", help="forget the data of earlier starts")

    def handle(self, *_args: Any, anew: bool, **_options: Any) -> None:
        """Stops with a sentence if the port is taken."""
        listener = _listen(settings.PORT)
        if anew:
            _forget_data()
        memory.share_arenas()
        self._say("Preparing the database …")
        call_command("migrate", verbosity=0)
        with company_register.register(), badge_platform.badge_platform():
            self._serve(listener)

    def _serve(self, listener: socket.socket) -> None:
        worker = start_worker()
        if not is_seeded():
            self._say("Reading the course and sowing fictitious data …")
            sow()
        call_command("utop_reconcile", stdout=StringIO())
        memory.give_back()
        application = StaticFilesHandler(get_wsgi_application())
        server = waitress.create_server(application, sockets=[listener], threads=6, ident=None)
        self._say(f"ready: http://{HOST}:{settings.PORT}/")
        try:
            server.run()
        finally:
            worker.stop()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _forget_data() -> None:
    """The database with its journal; the keys stay."""
    connections.close_all()
    for file in settings.DATA.glob("demo.sqlite3*"):
        file.unlink()


def _listen(port: str) -> socket.socket:
    """Taken before anything else, so that a second start neither waits nor touches the data."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, int(port)))
        listener.listen()
    except (OSError, ValueError, OverflowError) as error:
        raise CommandError(
            f"Le port {port} n’est pas disponible : arrêtez ce qui l’occupe ou choisissez-en un autre, par exemple"
            f" PORT=8001 make demo. / Port {port} is not available: stop what uses it, or choose another one,"
            " for example PORT=8001 make demo."
        ) from error
    return listener
