"""What surrounds a fault job: local services on loopback, a marker of whether this run is to fail, a disk too small."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import socket
import socketserver
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FULL_DISK_MIB = 3
"""Room of the disk that is to run full, in MiB: the few small files Spark starts with fit, a shuffle does not."""


def is_faulty(spec: dict) -> bool:
    """Whether a run is to fail. A job that ``recovers_after`` n fails in n repeats, then succeeds in two, and so on."""
    failures = spec["size"].get("recovers_after")
    if failures is None:
        return not spec["size"].get("repaired", False)
    return (spec["repeat"] - 1) % (failures + 2) < failures


@contextlib.contextmanager
def trouble(spec: dict, scratch: Path) -> Iterator[dict]:
    """Leaves a marker that the job looks for: the world is in trouble during this run."""
    if is_faulty(spec):
        (scratch / "trouble").touch()
    yield {}


@contextlib.contextmanager
def strict_stages(spec: dict, scratch: Path) -> Iterator[dict]:
    """As ``trouble``, and a stage that cannot fetch its input fails the job the second time."""
    with trouble(spec, scratch):
        yield {"spark.stage.maxConsecutiveAttempts": "2"}


@contextlib.contextmanager
def single_stage_attempt(spec: dict, scratch: Path) -> Iterator[dict]:
    """As ``trouble``, and a stage that cannot fetch its input fails the job at once."""
    with trouble(spec, scratch):
        yield {"spark.stage.maxConsecutiveAttempts": "1"}


@contextlib.contextmanager
def late_file(spec: dict, scratch: Path) -> Iterator[dict]:
    """Puts the day's delivery in place, unless it is late."""
    if not is_faulty(spec):
        folder = scratch / "landing/day=2026-09-14"
        folder.mkdir(parents=True)
        lines = (json.dumps({"parcel": number, "weight": number % 40}) for number in range(2000))
        (folder / "delivery.json").write_text("\n".join(lines), encoding="utf-8")
    yield {}


@contextlib.contextmanager
def full_disk(spec: dict, scratch: Path) -> Iterator[dict]:
    """Gives Spark's local directory a disk of its own that is nearly full, a tmpfs; mounting one needs root."""
    if not is_faulty(spec):
        yield {}
        return
    if os.geteuid() != 0:
        raise PermissionError("a full disk is made by mounting a small tmpfs, which needs root: run it as root, "
                              "or leave it out with --only")
    with tempfile.TemporaryDirectory(prefix="lab-disk-") as folder:  # not in scratch, which must go whatever happens
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={FULL_DISK_MIB}m", "tmpfs", folder], check=True)
        try:
            yield {"spark.local.dir": folder}
        finally:
            subprocess.run(["umount", "-l", folder], check=False)


class _Stock(BaseHTTPRequestHandler):
    """A stock service: 401 without the right account, 403 without the role, 503 while it is in trouble."""

    def do_GET(self) -> None:
        """Answers one question for a stock level."""
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        account = base64.b64decode(token).decode() if scheme == "Basic" else ""
        user, _, word = account.partition(":")
        if self.server.busy:
            self._answer(503, {"error": "Service Unavailable: the stock service is starting"})
        elif word != "summer":
            self._answer(401, {"error": "invalid credentials"}, {"WWW-Authenticate": 'Basic realm="stock"'})
        elif user != "planner":
            self._answer(403, {"error": "access denied: the account lacks the role stock-reader"})
        else:
            self._answer(200, {"level": 42})

    def _answer(self, status: int, body: dict, headers: dict[str, str] | None = None) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(text)),
                            **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        """Keeps the service quiet."""


class _Archive(socketserver.StreamRequestHandler):
    """As much of an FTP server as a login needs: 230 for the right word, else 530."""

    def handle(self) -> None:
        """Serves one connection."""
        self._say("220 archive ready")
        while line := self.rfile.readline().decode("ascii", "replace").strip():
            verb, _, rest = line.partition(" ")
            answers = {"USER": "331 password required", "QUIT": "221 bye",
                       "PASS": "230 logged in" if rest == "summer" else "530 Login incorrect."}
            self._say(answers.get(verb.upper(), "502 not here"))

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode("ascii"))


@contextlib.contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[int]:
    """Runs a server in a thread; gives its port."""
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def stock_service(spec: dict, scratch: Path) -> Iterator[dict]:
    """A stock service over HTTP; its port is in ``service_port``. In trouble it answers 503."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Stock)
    server.busy = "recovers_after" in spec["size"] and is_faulty(spec)
    with _serving(server) as port:
        (scratch / "service_port").write_text(str(port), encoding="ascii")
        yield {}


@contextlib.contextmanager
def archive_service(spec: dict, scratch: Path) -> Iterator[dict]:
    """An archive over FTP; its port is in ``service_port``."""
    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Archive)) as port:
        (scratch / "service_port").write_text(str(port), encoding="ascii")
        yield {}


@contextlib.contextmanager
def late_service(spec: dict, scratch: Path) -> Iterator[dict]:
    """A port in ``service_port`` where the stock service answers, or, when faulty, nobody listens."""
    if not is_faulty(spec):
        with stock_service({**spec, "size": {}}, scratch):
            yield {}
        return
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # bound but not listening: nobody else gets the port, connections are refused
        (scratch / "service_port").write_text(str(reserved.getsockname()[1]), encoding="ascii")
        yield {}


HOOKS = {hook.__name__: hook for hook in (trouble, strict_stages, single_stage_attempt, late_file, full_disk,
                                          stock_service, archive_service, late_service)}
