from wildcam.runs.timestamps import MonotonicTimestamps


def test_the_clock_of_points_never_stands_still_and_never_goes_back():
    times = iter([1.0, 1.0, 1.0005, 0.2, 5.0, 4.0])
    clock = MonotonicTimestamps(after=999, now=lambda: next(times))
    assert [clock.read() for _ in range(6)] == [1000, 1001, 1002, 1003, 5000, 5001]


def test_the_clock_goes_on_after_what_an_earlier_worker_logged():
    assert MonotonicTimestamps(after=10**15, now=lambda: 1.0).read() == 10**15 + 1
