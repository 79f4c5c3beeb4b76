#!/bin/sh
# Installs Muster from this folder, without a network: sh install.sh [FOLDER] (./muster by default).
# PYTHON=... names the Python to use; it must be of the version that the wheels are for.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
target=${1:-muster}
version=$(cat "$here/python-version")
python=${PYTHON:-python$version}

found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || found=none
if [ "$found" != "$version" ]; then
    echo "This bundle is for Python $version; $python is $found." >&2
    echo "    Debian, Ubuntu:  sudo apt-get install python$version python$version-venv" >&2
    echo "    Another place:   PYTHON=/path/to/python$version sh install.sh" >&2
    exit 1
fi

# Every file must be as it was packed.
(cd "$here" && "$python" - SHA256SUMS) <<'CHECK'
import hashlib, sys
from pathlib import Path

lines = Path(sys.argv[1]).read_text().splitlines()
expected = {name: sha256 for sha256, name in (line.split("  ", 1) for line in lines)}
damaged = [
    name
    for name, sha256 in expected.items()
    if not Path(name).is_file() or hashlib.sha256(Path(name).read_bytes()).hexdigest() != sha256
]
sys.exit("Damaged or missing: " + ", ".join(damaged) if damaged else 0)
CHECK

"$python" -m venv "$target"
PIP_CONFIG_FILE=/dev/null "$target/bin/python" -m pip --isolated --disable-pip-version-check \
    install --quiet --no-index --find-links "$here/wheels" -c "$here/constraints.txt" \
    "muster[$(cat "$here/extras")]"
echo "Muster $("$target/bin/muster" --version) is installed: $target/bin/muster"
echo "Look whether this machine is fit:  $target/bin/muster doctor"
