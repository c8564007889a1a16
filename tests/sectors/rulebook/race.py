"""Run as a program: several operators import at once, on a database file that threads share."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import django

OPERATORS = 4


def main(database: str) -> None:
    """Import the same rules as many times at once, and print what is left."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from tests.sectors.race import database_of_its_own

    with database_of_its_own(database):
        import_all()


def import_all() -> None:
    from datetime import date

    from django.db import connection

    from openedx_utop.sectors.api import define_sector, import_rules
    from openedx_utop.sectors.rulebook.models import RuleImport, SectorRule

    define_sector("hotel", name="Hôtellerie")
    together = Barrier(OPERATORS)

    def bring(number: int) -> int:
        together.wait()
        lines = [f"idcc;{code};hotel;2020-01-01" for code in range(1, 200)]
        report = import_rules([*lines, f"idcc;{1000 + number};hotel;2020-01-01"], today=date(2027, 1, 4))
        connection.close()
        return report.created

    with ThreadPoolExecutor(OPERATORS) as threads:
        created = list(threads.map(bring, range(OPERATORS)))
    editions = list(RuleImport.objects.order_by("edition").values_list("edition", flat=True))
    print(sum(created), SectorRule.objects.count(), *editions)


if __name__ == "__main__":
    main(sys.argv[1])
