"""A server that answers as OSRM and Valhalla do, on a plane of roads of its own.

Roads are everywhere but in the west (lon < 0), where there are none, and an island beyond
lat 1 that no bridge leads to. Ten seconds a thousandth of a degree, north or east.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SNAP_DEG = 0.0005  # places are moved south by this much: 55.6 m
ISLAND_LAT = 1.0
SECONDS_A_DEGREE = 10_000.0

Place = tuple[float, float]  # lat, lon


def seconds(one: Place, other: Place) -> float:
    """Return the time between two places of the mainland."""
    return SECONDS_A_DEGREE * (abs(one[0] - other[0]) + abs(one[1] - other[1]))


@dataclass
class Behaviour:
    """How the server answers; ``fixed`` is an answer to everything: status, body, headers."""

    limit: int = 100_000
    fixed: tuple[int, str, dict[str, str]] | None = None
    silent: bool = False
    trickling: bool = False
    regions_refused: bool = False
    asked: list[tuple[int, int]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Running:
    """A server that runs, and how it behaves."""

    url: str
    behaviour: Behaviour


@contextmanager
def running() -> Iterator[Running]:
    """Run a server of this machine while the block lasts."""
    behaviour = Behaviour()

    class Handler(_Handler):
        how = behaviour

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Running(f"http://127.0.0.1:{server.server_port}", behaviour)
    finally:
        behaviour.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    how: Behaviour

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.how.paths.append(parts.path)
        places = [
            (float(lat), float(lon))
            for lon, lat in (one.split(",") for one in parts.path.split("/")[-1].split(";"))
        ]
        query = parse_qs(parts.query)
        sources, targets = (
            [places[int(k)] for k in query[name][0].split(";")]
            for name in ("sources", "destinations")
        )
        self._reply(sources, targets, _osrm)

    def do_POST(self) -> None:
        self.how.paths.append(self.path)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        sources, targets = (
            [(one["lat"], one["lon"]) for one in body[name]] for name in ("sources", "targets")
        )
        self._reply(sources, targets, _valhalla)

    def _reply(self, sources: list[Place], targets: list[Place], table: Any) -> None:
        self.how.asked.append((len(sources), len(targets)))
        if self.how.silent:
            self.how.ended.wait(20)
            return
        status, body = table(self.how, sources, targets)
        headers: dict[str, str] = {}
        if self.how.fixed is not None:
            status, body, headers = self.how.fixed
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self._send(content)

    def _send(self, content: bytes) -> None:
        try:
            if not self.how.trickling:
                self.wfile.write(content)
                return
            for byte in content:
                self.wfile.write(bytes([byte]))
                if self.how.ended.wait(0.02):
                    return
        except OSError:  # the client has left
            return

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _time(one: Place, other: Place) -> float | None:
    apart = (one[0] > ISLAND_LAT) != (other[0] > ISLAND_LAT)
    return None if apart else seconds(one, other)


def _osrm(
    how: Behaviour, sources: list[Place], targets: list[Place]
) -> tuple[int, dict[str, Any] | str]:
    places = [*sources, *targets]
    if len(places) > how.limit:
        return 400, {"code": "TooBig", "message": "Too many table coordinates"}
    for number, place in enumerate(places):
        if place[1] < 0:
            said = f"Could not find a matching segment for coordinate {number}"
            return 400, {"code": "NoSegment", "message": said}
    return 200, {
        "code": "Ok",
        "durations": [[_time(one, other) for other in targets] for one in sources],
        "sources": [_waypoint(one) for one in sources],
        "destinations": [_waypoint(one) for one in targets],
    }


def _waypoint(place: Place) -> dict[str, Any]:
    return {"hint": "", "name": "", "location": [place[1], place[0] - SNAP_DEG], "distance": 55.6}


def _valhalla(
    how: Behaviour, sources: list[Place], targets: list[Place]
) -> tuple[int, dict[str, Any] | str]:
    places = [*sources, *targets]
    if len(sources) * len(targets) > how.limit:
        return _error(150, f"Exceeded max locations: {how.limit}.000000")
    if any(place[1] < 0 for place in places):
        return _error(171, "No suitable edges near location")
    regions = {place[0] > ISLAND_LAT for place in places}
    if how.regions_refused and len(regions) > 1:
        return _error(170, "Locations are in unconnected regions. Go check/edit the map at osm.org")
    times = [[_time(one, other) for other in targets] for one in sources]
    if all(one is None for row in times for one in row):
        return _error(442, "No path could be found for input")
    cells = [
        [
            {"from_index": k, "to_index": m, "time": one, "distance": one and one / 100}
            for m, one in enumerate(row)
        ]
        for k, row in enumerate(times)
    ]
    return 200, {
        "sources_to_targets": cells,
        "sources": [{"lat": lat - SNAP_DEG, "lon": lon} for lat, lon in sources],
        "targets": [{"lat": lat - SNAP_DEG, "lon": lon} for lat, lon in targets],
        "units": "kilometers",
        "algorithm": "costmatrix",
    }


def _error(code: int, said: str) -> tuple[int, dict[str, Any]]:
    return 400, {
        "error_code": code,
        "error": said,
        "status_code": 400,
        "status": "Bad Request",
    }
