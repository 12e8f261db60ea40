"""What the server counts, and that a label is no place for what visitors send."""

from collections.abc import Callable

import pytest
from prometheus_client import REGISTRY, CollectorRegistry
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from wildcam.runs.lock import Lock
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.settings import Settings
from wildcam.web.measured import MeasuredRequests
from wildcam.web.metrics import HomeCollector


class Nothing(BaseModel):
    """What a run of these tests is about."""


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.fixture
def client() -> TestClient:
    async def take(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())), 201)

    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.receive_text()

    routes = [Route("/{path:path}", take, methods=["PUT"]), WebSocketRoute("/stream", socket)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(MeasuredRequests)]))


def rise(name: str, act: Callable[[], object], **labels: str) -> float:
    before = value(name, **labels)
    act()
    return value(name, **labels) - before


def test_requests_and_what_they_bring_are_counted(client: TestClient) -> None:
    put = lambda: client.put("/x", content=b"12345")  # noqa: E731
    assert rise("wildcam_uploaded_bytes_total", put) == 5
    assert rise("wildcam_request_seconds_count", put, method="PUT", status="201") == 1


def test_an_invented_method_makes_no_row_of_its_own(client: TestClient) -> None:
    ask = lambda: client.request("SPAM", "/x")  # noqa: E731
    assert rise("wildcam_request_seconds_count", ask, method="other", status="405") == 1


def test_a_session_counts_while_its_page_is_open(client: TestClient) -> None:
    before = value("wildcam_sessions")
    with client.websocket_connect("/stream") as page:
        assert value("wildcam_sessions") == before + 1
        page.send_text("bye")
    assert value("wildcam_sessions") == before


def test_runs_and_queues_are_read_at_each_scrape(small_home: Settings) -> None:
    registry = CollectorRegistry()
    registry.register(HomeCollector(small_home))
    assert registry.get_sample_value("wildcam_queue_length", {"lane": "light"}) == 0
    store = RunStore(small_home)
    run = store.create(Kind.CHECK, "check", Nothing())
    with Lock.acquire(run.lock_path) or pytest.fail("the lock is taken"):
        store.enqueue(run.id)
        assert registry.get_sample_value("wildcam_queue_length", {"lane": "light"}) == 1
        assert registry.get_sample_value("wildcam_runs", {"kind": "check", "state": "queued"}) == 1
