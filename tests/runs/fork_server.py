"""Workers, writers and readers by the dozen: each is a fork of this process, which has imported everything once.

A line of words on standard input starts one (`HOME count RUN`, `HOME write RUN NAME`, `HOME read RUN…`,
`HOME launch NUMBER SECONDS`) and its number is answered; `HOME wait NUMBER` is answered with its exit code.
"""

import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable

from mlflow.entities import Metric

from tests.runs.conftest import Orders
from tests.runs.counting_worker import count
from wildcam.runs import local
from wildcam.runs.curves import CurveReader
from wildcam.runs.run_job import run_job
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.runs.tracking import connect
from wildcam.settings import load_settings

WRITTEN = 40


def work(run_id: str) -> int:
    """A counting worker."""
    log = os.open(load_settings().runs_dir / run_id / "worker.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    return run_job(run_id, count)


def write(run_id: str, name: str) -> int:
    """Log two curves and set a tag at each step."""
    store = RunStore(load_settings())
    for step in range(WRITTEN):
        store.log_points(run_id, [Metric(metric, step, 1000 + step, step) for metric in (name, f"{name}_too")])
        store.set_user_tag(run_id, name, str(step))
    return 0


def read(*run_ids: str) -> int:
    """Look at the curves until they are whole; fail where they get shorter."""
    store = RunStore(load_settings())
    readers = [CurveReader(store, run_id) for run_id in run_ids]
    seen = [0] * len(readers)
    while min(seen) < 2 * WRITTEN:
        lengths = [len(reader.read()) for reader in readers]
        assert all(after >= before for before, after in zip(seen, lengths, strict=True)), (seen, lengths)
        seen = lengths
        store.all()
        time.sleep(0.1)
    return 0


def launch(number: str, seconds: str) -> int:
    """An app: it launches runs, and stays."""
    local._WORKERS[Kind.TRAIN] = "tests.runs.counting_worker"
    store = RunStore(load_settings())
    for _ in range(int(number)):
        local.launch(store, store.create(Kind.TRAIN, f"of {os.getpid()}", Orders(seconds=float(seconds))))
    signal.pause()
    return 0


ACTS = {"count": work, "write": write, "read": read, "launch": launch}


def start(act: Callable[..., int], words: list[str]) -> int:
    """A child that acts; its number."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        code = act(*words)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def warm_up(home: str) -> None:
    """Use a copy of a store once: what SQLAlchemy prepares at first use is inherited, a connection must not be."""
    with tempfile.TemporaryDirectory() as folder:
        connect(f"sqlite:///{shutil.copytree(home, folder, dirs_exist_ok=True)}/mlflow.db")


if __name__ == "__main__":
    warm_up(sys.argv[1])
    print("ready", flush=True)
    for line in sys.stdin:
        os.environ["WILDCAM_HOME"], what, *words = line.split()
        if what == "wait":
            print(os.waitstatus_to_exitcode(os.waitpid(int(words[0]), 0)[1]), flush=True)
        else:
            print(start(ACTS[what], words), flush=True)
