"""Settings from the environment; each has a default that suits one person on one machine."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.text import Language
from optimizer.datasets import Store

Bytes = Annotated[int, Field(gt=0)]


class Settings(BaseSettings):
    """What the doors grant, set by environment variables that begin with ``MUSTER_``.

    ``file_limit_bytes`` bounds what the command line reads, ``body_limit_bytes`` what one call
    over HTTP may carry; larger requests name their bulk data in the dataset store.
    ``http_time_limit_s`` bounds a request's own time limit over HTTP, and ``http_grace_s`` is
    what checking and explaining may take beyond it before the solve is ended by force.
    ``routers`` are the base addresses, by commas, of the routers that may be asked for times.
    """

    model_config = SettingsConfigDict(env_prefix="MUSTER_", frozen=True, extra="ignore")

    language: Language = "en"
    store_folder: Path = Path.home() / ".local" / "share" / "muster" / "datasets"
    file_limit_bytes: Bytes = 128_000_000
    body_limit_bytes: Bytes = 64_000_000
    http_time_limit_s: Annotated[float, Field(gt=0)] = 600.0
    http_grace_s: Annotated[float, Field(gt=0)] = 120.0
    http_solves_at_once: Annotated[int, Field(gt=0)] = 2
    routers: str = ""

    @property
    def store(self) -> Store:
        """The dataset store of this machine."""
        return Store(self.store_folder)

    @property
    def allowed_routers(self) -> tuple[str, ...]:
        """The base addresses in ``routers``."""
        return tuple(one.strip() for one in self.routers.split(",") if one.strip())
