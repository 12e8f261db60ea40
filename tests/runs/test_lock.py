import signal
import subprocess
import sys

import pytest

from wildcam.errors import RunError
from wildcam.runs.lock import Lock, is_held

HOLD = """
import sys, time
from pathlib import Path
from wildcam.runs.lock import Lock
lock = Lock.adopt(int(sys.argv[2])) if len(sys.argv) > 2 else Lock.acquire(Path(sys.argv[1]))
"""
WAIT = "print('held', flush=True); time.sleep(60)"
SPAWN = """
import subprocess
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], close_fds=False)
print(child.pid, flush=True); time.sleep(60)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "a.lock"


@pytest.fixture
def start():
    """Start a process that holds the lock; its first line says that it does. Gone after the test."""
    processes = []

    def start(code, *arguments, **options):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD + code, *map(str, arguments)], stdout=subprocess.PIPE, text=True, **options
        )
        processes.append(process)
        return process, process.stdout.readline().strip()

    yield start
    for process in processes:
        process.kill()
        process.wait()
        process.stdout.close()


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_a_lock_has_one_holder(path):
    assert not is_held(path)
    with Lock.acquire(path):
        assert is_held(path)
        assert Lock.acquire(path, timeout_seconds=0.05) is None
    assert not is_held(path)
    Lock.acquire(path).release()


def test_a_lock_is_free_at_once_when_its_holder_is_killed(path, start):
    holder, _ = start(WAIT, path)
    assert is_held(path)
    assert Lock.acquire(path) is None
    kill(holder)
    assert not is_held(path)


def test_a_child_that_is_handed_the_lock_keeps_it_when_the_parent_lets_go(path, start):
    lock = Lock.acquire(path)
    child, _ = start(WAIT, path, lock.descriptor, pass_fds=(lock.descriptor,))
    lock.release()
    assert is_held(path)
    kill(child)
    assert not is_held(path)


def test_processes_of_the_worker_do_not_inherit_its_lock(path, start):
    lock = Lock.acquire(path)
    child, grandchild = start(SPAWN, path, lock.descriptor, pass_fds=(lock.descriptor,))
    lock.release()
    try:
        kill(child)
        assert not is_held(path)
    finally:
        subprocess.run(["kill", grandchild], check=True)  # it was there all the while


def test_a_descriptor_that_nobody_handed_over_is_refused():
    with pytest.raises(RunError, match="descriptor 987"):
        Lock.adopt(987)
