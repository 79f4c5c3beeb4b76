"""Valhalla as a program beside ours: tiles of a PBF, and a server over them."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from api.clients import Line, RouterName
from benchmarks import servers


@dataclass(frozen=True)
class Valhalla:
    """Its programs; ``config`` prints its default configuration."""

    name: ClassVar = RouterName.VALHALLA
    hint: ClassVar = "pyvalhalla==3.9.1"
    build_tiles: Path
    service: Path
    config: tuple[str | Path, ...]

    @classmethod
    def find(cls, named: Path | None, folder: Path) -> Self | None:
        """Return it as ``named`` (a folder or the wheel of ``pyvalhalla``), else as on the path."""
        config = "valhalla_build_config" if named is None else "valhalla_build_config.py"
        names = ("valhalla_build_tiles", "valhalla_service", config)
        found = servers.programs(names, named, folder)
        if found is None:
            return None
        run = (found[2],) if named is None else (sys.executable, found[2])
        return cls(found[0], found[1], run)

    @property
    def label(self) -> str:
        """Its name and version."""
        return f"Valhalla {servers.output(self.service, '--version').split()[-1]}"

    @contextmanager
    def serving(self, pbf: Path, folder: Path, *, equal: bool) -> Iterator[Line]:
        """Build tiles in ``folder`` and run a server; it goes by posted speeds in any case."""
        del equal
        folder.mkdir(parents=True, exist_ok=True)
        tiles = ("--mjolnir-tile-dir", folder / "tiles", "--mjolnir-concurrency", "1")
        config = json.loads(servers.output(*self.config, *tiles))
        port = servers.free_port()
        config["httpd"]["service"]["listen"] = f"tcp://127.0.0.1:{port}"
        file = folder / "valhalla.json"
        file.write_text(json.dumps(config), encoding="utf-8")
        servers.output(self.build_tiles, "-c", file, "-j", "1", pbf)
        command = (self.service, file, "1")
        with servers.serving(command, port, folder / "service.log") as line:
            yield line
