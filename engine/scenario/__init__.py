"""Scenario files: whole cases told from start to end, run through the engine with a simulated clock."""

from engine.scenario.running import Outcome, run
from engine.scenario.script import Scenario, read

__all__ = ["Outcome", "Scenario", "read", "run"]
