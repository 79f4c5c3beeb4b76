"""Browser libraries from installed packages, and the page's own files."""

import base64
import importlib.metadata
import importlib.resources
import re
from pathlib import Path
from typing import TYPE_CHECKING

from models.messages import message

if TYPE_CHECKING:
    from jinja2 import Template

_LEAFLET = "XStatic-Leaflet"
_LEAFLET_FILES = "xstatic/pkg/leaflet/data"
_WEB = importlib.resources.files("api").joinpath("web")


def web(name: str) -> str:
    """Return one of the page's own files (template, style, script)."""
    return _WEB.joinpath(name).read_text(encoding="utf-8")


def template(name: str) -> "Template":
    """Return one of the page's own templates; what it is given is escaped."""
    try:
        import jinja2  # noqa: PLC0415  jinja2 comes with an extra
    except ImportError as error:
        raise missing("jinja2") from error
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(web(name))


def missing(package: str) -> ImportError:
    """Return the error that says which extra brings ``package``."""
    return ImportError(message("report.needs_extra", "en", package=package))


def _leaflet_folder() -> Path:
    try:
        distribution = importlib.metadata.distribution(_LEAFLET)
    except importlib.metadata.PackageNotFoundError as error:
        raise missing(_LEAFLET) from error
    return Path(str(distribution.locate_file(_LEAFLET_FILES)))


def leaflet_script() -> str:
    """Return Leaflet's script, fit for a script element."""
    return script((_leaflet_folder() / "leaflet.js").read_text(encoding="utf-8"))


def leaflet_style() -> str:
    """Return Leaflet's style sheet, its pictures put in as data."""
    folder = _leaflet_folder()

    def inlined(found: re.Match[str]) -> str:
        picture = base64.b64encode((folder / found["path"]).read_bytes()).decode("ascii")
        return f"url(data:image/png;base64,{picture})"

    text = (folder / "leaflet.css").read_text(encoding="utf-8")
    return re.sub(r"url\((?P<path>images/[a-z0-9-]+\.png)\)", inlined, text)


def plotly_script() -> str:
    """Return Plotly's script, fit for a script element."""
    try:
        from plotly.offline import get_plotlyjs  # noqa: PLC0415  plotly comes with an extra
    except ImportError as error:
        raise missing("plotly") from error
    return script(str(get_plotlyjs()))


def script(text: str) -> str:
    r"""Return a script that cannot end its element and looks for no source map.

    Examples
    --------
    >>> print(script("a = '</script>'"))
    a = '<\/script>'
    """
    plain = re.sub(r"(?m)^//# sourceMappingURL=.*$", "", text)
    return re.sub(r"</(?=script)", r"<\\/", plain, flags=re.IGNORECASE)
