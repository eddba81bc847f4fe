# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting, stopping and surviving bad use, through the command line as a user has it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from groundwork_local_cloud import lifecycle
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.problems import Unusable
from groundwork_local_cloud.state_directory import Record, StateDirectory

PACKAGE = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PACKAGE)}


def _command(*arguments: object, **options: object) -> list[str]:
    given = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "groundwork_local_cloud", *map(str, arguments), *given]


def _run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(_command(*arguments, **options), env=ENVIRONMENT, capture_output=True, text=True, check=False)


def _start(state_dir: Path, **options: object) -> subprocess.CompletedProcess[str]:
    return _run("start", state_dir=state_dir, **{"hosts": "no", "port": 0, **options})


def _run_unprivileged(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run as a user without privileges; as root, in a user namespace in which there are none."""
    prefix = ["unshare", "--user"] if os.geteuid() == 0 else []
    return subprocess.run([*prefix, *command], env=ENVIRONMENT, capture_output=True, text=True, check=False)


def _endpoint(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stdout + done.stderr
    match = re.search(r"answers at (http://127\.0\.0\.1:\d+)", done.stdout)
    assert match, done.stdout
    return match.group(1)


def _record(state_dir: Path) -> Record:
    record = StateDirectory(state_dir).read()
    assert record is not None
    return record


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "state"
    yield path
    lifecycle.stop(path, print)


def test_start_twice_then_stop(state_dir: Path) -> None:
    started = _start(state_dir, realism='{"eventual_consistency": 2}')
    endpoint = _endpoint(started)
    assert LocalCloud(endpoint).control("GET", "/realism")["eventual_consistency"] == 2
    assert "no hosts: they were not wanted (--hosts no)" in started.stdout
    assert (state_dir / "cloud.json").stat().st_mode & 0o777 == 0o600
    LocalCloud(endpoint).client("ssm").put_parameter(Name="/size", Value="3", Type="String")

    again = _start(state_dir)
    assert _endpoint(again) == endpoint
    assert "is running already" in again.stdout
    assert LocalCloud(endpoint).client("ssm").get_parameter(Name="/size")["Parameter"]["Value"] == "3"
    assert _endpoint(_run("status", state_dir=state_dir)) == endpoint

    stopped = _run("stop", state_dir=state_dir)
    assert (stopped.returncode, stopped.stdout) == (0, "Stopping the local cloud\nThe local cloud is gone.\n")
    assert not state_dir.exists()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(endpoint.rsplit(":", 1)[1])), timeout=1)
    assert _run("stop", state_dir=state_dir).stdout == f"There is no local cloud in {state_dir}.\n"


def test_a_killed_server_is_replaced(state_dir: Path) -> None:
    _endpoint(_start(state_dir))
    killed = _record(state_dir).pid
    os.kill(killed, signal.SIGKILL)
    _wait_until_unserved(state_dir)
    assert _run("status", state_dir=state_dir).returncode == 1
    started = _start(state_dir)
    assert "did not end properly" in started.stdout
    assert _record(state_dir).pid != killed
    LocalCloud(_endpoint(started)).client("sts").get_caller_identity()


def test_stop_cleans_up_after_a_killed_server(state_dir: Path) -> None:
    _endpoint(_start(state_dir))
    (state_dir / "volumes").mkdir()
    (state_dir / "volumes" / "vol-1.img").touch()
    (state_dir / "notes.txt").write_text("the user's own")
    os.kill(_record(state_dir).pid, signal.SIGKILL)
    _wait_until_unserved(state_dir)
    assert "did not end properly" in _run("stop", state_dir=state_dir).stdout
    assert [path.name for path in state_dir.iterdir()] == ["notes.txt"]


def test_a_server_that_hangs_is_killed(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _endpoint(_start(state_dir))
    os.kill(_record(state_dir).pid, signal.SIGSTOP)
    monkeypatch.setattr(lifecycle, "STOP_TIMEOUT", 0.3)
    said: list[str] = []
    assert lifecycle.stop(state_dir, said.append)
    assert any("killing it" in line for line in said)
    assert not state_dir.exists()


def test_two_starts_at_once_give_one_cloud(state_dir: Path) -> None:
    command = _command("start", state_dir=state_dir, hosts="no", port=0)
    both = [
        subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    outputs = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert len({re.search(r"answers at (\S+)", output).group(1) for output in outputs}) == 1  # type: ignore[union-attr]  # fails if it is not there
    assert sum("is running already" in output for output in outputs) == 1


def test_a_port_in_use_is_told_and_nothing_is_left(state_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = _start(state_dir, port=port)
    assert done.returncode == 1
    assert f"cannot listen on port {port} of 127.0.0.1: Address already in use" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in state_dir.iterdir()] == ["command.lock"]


def test_without_root_there_is_the_api_unless_hosts_are_demanded(state_dir: Path) -> None:
    demanded = _run_unprivileged(_command("start", state_dir=state_dir, hosts="yes", port=0))
    assert demanded.returncode == 1
    assert "Hosts need root" in demanded.stderr
    started = _run_unprivileged(_command("start", state_dir=state_dir, hosts="auto", port=0))
    assert "no hosts: Hosts need root" in started.stdout
    LocalCloud(_endpoint(started)).client("sts").get_caller_identity()


def test_a_state_directory_that_is_a_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    done = _start(file)
    assert done.returncode == 1
    assert done.stderr == f"groundwork-local-cloud: cannot use the state directory {file}: File exists\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="a small file system is mounted, which needs root")
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    mounted = tmp_path / "disk"
    mounted.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(mounted)], check=True)
    try:
        done = _start(mounted / "state")
        assert done.returncode == 1
        assert "cannot use the state directory" in done.stderr
        assert "No space left on device" in done.stderr
        assert list((mounted / "state").iterdir()) == []
    finally:
        subprocess.run(["umount", str(mounted)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="a small file system is mounted, which needs root")
def test_a_disk_that_fills_up_leaves_the_old_record(tmp_path: Path) -> None:
    mounted = tmp_path / "disk"
    mounted.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", str(mounted)], check=True)
    try:
        state = StateDirectory(mounted)
        state.write(Record("http://127.0.0.1:1", 1))
        (mounted / "filler").write_bytes(bytes(4096))
        with pytest.raises(Unusable, match="No space left on device"):
            state.write(Record("http://127.0.0.1:2", 2))
        assert _record(mounted).pid == 1
        assert sorted(path.name for path in mounted.iterdir()) == ["cloud.json", "filler"]
    finally:
        subprocess.run(["umount", str(mounted)], check=True)


def test_an_unreadable_state_directory_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0)
    try:
        done = _run_unprivileged(_command("start", state_dir=tmp_path / "state", hosts="no"))
        assert done.returncode == 1
        assert f"cannot use the state directory {tmp_path / 'state'}: Permission denied" in done.stderr
    finally:
        tmp_path.chmod(0o700)


def test_a_half_written_record_is_none(tmp_path: Path) -> None:
    (tmp_path / "cloud.json").write_text('{"endpoint": "http')
    assert StateDirectory(tmp_path).read() is None


def _wait_until_unserved(state_dir: Path) -> None:
    deadline = time.monotonic() + 20
    while StateDirectory(state_dir).is_served() and time.monotonic() < deadline:
        time.sleep(0.02)
