"""Sessions of closed tabs, with the photos that were uploaded in them: their memory is given back."""

import threading
import time
from typing import cast

import streamlit as st
from streamlit.runtime import exists, get_instance
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

SECONDS = 60.0


@st.cache_resource
def watch_closed_sessions() -> threading.Thread:
    """Start the one thread of the server that drops sessions whose time is over.

    Streamlit keeps the session of a closed tab for two minutes, in case it comes back, but drops it only when the next
    tab is closed: on a quiet server never.
    """
    thread = threading.Thread(target=_watch, name="closed-sessions", daemon=True)
    thread.start()
    return thread


def drop_outdated_sessions() -> None:
    """Drop the sessions whose time is over, in the thread of the server's event loop, which they belong to."""
    runtime = get_instance()
    manager = cast(WebsocketSessionManager, runtime._session_mgr)
    storage = cast(MemorySessionStorage, manager._session_storage)
    # The cache drops them whenever it is counted.
    runtime._get_async_objs().eventloop.call_soon_threadsafe(len, storage._cache)


def _watch() -> None:
    while True:
        time.sleep(SECONDS)
        if exists():
            drop_outdated_sessions()
