import pytest

from wildcam.runs.states import State, effective_state


@pytest.mark.parametrize(
    ("stored", "alive", "stop_requested", "seen"),
    [
        ("queued", True, False, "queued"),
        ("queued", True, True, "stopping"),
        ("queued", False, False, "lost"),
        ("running", True, False, "running"),
        ("running", True, True, "stopping"),
        ("running", False, False, "lost"),
        ("running", False, True, "lost"),
        # What the worker wrote last counts, whatever was asked or lives on for a moment.
        ("finished", True, True, "finished"),
        ("stopped", True, True, "stopped"),
        ("failed", True, True, "failed"),
        ("finished", False, False, "finished"),
    ],
)
def test_a_reader_sees_stored_state_lock_and_requests_as_one_word(stored, alive, stop_requested, seen):
    assert effective_state(State(stored), alive=alive, stop_requested=stop_requested) == seen


def test_what_a_run_may_do_next_follows_from_its_state():
    assert {state for state in State if state.is_live} == {"queued", "running", "stopping"}
    assert {state for state in State if state.can_resume} == {"stopped", "failed", "lost"}
