#!/bin/sh
# Packs Muster and all it needs for machines without a network: sh bundle.sh PYTHON OUT.
# Wheels are for this system and this Python; the bundle's install.sh puts them there.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
python=$1
out=$2
extras=report,geography,documents,postgresql

name=$("$python" - "$root" <<'NAME'
import re, sys, sysconfig
from pathlib import Path

version = re.search(r'__version__ = "(.+)"', Path(sys.argv[1], "api/__init__.py").read_text())[1]
python = "%d.%d" % sys.version_info[:2]
print(f"muster-{version}-python{python}-{sysconfig.get_platform()}")
NAME
)
folder=$out/$name
rm -rf "$folder" "$folder.tar.gz"
mkdir -p "$folder/wheels"

"$python" -m pip --disable-pip-version-check wheel --quiet \
    -c "$root/constraints.txt" -w "$folder/wheels" "$root[$extras]"
cp "$root/constraints.txt" "$root/deploy/install.sh" "$root/README.md" "$root/LICENSE" "$folder"
printf '%s' "$extras" > "$folder/extras"
"$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' > "$folder/python-version"

(cd "$folder" && "$python" -) <<'SUMS'
import hashlib
from pathlib import Path

files = sorted(path for path in Path().rglob("*") if path.is_file())
lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.as_posix()}\n" for path in files]
Path("SHA256SUMS").write_text("".join(lines))
SUMS

tar -C "$out" -czf "$folder.tar.gz" "$name"
rm -rf "$folder"
echo "Written: $folder.tar.gz, $(du -h "$folder.tar.gz" | cut -f1)"
