"""What the start promises."""

from pathlib import Path

from tests.browser.conftest import Site


def test_it_is_ready_within_half_a_minute_of_one_processor_and_stays_small(site: Site) -> None:
    status = Path(f"/proc/{site.pid}/status").read_text()
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    assert site.processor_seconds < 30
    assert resident < 300 * 1024
