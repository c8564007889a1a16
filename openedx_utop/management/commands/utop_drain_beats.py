"""Store the beats that the redis recorder has queued."""

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from openedx_utop.attendance import api


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT, and finishes its batch first; as many may run at once as one likes."""

    help = "Store the beats that the redis recorder has queued, every five seconds, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--once`: for cron, and for the last word before the recorder is changed."""
        parser.add_argument("--once", action="store_true", help="Store what there is now, then end.")
        again = "First put back into the stream what could not be read or stored and was set aside."
        parser.add_argument("--again", action="store_true", help=again)

    def handle(self, *args: Any, **options: Any) -> None:
        """Drain; with `--once`, say how many beats that was, and how many are set aside."""
        drainer = api.beat_drainer()
        if options["again"]:
            self.stdout.write(f"Put back into the stream: {drainer.put_back()}.")
        if options["once"]:
            self.stdout.write(f"Beats stored: {drainer.drain()}.")
            if waiting := drainer.count_unreadable():
                self.stderr.write(f"Set aside, for they cannot be stored: {waiting}. See docs/operators/recorder.md.")
            return
        stopping = Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_received: stopping.set())
        drainer.run(stopping)
