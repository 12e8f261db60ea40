"""Every request counted, with its seconds and what it brought."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wildcam.web.metrics import REQUEST_SECONDS, SESSIONS, UPLOADED_BYTES

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""Each is a row that is kept: a visitor may send any word as a method."""


class MeasuredRequests:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and count it; a WebSocket counts as a session once it is accepted."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, begun = 500, time.perf_counter()

        async def counted_receive() -> Message:
            message = await receive()
            UPLOADED_BYTES.inc(len(message.get("body", b"")))
            return message

        async def noted_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, counted_receive, noted_send)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            REQUEST_SECONDS.labels(method, str(status)).observe(time.perf_counter() - begun)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_open = False

        async def noted_send(message: Message) -> None:
            nonlocal is_open
            if message["type"] == "websocket.accept":
                is_open = True
                SESSIONS.inc()
            await send(message)

        try:
            await self._app(scope, receive, noted_send)
        finally:
            if is_open:
                SESSIONS.dec()
