"""An application below a path, so that several can share one host."""

from typing import Any

#: Where metadata of an issuer with a path are looked for (RFC 8414 §3.1).
WELL_KNOWN = "/.well-known/oauth-authorization-server"


class Mounted:
    """WSGI middleware: the application sees what follows `path`, and nothing else."""

    def __init__(self, wsgi: Any, path: str) -> None:
        """:param path: such as "/t/acme"."""
        self._wsgi = wsgi
        self._path = path

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        asked = environ.get("PATH_INFO", "")
        if asked == f"{WELL_KNOWN}{self._path}":
            asked = f"{self._path}{WELL_KNOWN}"
        rest = asked.removeprefix(self._path)
        if rest == asked or rest[:1] not in ("", "/"):
            start_response("404 Not Found", [("Content-Length", "0")])
            return []
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + self._path
        environ["PATH_INFO"] = rest
        return self._wsgi(environ, start_response)
