"""``anliu serve`` and ``anliu worker``."""

from __future__ import annotations

import os

import click

from engine.commands.opened import opened


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages. Without ANLIU_REDIS_URL it also runs the jobs, on a Valkey of its own."""
    from engine import logs
    from engine.serving.serve import serve as run

    logs.configure()
    with opened() as system:
        settings = system.settings
    shown = f"[{host}]" if ":" in host else host
    address = os.environ.get("ANLIU_BASE_URL") or f"http://{shown}:{port}"
    environ = {**os.environ, "ANLIU_BASE_URL": address}
    run(settings, environ, host, port, workers, lambda: click.echo(f"Serving at {address}  (Ctrl-C stops)"))


@click.command()
@click.option("--burst", is_flag=True, help="Do what is due now, then end.")
def worker(burst: bool) -> None:
    """Run jobs and hand out due work. Any number may run, on any number of machines."""
    from engine import logs
    from engine.jobs import embedded
    from engine.jobs.work import system
    from engine.jobs.worker import work

    logs.configure()
    with opened() as checked:
        url = checked.settings.redis_url or embedded.running(checked.settings.instance)
    os.environ["ANLIU_REDIS_URL"] = url
    work(system(), url, burst=burst)
