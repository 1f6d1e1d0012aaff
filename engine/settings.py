"""The settings, all of them, from the environment (see docs/house.md for the names)."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.errors import N_, SettingsRefused

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """One process's settings.

    ``redis_url`` is None in the embedded setting, where the serving process brings its own Valkey.
    ``home`` is the folder with ``processes/`` and ``forms/`` that ``anliu init`` loads.
    """

    database_url: str
    redis_url: str | None
    evidence_url: str
    secret_key: str
    timezone: ZoneInfo
    base_url: str
    instance: Path
    home: Path = ROOT

    @property
    def embedded(self) -> bool:
        """Whether jobs are run by a Valkey and a worker that ``anliu serve`` starts itself."""
        return self.redis_url is None

    @staticmethod
    def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
        """The settings that the environment names, with the embedded defaults for the rest.

        :param environ: the process's own environment by default.

        :raises SettingsRefused: a value can't be used, or a distributed setting lacks its secret key.
        """
        environ = os.environ if environ is None else environ
        instance = Path(environ.get("ANLIU_INSTANCE", ROOT / "instance")).resolve()
        database_url = environ.get("ANLIU_DATABASE_URL") or f"sqlite:///{instance / 'anliu.sqlite3'}"
        zone = environ.get("ANLIU_TIMEZONE") or "Asia/Shanghai"
        try:
            timezone = ZoneInfo(zone)
        except (KeyError, ValueError):
            raise SettingsRefused(N_("ANLIU_TIMEZONE %(zone)s is not a time zone."), zone=zone) from None
        distributed = bool(environ.get("ANLIU_DATABASE_URL") or environ.get("ANLIU_REDIS_URL"))
        secret_key = environ.get("ANLIU_SECRET_KEY") or ("" if distributed else _kept_secret(instance))
        return Settings(
            database_url=database_url,
            redis_url=environ.get("ANLIU_REDIS_URL") or None,
            evidence_url=environ.get("ANLIU_EVIDENCE_URL") or (instance / "files").as_uri(),
            secret_key=secret_key,
            timezone=timezone,
            base_url=environ.get("ANLIU_BASE_URL") or "http://127.0.0.1:8000",
            instance=instance,
        )


def _kept_secret(instance: Path) -> str:
    """The secret key of a single-machine setting, made once and kept beside its database."""
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(fresh)  # the first of several processes wins; the others read what it made
        fresh.unlink()
    return path.read_text().strip()
