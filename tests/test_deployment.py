"""The container files and the bundle: what they name is there, and the bundle installs offline."""

import json
import os
import re
import shlex
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from api.cli.commands import app
from api.settings import PREFIX, Settings
from tests.api.doors import ROOT

SETTINGS = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
GROUP: Any = typer.main.get_command(app)
COMMANDS = {name: GROUP.get_command(None, name) for name in GROUP.list_commands(None)}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions, each with all of its lines."""
    lines = [line for line in DOCKERFILE.splitlines() if line and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    found = re.findall(r"(?m)^([A-Z]+) (.+)$", joined)
    assert len(found) == len(joined.splitlines())
    return found


def all_of(name: str) -> list[str]:
    return [arguments for word, arguments in instructions() if word == name]


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE)
    return found


def service(name: str) -> dict[str, Any]:
    found: dict[str, Any] = compose()["services"][name]
    return found


def options(command: str) -> set[str]:
    return {flag for one in COMMANDS[command].params for flag in one.opts}


def test_the_image_copies_what_is_there_and_is_sent() -> None:
    sent = (ROOT / ".dockerignore").read_text().splitlines()
    sources = [
        part for line in all_of("COPY") if "--from" not in line for part in line.split()[:-1]
    ]
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in sent, source
    assert [line for line in sent if line.startswith("!")] == [f"!{one}" for one in sources]


def test_the_image_holds_all_that_the_wheel_does() -> None:
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    for name in packages["targets"]["wheel"]["packages"]:
        assert f"{name} {name}" in all_of("COPY")


def test_the_image_installs_pinned_packages_with_extras_that_exist() -> None:
    (install,) = (line for line in all_of("RUN") if "pip install" in line)
    assert "-c constraints.txt" in install
    extras = re.findall(r"\[(.+?)\]", install)[0].split(",")
    known = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(extras) <= known["optional-dependencies"].keys()
    for text in (DOCKERFILE, COMPOSE, *(one.read_text() for one in (ROOT / "deploy").iterdir())):
        assert not re.search(r"index-url|https?://(?!127\.0\.0\.1|plans\.example|\$h)", text)


def test_the_image_runs_as_nobody_special_and_wants_keys() -> None:
    words = [word for word, _ in instructions()]
    assert all_of("USER") == ["muster"]
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert "MUSTER_KEYS=required" in all_of("ENV")[-1]


def test_every_setting_of_the_image_and_the_services_exists_and_is_in_range() -> None:
    named = dict(re.findall(r"(MUSTER_\w+)=(\S+)", DOCKERFILE))
    assert named.keys() <= SETTINGS
    Settings(**{name.removeprefix(PREFIX).lower(): value for name, value in named.items()})
    for name in ("api", "worker"):
        values = service(name)["environment"]
        assert values.keys() <= SETTINGS
        assert values["MUSTER_KEYS"] == "required"
        plain = {one: filled(value) for one, value in values.items()}
        Settings(**{one.removeprefix(PREFIX).lower(): value for one, value in plain.items()})


def filled(value: str) -> str:
    """Return a value as compose fills it in where nothing is set."""
    return re.sub(r"\$\{\w+(?::-(.*?)|:\?.*?)\}", lambda found: found[1] or "", value)


def test_every_command_and_option_named_is_one_of_the_command_line() -> None:
    (entry,), (command,) = all_of("ENTRYPOINT"), all_of("CMD")
    assert json.loads(entry) == ["muster"]
    for words in (json.loads(command), service("worker")["command"]):
        assert words[0] in COMMANDS
        assert {word for word in words if word.startswith("--")} <= options(words[0])
    lines = re.findall(r"(?:run --rm api|/muster muster) (keys create .+)", DOCKERFILE + COMPOSE)
    assert len(lines) == 2
    create = COMMANDS["keys"].commands["create"]
    flags = {flag for one in create.params for flag in one.opts}
    for line in lines:
        assert {word for word in shlex.split(line) if word.startswith("--")} <= flags


def test_the_services_share_one_database_and_one_store() -> None:
    api, worker, database = service("api"), service("worker"), service("database")
    assert api["volumes"] == worker["volumes"] == ["muster:/var/lib/muster"]
    assert all_of("VOLUME") == ["/var/lib/muster"]
    assert api["depends_on"]["database"] == {"condition": "service_healthy"}
    url = api["environment"]["MUSTER_DATABASE_URL"]
    user, name = (database["environment"][f"POSTGRES_{one}"] for one in ("USER", "DB"))
    assert re.fullmatch(rf"postgresql\+psycopg://{user}:\S.+@database/{name}", url)
    assert url == worker["environment"]["MUSTER_DATABASE_URL"]
    volumes = {one.split(":")[0] for each in (api, database) for one in each["volumes"]}
    assert volumes == compose()["volumes"].keys()


def test_the_example_for_nginx_lets_through_what_the_service_takes() -> None:
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    (port,) = re.findall(r"proxy_pass http://127\.0\.0\.1:(\d+)/;", text)
    assert int(port) == next(one.default for one in COMMANDS["serve"].params if one.name == "port")
    assert "client_max_body_size 0;" in text  # limits are the service's, which says them
    assert "proxy_request_buffering off;" in text
    granted = Settings()
    (seconds,) = re.findall(r"proxy_read_timeout (\d+)s;", text)
    assert int(seconds) > granted.http_time_limit_s + granted.http_grace_s
    for header in ("Host $http_host", "X-Forwarded-Proto $scheme", "X-Forwarded-For $remote_addr"):
        assert f"proxy_set_header {header};" in text
    assert "proxy_buffering off;" in text


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle, unpacked."""
    folder = tmp_path_factory.mktemp("bundle")
    packing = ["sh", str(ROOT / "deploy" / "bundle.sh"), sys.executable, str(folder)]
    packed = subprocess.run(packing, capture_output=True, text=True, check=False)  # noqa: S603
    if packed.returncode != 0 and "No matching distribution" in packed.stderr:
        pytest.skip("no packages can be fetched here")
    assert packed.returncode == 0, packed.stderr
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    archive.unlink()
    (unpacked,) = folder.iterdir()
    return unpacked


def install(bundle: Path, target: Path) -> subprocess.CompletedProcess[str]:
    offline = {"PIP_NO_INDEX": "1", "PYTHON": sys.executable, "PATH": os.environ["PATH"]}
    return subprocess.run(  # noqa: S603
        ["sh", str(bundle / "install.sh"), str(target)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
        env=offline,
    )


@pytest.mark.slow
def test_the_bundle_installs_without_a_network_and_solves(bundle: Path, tmp_path: Path) -> None:
    installed = install(bundle, tmp_path / "muster")
    assert installed.returncode == 0, installed.stderr
    muster = tmp_path / "muster" / "bin" / "muster"
    for line in (
        "example minimal --out request.json",
        "solve request.json --out plan.json",
        "verify request.json plan.json",
        "report request.json plan.json --out report.html",
    ):
        subprocess.run([muster, *line.split()], cwd=tmp_path, check=True)  # noqa: S603
    assert "<html" in (tmp_path / "report.html").read_text()


@pytest.mark.slow
def test_a_damaged_bundle_is_not_installed(bundle: Path, tmp_path: Path) -> None:
    (wheel,) = (bundle / "wheels").glob("muster-*.whl")
    whole = wheel.read_bytes()
    wheel.write_bytes(whole[:-1])
    refused = install(bundle, tmp_path / "muster")
    wheel.write_bytes(whole)
    assert refused.returncode != 0
    assert wheel.name in refused.stderr
    assert not (tmp_path / "muster").exists()
