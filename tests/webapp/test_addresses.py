"""Addresses that somebody made up lead nowhere, and never to an error of ours."""

from __future__ import annotations

import pytest

from engine.people.demo import PASSWORD
from engine.system import System
from webapp import create_app

HUGE = "9" * 23


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/tasks/{HUGE}", 404),
        (f"/documents/{HUGE}.pdf", 404),
        (f"/documents/{2**31}.pdf", 404),
        (f"/cases?after={HUGE}", 200),
        ("/cases?after=-1", 200),
        ("/cases/YC-9999-9999", 404),
    ],
)
def test_a_number_that_no_row_has_is_not_found(system: System, path: str, status: int) -> None:
    app = create_app(system)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/sign-in", data={"account": "yuancheng-handler-1", "password": PASSWORD})
    assert client.get(path).status_code == status
    assert client.post(f"/notices/{HUGE}/read").status_code == 404
