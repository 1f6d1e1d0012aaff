"""``anliu serve``: real processes, killed in every way."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from engine.errors import SettingsRefused
from engine.serving import serve
from tests import servers


class Server:
    """A running ``anliu serve`` on an instance folder."""

    def __init__(self, instance: Path) -> None:
        self.instance = instance
        self.port = free_port()
        self.process = self._start()
        self.address = self._told_address()

    def _start(self) -> subprocess.Popen[str]:
        environ = {key: value for key, value in os.environ.items() if not key.startswith("ANLIU_")}
        environ["ANLIU_INSTANCE"] = str(self.instance)
        return subprocess.Popen(
            [sys.executable, "-m", "engine.cli", "serve", "--port", str(self.port)],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def _told_address(self) -> str:
        lines: queue.Queue[str] = queue.Queue()
        output = self.process.stdout
        assert output is not None
        threading.Thread(target=lambda: [lines.put(line) for line in output], daemon=True).start()
        while True:
            words = lines.get(timeout=40).split()
            if words[:2] == ["Serving", "at"]:
                return words[2]

    def answers(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"{self.address}/health/live", timeout=3) as answer:
            return bool(answer.status == 200)
        return False

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        code = self.process.wait(20)
        assert self.process.stdout is not None
        return code


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def start(sqlite_url: str, tmp_path: Path) -> Iterator[Callable[[], Server]]:
    """Starts servers on a prepared instance folder, and ends what is left of them."""
    started: list[Server] = []

    def starting() -> Server:
        started.append(Server(tmp_path))
        return started[-1]

    yield starting
    for server in started:
        if server.process.poll() is None:
            server.end(signal.SIGTERM)


def test_every_process_that_is_killed_is_replaced_and_all_stop_when_asked_to(
    start: Callable[[], Server],
) -> None:
    server = start()
    family = server.family()
    assert len(family) == 4, "valkey, worker, web server and its one web process"
    for process in family:
        process.kill()
    psutil.wait_procs(family, timeout=5)
    servers.wait_until(lambda: len(server.family()) == 4 and server.answers(), 30)
    family = server.family()
    assert server.end(signal.SIGTERM) == 0
    assert psutil.wait_procs(family, timeout=5)[1] == []


def test_after_it_was_killed_nothing_blocks_the_next_start(start: Callable[[], Server]) -> None:
    first = start()
    family = first.family()
    first.end(signal.SIGKILL)
    assert psutil.wait_procs(family, timeout=5)[1] == []
    assert start().answers()


def test_a_second_server_on_one_instance_folder_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    with serve.only_one(tmp_path):
        second = command("serve", "--port", str(free_port()), ANLIU_INSTANCE=str(tmp_path))
    assert second.returncode == 2
    assert second.stderr.startswith("anliu: Another")
    assert len(second.stderr.splitlines()) == 1


def test_a_taken_port_is_refused(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(SettingsRefused, match="Choose another"):
            serve.refuse_taken_port("127.0.0.1", other.getsockname()[1], seconds=0.3)


def test_a_distributed_setting_needs_its_own_secret_key(sqlite_url: str, tmp_path: Path) -> None:
    refused = command("serve", ANLIU_INSTANCE=str(tmp_path), ANLIU_DATABASE_URL=sqlite_url)
    assert refused.returncode == 2
    assert "ANLIU_SECRET_KEY" in refused.stderr


def command(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "engine.cli", *arguments],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=30,
    )
