"""Published instances from a server of our own: whole, as published, or not kept at all."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app
from instances import catalog, published
from instances.published import FAMILIES, KnownValue, Published, content_sha256

SCP = b"1 2\r\n5 3\r\n2 1 2\r\n"
FAMILY = FAMILIES["orlib-scp"]


class Home(BaseHTTPRequestHandler):
    """Gives what `files` holds; a redirect for /moved, a failure for what it does not have."""

    files: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        if self.path.endswith("moved.txt"):
            self.send_response(302)
            self.send_header("Location", "/scp/tiny.txt")
            self.end_headers()
            return
        content = self.files.get(self.path)
        self.send_response(404 if content is None else 200)
        self.end_headers()
        self.wfile.write(b"nothing here" if content is None else content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder, and a mirror that `muster instances` takes files from."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Home)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("MUSTER_INSTANCE_MIRROR", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("MUSTER_DATA", str(tmp_path))
    known = (KnownValue("SCP", "", 3.0, "optimal", "by hand"),)
    listed = {
        name: Published(name, FAMILY, f"{name}.txt", content_sha256(b"1 2 5 3 2 1 2"), known)
        for name in ("tiny", "moved", "gone")
    }
    for module in ("api.cli.instances", "instances.catalog"):
        monkeypatch.setattr(f"{module}.published", lambda: listed)
    Home.files = {"/scp/tiny.txt": SCP}
    yield tmp_path
    server.shutdown()
    server.server_close()
    thread.join()


def instances(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["instances", *arguments])


def test_a_file_comes_as_published_and_can_be_solved(folder: Path) -> None:
    done = instances("fetch", "tiny")
    assert done.exit_code == 0, done.output
    assert (folder / "scp" / "tiny.txt").read_bytes() == SCP
    request, best = catalog.load("tiny")  # with no list of best values beside it
    assert (len(request.sites), best.value) == (2, 3.0)
    assert "here" in instances("show", "tiny").stdout
    Home.files = {}
    assert instances("fetch", "tiny").exit_code == 0  # it is there already


@pytest.mark.parametrize("content", [b"1 2\n5 4\n2 1 2\n", SCP[:-6], b""])
def test_a_file_that_differs_is_not_kept(folder: Path, content: bytes) -> None:
    Home.files = {"/scp/tiny.txt": content}
    done = instances("fetch", "tiny", "--lang", "zh")
    assert done.exit_code == 3
    assert content_sha256(content) in done.stderr
    assert list(folder.rglob("*.*")) == []


@pytest.mark.parametrize(("name", "said"), [("moved", "302"), ("gone", "404")])
def test_no_redirect_is_followed_and_a_failure_is_told(folder: Path, name: str, said: str) -> None:
    done = instances("fetch", name)
    assert done.exit_code == 3
    assert said in done.stderr
    assert list(folder.rglob("*.*")) == []


def test_a_changed_file_is_told_and_left_alone(folder: Path) -> None:
    (folder / "scp").mkdir()
    (folder / "scp" / "tiny.txt").write_bytes(b"1 1\n")
    done = instances("fetch", "tiny")
    assert "not the published file" in done.stderr
    assert (folder / "scp" / "tiny.txt").read_bytes() == b"1 1\n"
    assert "not as published" in instances("list").stdout


@pytest.mark.usefixtures("folder")
def test_other_names_and_mirrors_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert instances("fetch", "elsewhere").exit_code == 2
    monkeypatch.setenv("MUSTER_INSTANCE_MIRROR", "file:///etc")
    assert instances("fetch", "gone").exit_code == 2


def test_the_table_is_whole() -> None:
    found = published.published()
    assert len(found) > 200
    assert all(one.values for one in found.values())
    assert {one.family.name for one in found.values()} == set(FAMILIES)


@pytest.mark.skipif(catalog.data_folder() is None, reason="published data absent")
def test_the_checksums_are_those_of_the_files_at_hand() -> None:
    folder = catalog.data_folder()
    assert folder is not None
    here = [one for one in published.published().values() if (folder / one.place).is_file()]
    some = [one for one in here if one.name in {"pmed1", "cap41", "scp41", "SJC324", "SJC1"}]
    for one in some:
        assert content_sha256((folder / one.place).read_bytes()) == one.content_sha256
