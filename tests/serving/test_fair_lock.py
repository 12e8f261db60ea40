"""Sessions wait for each other in order of arrival, and see how many are before them."""

import threading
import time

import pytest

from wildcam.serving.fair_lock import FairLock


def test_one_at_a_time_in_order_of_arrival() -> None:
    turns, order, at_once, most = FairLock(), [], 0, 0

    def work(number: int) -> None:
        nonlocal at_once, most
        with turns.take():
            at_once += 1
            most = max(most, at_once)
            order.append(number)
            time.sleep(0.01)
            at_once -= 1

    threads = []
    with turns.take():
        for number in range(10):
            threads.append(threading.Thread(target=work, args=(number,)))
            threads[-1].start()
            while len(turns._waiting) < number + 2:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(10))
    assert most == 1


def test_who_waits_hears_its_place() -> None:
    turns, heard, entered = FairLock(), [], threading.Event()

    def wait() -> None:
        with turns.take(lambda before: (heard.append(before), entered.set())):
            pass

    with turns.take():
        thread = threading.Thread(target=wait)
        thread.start()
        assert entered.wait(10)
    thread.join()
    assert set(heard) == {1}


def test_one_who_leaves_while_waiting_or_fails_in_its_turn_holds_nobody_up() -> None:
    turns = FairLock()

    def leave(before: int) -> None:
        raise KeyboardInterrupt  # as a session that is closed

    left = threading.Event()

    def impatient() -> None:
        try:
            with turns.take(leave):
                pass
        except KeyboardInterrupt:
            left.set()

    with turns.take():
        thread = threading.Thread(target=impatient)
        thread.start()
        assert left.wait(10)
    with pytest.raises(ValueError, match="bad"), turns.take():
        raise ValueError("bad")
    with turns.take():
        pass
