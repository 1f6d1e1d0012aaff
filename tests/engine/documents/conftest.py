"""What the tests of documents share: a sheet to print, an open case to issue in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.documents import fonts, rendering
from engine.documents.rendering import Sheet
from engine.runtime.tables import ProcessInstance
from engine.settings import ROOT
from engine.system import System

Printer = Callable[..., bytes]


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Printer:
    """Makes the PDF of a letter with this text; keywords change the rest of the sheet."""
    sheet = Sheet(
        layout="official_letter",
        title="行政处罚决定书",
        number="源教罚〔2024〕3号",
        agency="河源市源城区教育局",
        issued_on=date(2024, 4, 15),
        text="",
    )
    folders = fonts.folders(ROOT, tmp_path_factory.mktemp("instance"))

    def make(text: str, *, style: Path = ROOT / rendering.STYLE, **changes: Any) -> bytes:
        return rendering.render(replace(sheet, text=text, **changes), style, folders)

    return make


@pytest.fixture
def instance_id(system: System) -> int:
    """An open case."""
    with system.store.transaction() as session:
        instance = ProcessInstance(
            process_key="enforcement_case",
            release_id=system.library.current(session).id,
            business_key="YC-2024-0001",
            place="yuancheng",
            state="open",
            variables={},
            state_blob=b"",
            started_at=system.clock.now(),
            started_by="yuancheng-handler-1",
        )
        session.add(instance)
        session.flush()
        return instance.id
