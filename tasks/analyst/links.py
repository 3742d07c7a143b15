"""Which addresses may become links."""

from __future__ import annotations


def web_address(url: str | None) -> str | None:
    """The address where it is one of the web (http or https) and has no blank or quote in it, else None."""
    if url is None or not url.lower().startswith(("http://", "https://")):
        return None
    return None if any(c.isspace() or c in "\"'<>`\\" or ord(c) < 32 for c in url) else url
