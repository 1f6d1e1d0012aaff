"""Every icon that a page asks for is in the sprite."""

from __future__ import annotations

import json
import re
from pathlib import Path

WEBAPP = Path(__file__).parents[2] / "webapp"


def test_every_icon_is_built() -> None:
    built = set(json.loads((WEBAPP / "frontend/icons.json").read_text()))
    used = set()
    for template in WEBAPP.glob("templates/**/*.html"):
        for call in re.findall(r"icon\(([^()]*)\)", template.read_text()):
            used.update(re.findall(r"'([a-z0-9-]+)'", re.sub(r"(==|in) '[^']*'", "", call)))
    used.update(re.findall(r'return "([a-z0-9-]+)", "', (WEBAPP / "timeline.py").read_text()))
    assert used - built == set()
