"""``deploy/nginx.conf`` as a real nginx serves it: TLS, a path of its own, events, large bodies."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from api.jobs.callers import OPEN, Role
from api.jobs.database import open_database
from api.jobs.keys import KeyStore
from tests.api.doors import ROOT, tiny
from tests.api.jobs.servers import ASYNC, Served

NAME = "plans.example"
EXECUTION = "/muster/v1/processes/site-fire-stations/execution"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NGINX is None, reason="there is no nginx (Debian: nginx-light)"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl"),
]


@dataclass(frozen=True)
class Proxied:
    """A client that comes through nginx with a key, and one without."""

    client: httpx.Client
    stranger: httpx.Client


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def configured(folder: Path, service: str, port: int) -> Path:
    """Write the example as it stands, with a certificate and ports of this machine."""
    made = {"/etc/ssl/certs/plans.example.pem": str(folder / "plans.pem")}
    made |= {"/etc/ssl/private/plans.example.key": str(folder / "plans.key")}
    made |= {"http://127.0.0.1:8000/": f"{service}/"}
    made |= {"listen 443 ssl": f"listen 127.0.0.1:{port} ssl"}
    made |= {"listen 80": f"listen 127.0.0.1:{free_port()}"}
    example = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    for old, new in made.items():
        assert old in example
        example = example.replace(old, new)
    places = "".join(
        f"{name}_temp_path {folder / name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"pid {folder / 'pid'}; error_log {folder / 'errors'}; daemon off; events {{}}\n"
        f"http {{ access_log off; {places}\n{example}}}\n",
        encoding="utf-8",
    )
    return whole


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("proxy")
    certified = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={NAME}")
    certified += ("-addext", "subjectAltName=IP:127.0.0.1", "-days", "2")
    certified += ("-keyout", str(folder / "plans.key"), "-out", str(folder / "plans.pem"))
    subprocess.run(("openssl", *certified), check=True, capture_output=True)  # noqa: S603, S607
    database = f"sqlite:///{folder / 'jobs.sqlite3'}"
    engine = open_database(database)
    key = KeyStore(engine).create("first", Role.ADMIN, by=OPEN)
    engine.dispose()
    port = free_port()
    trusted = ssl.create_default_context(cafile=str(folder / "plans.pem"))
    with Served(database, MUSTER_ROOT_PATH="/muster") as served:
        conf = configured(folder, str(served.client.base_url).rstrip("/"), port)
        nginx = subprocess.Popen((str(NGINX), "-c", str(conf)))  # noqa: S603
        shown = {"host": f"{NAME}:{port}"}
        holding = shown | {"authorization": f"Bearer {key}"}
        url = f"https://127.0.0.1:{port}"
        try:
            with (
                httpx.Client(base_url=url, verify=trusted, headers=holding, timeout=60) as client,
                httpx.Client(base_url=url, verify=trusted, headers=shown, timeout=60) as stranger,
            ):
                until_it_answers(client)
                yield Proxied(client, stranger)
        finally:
            nginx.terminate()
            nginx.wait(timeout=20)


def until_it_answers(client: httpx.Client) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            client.get("/muster/healthz").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError


def test_links_and_the_page_stay_below_the_path(proxied: Proxied) -> None:
    base = str(proxied.client.base_url).replace("127.0.0.1", NAME)
    landing = proxied.client.get("/muster/v1/").json()
    assert all(one["href"].startswith(f"{base}/muster/") for one in landing["links"])
    assert proxied.stranger.get("/muster/").status_code == 200
    assert proxied.stranger.get("/muster/page/page.js").status_code == 200
    assert proxied.stranger.get("/muster").headers["location"] == f"{base}/muster/"
    assert proxied.stranger.get("/muster/v1/jobs").status_code == 401


def test_events_come_through_as_they_happen(proxied: Proxied) -> None:
    sent = proxied.client.post(EXECUTION, json=tiny(), headers=ASYNC)
    assert sent.status_code == 201
    place = sent.headers["location"]
    assert place.startswith("https://plans.example:")
    job = place.rpartition("/")[2]
    said = []
    with proxied.client.stream("GET", f"/muster/v1/jobs/{job}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        said = [line for line in stream.iter_lines() if line.startswith("data:")]
    assert '"successful"' in said[-1]


def test_what_is_too_large_is_refused_by_the_service_in_its_own_words(proxied: Proxied) -> None:
    for place, megabytes in ((EXECUTION, 70), ("/muster/v1/datasets", 540)):
        pieces = (b" " * 1_000_000 for _ in range(megabytes))
        headers = {"content-length": str(megabytes * 1_000_000)}
        refused = proxied.client.post(place, content=pieces, headers=headers)
        assert refused.status_code == 413
        assert refused.json()["title"].endswith(("name it", "512 MB"))


def test_the_key_that_the_page_keeps_is_for_this_path_alone(proxied: Proxied) -> None:
    shown = proxied.client.headers["authorization"].removeprefix("Bearer ")
    kept = proxied.stranger.post("/muster/page/key", json={"key": shown})
    cookie = kept.headers["set-cookie"].lower()
    assert "path=/muster;" in cookie
    assert "secure" in cookie
    assert "httponly" in cookie
