"""The product's own definitions."""

from __future__ import annotations

from engine.checks import check_paths


def test_the_products_own_definitions_have_no_findings() -> None:
    assert [str(finding) for finding in check_paths([])] == []
