"""Candidate groups, places and agencies, as ``processes/agencies.yaml`` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from engine.runtime.definitions import Release

CITY = "city"


@dataclass(frozen=True)
class Group:
    """A candidate group, such as the case handlers."""

    id: str
    name: str
    name_en: str


@dataclass(frozen=True)
class Place:
    """The city or one of its counties and districts, with the education authority there."""

    id: str
    name: str
    name_en: str
    letters: str
    """What its case numbers begin with: ``YC``."""
    short: str
    """What its document numbers begin with, before 教: ``源``."""
    authority: str
    government: str
    """Where a review can be applied for (行政复议法第二十四条)."""
    court: str


@dataclass(frozen=True)
class Agency:
    """One of the twelve agencies."""

    id: str
    name: str
    name_en: str
    city_name: str
    county_name: str
    duties: str
    source: str


@dataclass(frozen=True)
class Agencies:
    """All of them."""

    groups: Mapping[str, Group]
    places: Mapping[str, Place]
    agencies: Mapping[str, Agency]

    @property
    def counties(self) -> list[str]:
        """Ids of the counties and districts, in the order of the file."""
        return [place for place in self.places if place != CITY]

    @staticmethod
    def of(release: Release) -> Agencies:
        """Those of a release."""
        return read(release.source("data", "agencies"))


@lru_cache(maxsize=8)
def read(text: str) -> Agencies:
    """Reads the file's text.

    :raises KeyError, TypeError: an entry lacks something or has too much; ``anliu check`` words it.
    """
    found: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(text)
    return Agencies(
        groups={key: Group(id=key, **entry) for key, entry in found["groups"].items()},
        places={key: Place(id=key, **entry) for key, entry in found["places"].items()},
        agencies={key: Agency(id=key, **entry) for key, entry in found["agencies"].items()},
    )
