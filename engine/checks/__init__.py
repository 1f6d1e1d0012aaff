"""What a process, decision, form, document or data file must satisfy before it may be used.

Nothing in a checked file is ever run, and nothing is written.
"""

from __future__ import annotations

from engine.checks.findings import Finding
from engine.checks.run import check_paths

__all__ = ["Finding", "check_paths"]
