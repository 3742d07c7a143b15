"""An S3 server of the tests' own on this machine: moto's, which has conditional writes."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import boto3
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from tasks.storage.s3 import _made

BUCKET = "news"
HOST = "127.0.0.1"


class OneAtATime:
    """The server's application, which then checks a condition and writes without another request in between."""

    def __init__(self) -> None:
        self._app = DomainDispatcherApplication(create_backend_app)
        self._guard = threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        with self._guard:
            return list(self._app(environ, start))


class Quiet(WSGIRequestHandler):
    """Keeps connections open and logs nothing."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: Any) -> None:
        """Says nothing."""


@contextlib.contextmanager
def object_store() -> Iterator[dict[str, str]]:
    """Runs a server with an empty bucket; gives the environment that leads to it."""
    server = make_server(HOST, 0, OneAtATime(), threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = {
        "AWS_ENDPOINT_URL": f"http://{HOST}:{server.port}",
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "no secret",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    try:
        yield environment
    finally:
        server.shutdown()
        server.server_close()


def empty_bucket() -> str:
    """Makes the bucket anew with nothing in it; gives its URL."""
    s3 = boto3.resource("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.Bucket(BUCKET).objects.all().delete()
    _made.clear()  # this process's connections, which may lead to another server
    return f"s3://{BUCKET}"


def keys(prefix: str = "") -> list[str]:
    """The keys in the bucket that begin so."""
    return [one.key for one in boto3.resource("s3").Bucket(BUCKET).objects.filter(Prefix=prefix)]
