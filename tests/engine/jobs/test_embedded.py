"""The Valkey that the product brings with it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from engine.errors import SettingsRefused
from engine.jobs import embedded
from tests import servers


def test_it_answers_and_listens_on_no_network_address(tmp_path: Path) -> None:
    with servers.valkey(tmp_path) as url:
        client = redis.Redis.from_url(url, decode_responses=True)
        assert client.ping()
        assert client.config_get("port") == {"port": "0"}
        assert (tmp_path / "valkey").stat().st_mode & 0o077 == 0


def test_others_on_this_machine_find_it_by_the_instance_folder(tmp_path: Path) -> None:
    with servers.valkey(tmp_path) as url:
        assert embedded.running(tmp_path) == url
    with pytest.raises(SettingsRefused, match="ANLIU_REDIS_URL"):
        embedded.running(tmp_path)


def test_a_deep_instance_folder_gets_a_shorter_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("深" * 40)
    deep.mkdir()
    with servers.valkey(deep) as url:
        assert embedded.running(deep) == url
    with servers.valkey(deep) as again:
        assert again == url
    shutil.rmtree(Path(url.removeprefix("unix://").partition("?")[0]).parent)


def test_it_starts_again_after_it_was_killed(tmp_path: Path) -> None:
    command, url = embedded.command(tmp_path)
    first = subprocess.Popen(command)
    embedded.wait_for(url)
    first.kill()
    first.wait()
    with servers.valkey(tmp_path) as again:
        assert embedded.answers(again)


def test_it_dies_with_the_process_that_started_it(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from engine.jobs import embedded;"
        "from engine.serving.children import Child;"
        "command, url = embedded.command(Path(sys.argv[1])); Child('valkey', command, {}).start();"
        "embedded.wait_for(url); print(url, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    url = parent.stdout.readline().strip()
    assert embedded.answers(url)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    servers.wait_until(lambda: not embedded.answers(url), 5)
