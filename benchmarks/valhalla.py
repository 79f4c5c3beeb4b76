"""Valhalla as a program beside ours: found, given tiles of a PBF, and run as a server.

Its executables are on the path, or in a folder or an unpacked wheel of ``pyvalhalla`` that
``--valhalla`` or the variable ``VALHALLA`` names; the wheel itself will do.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from api.clients import Line, allowed_address

_START_MAX_S = 30.0
_ANSWER_S = 120.0
_ANSWER_MAX_BYTES = 1_000_000_000
_PROGRAMS = ("valhalla_build_tiles", "valhalla_service")


@dataclass(frozen=True)
class Valhalla:
    """The programs that are needed, and how its default configuration is written."""

    build_tiles: Path
    service: Path
    config: tuple[str, ...]

    @property
    def version(self) -> str:
        """The version, as the program says it."""
        return _output([str(self.service), "--version"]).split()[-1]


def find(named: Path | None, folder: Path) -> Valhalla | None:
    """Return Valhalla as ``named``, else as on the path; a wheel is unpacked into ``folder``."""
    if named is None:
        tiles, service, config = (
            shutil.which(one) for one in (*_PROGRAMS, "valhalla_build_config")
        )
        if tiles is None or service is None or config is None:
            return None
        return Valhalla(Path(tiles), Path(service), (config,))
    root = named
    if named.suffix == ".whl":
        root = folder / "wheel"
        with ZipFile(named) as wheel:
            wheel.extractall(root)
    programs = [next(root.rglob(one), None) for one in (*_PROGRAMS, "valhalla_build_config.py")]
    if None in programs:
        return None
    tiles_path, service_path, config_path = (one for one in programs if one is not None)
    for one in (tiles_path, service_path):
        if not os.access(one, os.X_OK):
            one.chmod(0o755)
    return Valhalla(tiles_path, service_path, (sys.executable, str(config_path)))


@contextmanager
def serving(valhalla: Valhalla, pbf: Path, folder: Path) -> Iterator[Line]:
    """Build the tiles of a PBF in ``folder`` and yield the way to a server over them."""
    folder.mkdir(parents=True, exist_ok=True)
    tiles = ["--mjolnir-tile-dir", str(folder / "tiles"), "--mjolnir-concurrency", "1"]
    config = json.loads(_output([*valhalla.config, *tiles]))
    port = _free_port()
    config["httpd"]["service"]["listen"] = f"tcp://127.0.0.1:{port}"
    file = folder / "valhalla.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    _output([str(valhalla.build_tiles), "-c", str(file), "-j", "1", str(pbf)])
    with (folder / "service.log").open("wb") as log:
        command = [str(valhalla.service), str(file), "1"]
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603  a peer's program
    try:
        _wait(port, process)
        url = f"http://127.0.0.1:{port}"
        yield Line(allowed_address(url, (url,)), _ANSWER_S, _ANSWER_MAX_BYTES)
    finally:
        process.kill()
        process.wait()


def _output(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603  a peer's program
    return done.stdout.decode()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_MAX_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("Valhalla's server does not start")
