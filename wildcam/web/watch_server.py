"""Health and metrics at a port of their own, which only this machine reaches."""

import socket
from threading import Thread

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wildcam.settings import LOOPBACK, load_settings
from wildcam.upkeep.health import examine_health
from wildcam.web.metrics import HomeCollector


def watch_app() -> Starlette:
    """`/healthz`: 200 where all is well, else 503, with a sentence for each part; `/metrics`: for Prometheus."""
    return Starlette(routes=[Route("/healthz", _health), Route("/metrics", _metrics)])


def serve_watch(port: int) -> None:
    """Serve both from a thread of their own. Raises `OSError` where something else listens on the port."""
    REGISTRY.register(HomeCollector(load_settings()))
    listening = socket.create_server((LOOPBACK, port))
    server = uvicorn.Server(uvicorn.Config(watch_app(), log_level="warning", lifespan="off"))
    Thread(target=server.run, args=([listening],), name="watch", daemon=True).start()


def _health(_: Request) -> JSONResponse:
    health = examine_health(load_settings())
    return JSONResponse({"well": health.is_well, "problems": health.problems}, 200 if health.is_well else 503)


def _metrics(_: Request) -> Response:
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)
