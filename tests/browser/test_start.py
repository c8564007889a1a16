"""What the start promises."""

from tests.browser.conftest import Site


def test_it_is_ready_within_half_a_minute_of_one_processor_and_small(site: Site) -> None:
    assert site.processor_seconds < 30
    assert site.resident_kilobytes < 300 * 1024
