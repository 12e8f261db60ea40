"""Sessions whose time is over go. What is taken from inside Streamlit is listed in `test_private_interfaces`."""

import asyncio
import time
import weakref
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from pages.widgets import closed_sessions


class Session:
    id = "one"


@pytest.mark.parametrize(("seconds", "stays"), [(0.01, False), (60, True)], ids=["over", "not over"])
def test_a_session_goes_when_its_time_is_over(seconds: Any, stays: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    storage: Any = MemorySessionStorage(ttl_seconds=seconds)
    session: Any = Session()
    alive = weakref.ref(session)
    storage.save(SimpleNamespace(session=session))
    del session
    time.sleep(0.05)
    assert alive() is not None  # time alone does nothing
    loop = asyncio.new_event_loop()
    manager: Any = object.__new__(WebsocketSessionManager)
    runtime: Any = object.__new__(Runtime)
    manager._session_storage = storage
    runtime._session_mgr = manager
    runtime._async_objs = SimpleNamespace(eventloop=loop)
    monkeypatch.setattr(closed_sessions, "get_instance", lambda: runtime)
    closed_sessions.drop_outdated_sessions()
    assert alive() is not None  # not in this thread
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    assert (alive() is not None) == stays
