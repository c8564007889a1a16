"""What only plays: counted while somebody may be watching, by the server's own rule, whatever the page claims."""

from openedx_utop.attendance.rules import Beat, ClientState, Media, Parameters, decide

CLIP = 60_000


def credited(seconds: int, *, gestures: set[int], clip: int | None = None, tells_input: bool = True) -> float:
    """Seconds credited to a page that claims a sign of life with each beat while something plays, over and over."""
    state: ClientState | None = None
    frontier = total = latest = 0
    for seq, second in enumerate(range(0, seconds + 1, 20)):
        now = second * 1000
        latest = second if second in gestures else latest
        media = Media(now % clip if clip else now, 1)
        own_input = (second - latest) * 1000 if tells_input else None
        beat = Beat(seq=seq, quiet=0, input=own_input, appeared=seq == 0, media=media)
        decision = decide(Parameters(), frontier, state, beat, block="unit", now=10**9 + now)
        total += decision.credit.length if decision.credit else 0
        state, frontier = decision.state, decision.frontier
    return total / 1000


def test_a_video_counts_for_twenty_minutes_and_the_time_to_answer() -> None:
    assert credited(3000, gestures={0}) == 1245


def test_each_gesture_starts_the_twenty_minutes_again() -> None:
    assert credited(3000, gestures={0, 1000, 2000}) == 3000


def test_two_replays_count_and_the_third_does_not() -> None:
    third_replay_seen, trail = 3 * CLIP // 1000 - 20, 15
    assert credited(900, gestures={0}, clip=CLIP) == third_replay_seen + trail


def test_a_gesture_lets_it_play_again() -> None:
    assert credited(300, gestures={0, 160, 300}, clip=CLIP) == 300


def test_a_page_loaded_before_the_update_is_believed_as_before() -> None:
    assert credited(3000, gestures={0}, clip=CLIP, tells_input=False) == 3000
