"""Sessions wait for each other in order of arrival, and see how many are before them."""

import threading
import time

import pytest

from wildcam.serving.fair_lock import FairLock


def test_one_at_a_time_in_order_of_arrival() -> None:
    lock, order, at_once, most = FairLock(), [], 0, 0

    def work(number: int) -> None:
        nonlocal at_once, most
        with lock.acquire():
            at_once += 1
            most = max(most, at_once)
            order.append(number)
            time.sleep(0.01)
            at_once -= 1

    threads = []
    with lock.acquire():
        for number in range(10):
            threads.append(threading.Thread(target=work, args=(number,)))
            threads[-1].start()
            while len(lock._queue) < number + 2:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(10))
    assert most == 1


def test_a_waiting_thread_is_shown_its_place() -> None:
    lock, heard, entered = FairLock(), [], threading.Event()

    def wait() -> None:
        with lock.acquire(lambda before: (heard.append(before), entered.set())):
            pass

    with lock.acquire():
        thread = threading.Thread(target=wait)
        thread.start()
        assert entered.wait(10)
    thread.join()
    assert set(heard) == {1}


def test_one_who_leaves_the_queue_or_fails_in_its_turn_holds_nobody_up() -> None:
    lock = FairLock()

    def leave(before: int) -> None:
        raise KeyboardInterrupt  # as a session that is closed

    left = threading.Event()

    def impatient() -> None:
        try:
            with lock.acquire(leave):
                pass
        except KeyboardInterrupt:
            left.set()

    with lock.acquire():
        thread = threading.Thread(target=impatient)
        thread.start()
        assert left.wait(10)
    with pytest.raises(ValueError, match="bad"), lock.acquire():
        raise ValueError("bad")
    with lock.acquire():
        pass
