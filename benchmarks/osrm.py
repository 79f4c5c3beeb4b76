"""OSRM as a program beside ours: a PBF extracted and contracted, and a server over it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from api.clients import Line, RouterName
from benchmarks import servers

# Its car profile drives at 0.8 of what is posted.
_SLOWER, _AS_POSTED = "speed_reduction           = 0.8", "speed_reduction = 1.0"


@dataclass(frozen=True)
class Osrm:
    """Its programs, and the folder of its profiles."""

    name: ClassVar = RouterName.OSRM
    hint: ClassVar = "osrm-bindings==26.10.0"
    extract: Path
    contract: Path
    routed: Path
    profiles: Path

    @classmethod
    def find(cls, named: Path | None, folder: Path) -> Self | None:
        """Return it as ``named`` (a folder or the wheel of ``osrm-bindings``), else as on the path.

        Its profiles lie in ``share``, or ``share/osrm``, beside the folder of its programs.
        """
        names = ("osrm-extract", "osrm-contract", "osrm-routed")
        found = servers.programs(names, named, folder)
        if found is None:
            return None
        share = found[0].parent.parent / "share"
        places = (share / "profiles", share / "osrm" / "profiles")
        profiles = next((one for one in places if (one / "car.lua").is_file()), None)
        return None if profiles is None else cls(*found, profiles)

    @property
    def label(self) -> str:
        """Its name and version."""
        return f"OSRM {servers.output(self.routed, '--version').split()[-1].removeprefix('v')}"

    @contextmanager
    def serving(self, pbf: Path, folder: Path, *, equal: bool) -> Iterator[Line]:
        """Make its files in ``folder`` and run a server; ``equal`` drives at what is posted."""
        shutil.copytree(self.profiles, folder / "profiles")
        profile = folder / "profiles" / "car.lua"
        if equal:
            text = profile.read_text(encoding="utf-8")
            if _SLOWER not in text:
                raise RuntimeError("OSRM's car profile is not the one that is known")
            profile.write_text(text.replace(_SLOWER, _AS_POSTED), encoding="utf-8")
        shutil.copy(pbf, folder / "roads.osm.pbf")
        servers.output(self.extract, "-t", "1", "-p", profile, folder / "roads.osm.pbf")
        servers.output(self.contract, "-t", "1", folder / "roads.osrm")
        port = servers.free_port()
        command = (self.routed, "-i", "127.0.0.1", "-p", str(port), "-t", "1")
        files = (folder / "roads.osrm",)
        with servers.serving((*command, *files), port, folder / "service.log") as line:
            yield line
