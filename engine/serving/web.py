"""The process that answers HTTP: granian with the pages' WSGI application, which it finds by name."""

from __future__ import annotations

import argparse
import os
import pkgutil
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from engine.serving.parent import die_with

APPLICATION = "webapp:create_app"
THREADS = 16
"""Requests that one worker process handles at once; a slow upload holds one of them."""


def main() -> None:
    """Serves until it is told to stop (SIGTERM)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    arguments = parser.parse_args()
    parent = os.getpid()

    def load(target: str) -> Any:
        die_with(parent)
        return pkgutil.resolve_name(target)()

    Server(
        target=APPLICATION,
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=arguments.workers,
        blocking_threads=THREADS,
        backpressure=THREADS * 4,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=10,
    ).serve(target_loader=load)


if __name__ == "__main__":
    main()
