"""Shows a folder of pages to browsers on this machine."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

HOST = "127.0.0.1"


class _Pages(http.server.SimpleHTTPRequestHandler):
    """Files only, read only, in silence, and only to who asks for this machine by its own name."""

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def send_head(self) -> object:
        """The file, or a refusal: of another host's name (a page elsewhere may point its name here), of a folder."""
        if self.headers.get("Host", "").rsplit(":", 1)[0] not in (HOST, "localhost"):
            return self.send_error(http.HTTPStatus.FORBIDDEN)
        return super().send_head()

    def list_directory(self, path: object) -> None:
        """No list of files."""
        self.send_error(http.HTTPStatus.NOT_FOUND, "nothing was checked yet")


@contextlib.contextmanager
def show_pages(folder: Path, port: int) -> Iterator[None]:
    """Serves the folder's files at the port of this machine's own address until the context ends."""
    folder.mkdir(parents=True, exist_ok=True)
    server = http.server.ThreadingHTTPServer((HOST, port), functools.partial(_Pages, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
