"""A visitor without a browser: Streamlit's own messages over a real WebSocket, cookies and uploads over HTTP."""

import ssl
import time
from contextlib import ExitStack
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

XSRF_COOKIE = "_streamlit_xsrf"
LARGEST_MESSAGE = 200 * 1024**2


class Visitor:
    """One open page. `address`: where the app is served, with the path below which it is;
    `source`: the address that one comes from.
    """

    def __init__(
        self, address: str, *, trust: ssl.SSLContext | None = None, source: str = "", seconds: float = 60
    ) -> None:
        self._address = address.rstrip("/")
        self._trust, self._source, self._seconds = trust, source, seconds
        transport = httpx.HTTPTransport(verify=trust or True, local_address=source or None)
        self.http = httpx.Client(base_url=self._address, transport=transport, timeout=seconds)
        self.seen: list[ForwardMsg] = []  # since the last run of the page began
        self._session = ""
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        self.http.get("/_stcore/health").raise_for_status()  # sets the cookie against forged requests
        parts = urlsplit(self._address)
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies.jar)
        token = self._token()
        opened = connect(
            f"{parts.scheme.replace('http', 'ws')}://{parts.netloc}{parts.path}/_stcore/stream",
            ssl=self._trust,
            source_address=(self._source, 0) if self._source else None,
            origin=Origin(f"{parts.scheme}://{parts.netloc}"),
            subprotocols=[Subprotocol("streamlit"), Subprotocol(token)],
            additional_headers={"Cookie": cookies},
            max_size=LARGEST_MESSAGE,
            open_timeout=self._seconds,
            ping_interval=None,  # as a browser: the server asks whether one is there
        )
        self._socket = self._opened.enter_context(opened)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._opened.close()
        self.http.close()

    def open(self, page: str, query: str = "", *widgets: WidgetState) -> float:
        """Run a page to its end, with these widgets set; seconds that it took."""
        begun = time.perf_counter()
        state = ClientState(page_name=page, query_string=query)
        state.widget_states.widgets.extend(widgets)
        self.seen = []
        self._send(BackMsg(rerun_script=state))
        self._wait("script_finished")
        return time.perf_counter() - begun

    def upload(self, name: str, content: bytes) -> WidgetState:
        """Bring a file to the uploader of the page; the state of the widget with it, for `open`."""
        uploader = next(filter(None, (_uploader(message) for message in self.seen)))
        request = BackMsg()
        request.file_urls_request.request_id = name
        request.file_urls_request.file_names.append(name)
        request.file_urls_request.session_id = self._session
        self._send(request)
        urls = self._wait("file_urls_response").file_urls_response.file_urls[0]
        path = urls.upload_url.removeprefix(urlsplit(self._address).path)
        headers = {"X-Xsrftoken": self._token()}
        self.http.put(path, files={"file": (name, content, "image/jpeg")}, headers=headers).raise_for_status()
        file = UploadedFileInfo(file_id=urls.file_id, name=name, size=len(content), file_urls=urls)
        state = WidgetState(id=uploader)
        state.file_uploader_state_value.uploaded_file_info.append(file)
        return state

    def received(self) -> bytes:
        """All that the page said since its last run began."""
        return b"".join(message.SerializeToString() for message in self.seen)

    def exceptions(self) -> list[str]:
        """What the page failed with."""
        drawn = (message.delta.new_element for message in self.seen if message.WhichOneof("type") == "delta")
        return [element.exception.message for element in drawn if element.WhichOneof("type") == "exception"]

    def _token(self) -> str:
        """What a page sends beside its cookie, so that no other site can."""
        return str(self.http.cookies.get(XSRF_COOKIE, ""))

    def _send(self, message: BackMsg) -> None:
        self._socket.send(message.SerializeToString())

    def _wait(self, kind: str) -> ForwardMsg:
        """The next message of a kind. Raises `TimeoutError`."""
        deadline = time.monotonic() + self._seconds
        while True:
            message = ForwardMsg.FromString(self._socket.recv(deadline - time.monotonic(), decode=False))
            self.seen.append(message)
            if message.WhichOneof("type") == "new_session":
                self._session = message.new_session.initialize.session_id
            if message.WhichOneof("type") == kind:
                return message


def _uploader(message: ForwardMsg) -> str:
    element = message.delta.new_element
    return element.file_uploader.id if element.WhichOneof("type") == "file_uploader" else ""
