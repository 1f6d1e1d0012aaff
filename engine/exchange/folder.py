"""Exchange with other systems through a folder: one JSON file a message, named by its key.

The city's exchange server takes the files from there; a repeat writes the same file again.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

from engine.jobs.outbox import sends
from engine.jobs.tables import OutboxMessage
from engine.store.base import dump_json

if TYPE_CHECKING:
    from engine.system import System


@sends("credit_platform")
@sends("publicity")
@sends("reporter_notice")
def deliver(system: System, message: OutboxMessage) -> None:
    """Writes the message's file, whole or not at all."""
    folder = system.settings.instance / "exchange" / message.topic
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^A-Za-z0-9._-]", "-", message.key)
    content = {
        "key": message.key,
        "topic": message.topic,
        "created_at": message.created_at.isoformat(),
        "payload": json.loads(dump_json(message.payload)),
    }
    partial = folder / f".{name}.{os.getpid()}"
    partial.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    partial.replace(folder / f"{name}.json")
