"""What the decision tables in ``processes/decisions`` decide."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from engine.runtime.decisions import parse_decision

PROCESSES = Path(__file__).parents[2] / "processes"
DISGUISES = [
    "one_to_one",
    "crowd_funded",
    "live_in_teacher",
    "housekeeping",
    "camp",
    "childcare",
    "consulting",
    "contest",
    "preschool",
    "high_school",
    "non_subject_name",
    "in_service_teacher",
    "website_advert",
    "unlicensed",
    "online",
    "other",
]
CHANNELS = [
    "hotline",
    "petition",
    "phone",
    "mailbox",
    "patrol",
    "inspection",
    "website_scan",
    "school",
    "agency",
    "social_supervisor",
    "public",
]
VIOLATIONS = [
    "unlicensed_institution",
    "disguised_subject_tutoring",
    "providing_place",
    "beyond_licence",
    "breach_in_running",
    "unlawful_contest",
]
TIERS = ["base", "serious", "especially_serious"]
PARTIES = ["person", "organisation"]
AGENCIES = {
    "politics-law",
    "cyberspace",
    "development-reform",
    "police",
    "human-resources",
    "housing",
    "commerce",
    "culture-tourism",
    "science",
    "market",
    "women",
}


def decide(key: str, **variables: Any) -> dict[str, Any]:
    path = PROCESSES / "decisions" / f"{key}.dmn"
    return parse_decision(path.read_bytes(), path.name).decide(variables)


@pytest.mark.parametrize("path", sorted(PROCESSES.glob("decisions/*.dmn")), ids=lambda path: path.stem)
def test_every_rule_cites_what_it_rests_on(path: Path) -> None:
    table = parse_decision(path.read_bytes(), path.name)
    assert table.key == path.stem
    assert all(rule.annotation for rule in table.rules)


@pytest.mark.parametrize(
    ("case", "needed"),
    [
        ({}, False),
        ({"hard_case": True}, True),
        ({"major_interest": True}, True),
        ({"treatment": "transfer"}, True),
        ({"treatment": "no_penalty"}, False),
    ],
)
def test_legal_review_is_needed_where_article_58_says_so(case: dict[str, Any], needed: bool) -> None:
    review = {"treatment": "penalty", "hard_case": False, "major_interest": False} | case
    assert decide("review_needed", review=review) == {"needed": needed}


def test_legal_review_is_needed_after_a_hearing() -> None:
    review = {"treatment": "penalty", "hard_case": False, "major_interest": False}
    assert decide("review_needed", review=review, notice_and_hearing={"hearing_held": True})["needed"] is True


@pytest.mark.parametrize(
    ("party", "kinds", "fine", "confiscation", "right"),
    [
        ("person", ["warning"], None, None, False),
        ("person", ["fine"], 4999, None, False),
        ("person", ["fine"], 5000, None, True),
        ("organisation", ["fine"], 5000, None, False),
        ("organisation", ["fine"], 50000, None, True),
        ("organisation", ["confiscation"], None, 50000, True),
        ("organisation", ["warning", "revoke_licence"], None, None, True),
        ("organisation", ["stop_enrolment"], None, None, True),
        ("person", ["restrict_trade"], None, None, True),
        ("person", None, None, None, False),
    ],
)
def test_a_hearing_may_be_asked_for_where_the_penalty_is_heavy(
    party: str, kinds: list[str] | None, fine: int | None, confiscation: int | None, right: bool
) -> None:
    notice = {"kinds": kinds, "fine": fine, "confiscation": confiscation}
    decided = decide("hearing_threshold", review={"party_kind": party}, notice_and_hearing=notice)
    assert decided == {"hearing_right": right}


@pytest.mark.parametrize(("disguise", "channel"), list(itertools.product(DISGUISES, CHANNELS)))
def test_each_agency_is_proposed_once_and_exists(disguise: str, channel: str) -> None:
    proposed = decide("agencies_to_consult", tip={"disguise": disguise, "channel": channel})["proposed"]
    assert len(proposed) == len(set(proposed))
    assert set(proposed) <= AGENCIES
    assert proposed or disguise == "other"


def test_tutoring_in_a_flat_brings_housing_and_police_to_the_table() -> None:
    proposed = decide("agencies_to_consult", tip={"disguise": "one_to_one", "channel": "hotline"})["proposed"]
    assert proposed == ["housing", "police", "market", "politics-law"]


@pytest.mark.parametrize("violation", VIOLATIONS)
def test_every_violation_has_a_basis_that_legal_staff_still_confirm(violation: str) -> None:
    decided = decide("violation", review={"violation": violation})
    assert decided["article"] and decided["elements"] and decided["order"]
    assert decided["verified"] is False


@pytest.mark.parametrize(("violation", "tier", "party"), list(itertools.product(VIOLATIONS, TIERS, PARTIES)))
def test_every_violation_has_one_row_of_discretion(violation: str, tier: str, party: str) -> None:
    decided = decide("discretion", review={"violation": violation, "tier": tier, "party_kind": party})
    assert isinstance(decided["kinds"], list)
    fined = decided["fine_max"] is not None or decided["times_max"] is not None
    assert fined == ("fine" in decided["kinds"])


def test_disguised_tutoring_is_fined_only_when_serious() -> None:
    def of(tier: str) -> dict[str, Any]:
        review = {"violation": "disguised_subject_tutoring", "tier": tier, "party_kind": "person"}
        return decide("discretion", review=review)

    assert of("base")["kinds"] == ["warning", "criticism"]
    assert (of("serious")["fine_min"], of("serious")["fine_max"]) == (0, 50000)
    assert (of("especially_serious")["fine_min"], of("especially_serious")["fine_max"]) == (50000, 100000)
