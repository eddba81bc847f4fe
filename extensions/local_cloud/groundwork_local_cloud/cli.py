# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of the local cloud."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from . import lifecycle
from .client import ACCESS_KEY, SECRET_KEY
from .hosts.image import build_image
from .lifecycle import ServeOptions
from .locks import Locked
from .problems import Problem
from .settings import DEFAULT_PORT, DEFAULT_REGION
from .state_directory import Record

_NAME = "groundwork-local-cloud"


def main(arguments: Sequence[str]) -> int:
    """Run one command. Returns the exit status: 0, or 1 when it failed or (``status``) no cloud runs."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except Problem as error:
        print(f"{_NAME}: {error}", file=sys.stderr)
    except Locked:
        print(f"{_NAME}: the cloud of {options.state_dir} is running already", file=sys.stderr)
    return 1


def run() -> None:
    """The console script."""
    sys.exit(main(sys.argv[1:]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=_NAME, description="An AWS that runs on this machine.")
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, run, text in (
        ("start", _start, "start the cloud in the background, if it does not run"),
        ("serve", _serve, "run the cloud in the foreground"),
    ):
        command = _command(commands, name, run, text)
        _add_state_dir(command)
        _add_image_cache(command)
        _add_serve_options(command)
    _add_state_dir(_command(commands, "stop", _stop, "end the cloud and remove everything that it has made"))
    _add_state_dir(_command(commands, "status", _status, "show whether the cloud runs, and its hosts"))
    _add_image_cache(_command(commands, "build-image", _build_image, "build the base image of the hosts"))
    _command(commands, "purge", _purge, "remove what dead clouds have left on this machine")
    corrections = _command(commands, "corrections", _corrections, "list what differs from moto")
    corrections.add_argument("--format", choices=("text", "markdown"), default="text")
    return parser


def _command(commands: Any, name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser


def _add_state_dir(parser: argparse.ArgumentParser) -> None:
    default = _xdg("XDG_STATE_HOME", ".local/state") / _NAME
    parser.add_argument("--state-dir", type=Path, default=default, help="where the cloud keeps its state (%(default)s)")


def _add_image_cache(parser: argparse.ArgumentParser) -> None:
    default = Path(os.environ.get("GROUNDWORK_IMAGE_CACHE") or _xdg("XDG_CACHE_HOME", ".cache") / _NAME)
    parser.add_argument("--image-cache", type=Path, default=default, help="where base images are kept (%(default)s)")


def _add_serve_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=int, help=f"port on loopback ({DEFAULT_PORT}, or a free one if that is in use); 0: a free one"
    )
    parser.add_argument(
        "--hosts",
        choices=("auto", "yes", "no"),
        default="auto",
        help="whether instances are real hosts: if possible, or else fail, or never (%(default)s)",
    )
    parser.add_argument(
        "--realism",
        type=_json_object,
        default={},
        metavar="JSON",
        help='settings to start with, such as \'{"latency": 0.1, "request_tokens": true}\'',
    )


def _json_object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not JSON: {error}") from error
    if not isinstance(found, dict):
        raise argparse.ArgumentTypeError("not a JSON object")
    return found


def _xdg(variable: str, default: str) -> Path:
    return Path(os.environ.get(variable) or Path.home() / default)


def _serve_options(options: argparse.Namespace) -> ServeOptions:
    return ServeOptions(options.state_dir, options.image_cache, options.port, options.hosts, options.realism)


def _start(options: argparse.Namespace) -> int:
    _show(lifecycle.start(_serve_options(options), print))
    return 0


def _serve(options: argparse.Namespace) -> int:
    from .lifecycle_serve import serve  # takes seconds, which the other commands need not

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    serve(_serve_options(options), _show)
    return 0


def _stop(options: argparse.Namespace) -> int:
    ended = lifecycle.stop(options.state_dir, print)
    print("The local cloud is gone." if ended else f"There is no local cloud in {options.state_dir}.")
    return 0


def _status(options: argparse.Namespace) -> int:
    found = lifecycle.status(options.state_dir)
    if found is None:
        print(f"No local cloud runs in {options.state_dir}.")
        return 1
    record, hosts = found
    _show(record)
    for instance_id, host in hosts.items():
        state = host["failure"] or ("booted" if host["booted"] else "not booted")
        print(f"  {instance_id}  {host['address'] or '-':15}  {state}")
    return 0


def _build_image(options: argparse.Namespace) -> int:
    build_image(options.image_cache, print)
    return 0


def _purge(_options: argparse.Namespace) -> int:
    lifecycle.purge(print)
    return 0


def _corrections(options: argparse.Namespace) -> int:
    from .corrections import as_markdown, as_text

    print(as_markdown() if options.format == "markdown" else as_text())
    return 0


def _show(record: Record) -> None:
    print(f"The local cloud answers at {record.endpoint}", flush=True)
    if record.has_hosts:
        print(f"Instances are hosts on this machine (slot {record.slot}); they see you as {record.operator_address}")
    for reason in record.no_hosts:
        print(f"no hosts: {reason}")
    print("To use it:")
    print(f"  export AWS_ENDPOINT_URL={record.endpoint} AWS_REGION={DEFAULT_REGION}")
    print(f"  export AWS_ACCESS_KEY_ID={ACCESS_KEY} AWS_SECRET_ACCESS_KEY={SECRET_KEY}", flush=True)
