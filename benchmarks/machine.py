"""What a number was measured on."""

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from api import __version__

_PACKAGES = ("highspy", "ortools", "pulp", "cbcbox", "numpy", "scipy", "spopt")


def machine() -> dict[str, str | int]:
    """Return the kind of machine and the versions that matter."""
    return {
        "name": name(),
        "cpu": _cpu(),
        "cores": os.cpu_count() or 1,
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "muster": __version__,
    } | {package: found for package in _PACKAGES if (found := _version(package))}


def name() -> str:
    """Return a name for files: the processor and its cores."""
    slug = re.sub(r"[^a-z0-9]+", "-", _cpu().lower().replace("(r)", "").replace("(tm)", ""))
    return f"{slug.strip('-')}-{os.cpu_count() or 1}-cores"


def _cpu() -> str:
    listed = Path("/proc/cpuinfo")
    if listed.is_file():
        found = re.search(r"(?m)^model name\s*:\s*(.+)$", listed.read_text(encoding="utf-8"))
        if found:
            return found[1].strip()
    return platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
