# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The protocol of the instance metadata service: tokens and error codes as documented by AWS."""

from __future__ import annotations

from email.message import Message

import pytest
from groundwork_local_cloud.hosts.imds import TOKEN_HEADER, TTL_HEADER, Imds, Response, Tokens
from groundwork_local_cloud.world import MetadataOptions
from worlds import Sketch

TOKEN_PATH = "/latest/api/token"
ID_PATH = "/latest/meta-data/instance-id"


class Client:
    """One instance, and a clock that the test moves."""

    def __init__(self, **options: object) -> None:
        self.now = 1_000_000.0
        self.sketch = Sketch()
        vpc = self.sketch.vpc("one", "10.20.0.0/16")
        subnet = self.sketch.subnet("a", vpc, "10.20.1.0/24")
        for name, address in (("one", "10.20.1.5"), ("two", "10.20.1.6")):
            self.sketch.host(name, subnet, address, metadata=MetadataOptions(**options))  # type: ignore[arg-type]  # the test's names
        self.imds = Imds(lambda role: {}, Tokens(lambda: self.now))

    def ask(self, method: str, path: str, name: str = "one", **headers: str) -> Response:
        message = Message()
        for header, value in headers.items():
            message[header.replace("_", "-")] = value
        world = self.sketch.picture()
        return self.imds.respond(world, world.instances[f"i-{name}"], method, path, message)

    def token(self, ttl: str = "60") -> str:
        return self.ask("PUT", TOKEN_PATH, **{TTL_HEADER: ttl}).body.decode()


@pytest.mark.parametrize("ttl", ["1", "21600"])
def test_a_token_is_given_for_one_second_to_six_hours(ttl: str) -> None:
    response = Client().ask("PUT", TOKEN_PATH, **{TTL_HEADER: ttl})
    assert (response.status, response.headers[TTL_HEADER]) == (200, ttl)
    assert len(response.body) == 56


@pytest.mark.parametrize("ttl", ["0", "21601", "-1", "", "ten", "1.5", "²"])
def test_any_other_duration_is_a_bad_request(ttl: str) -> None:
    assert Client().ask("PUT", TOKEN_PATH, **{TTL_HEADER: ttl}).status == 400


def test_a_token_request_without_a_duration_is_a_bad_request() -> None:
    assert Client().ask("PUT", TOKEN_PATH).status == 400


def test_a_forwarded_token_request_is_forbidden() -> None:
    assert Client().ask("PUT", TOKEN_PATH, X_Forwarded_For="10.0.0.1", **{TTL_HEADER: "60"}).status == 403


def test_the_token_carries_the_hop_limit_and_other_answers_do_not() -> None:
    client = Client(hop_limit=3)
    assert client.ask("PUT", TOKEN_PATH, **{TTL_HEADER: "60"}).hop_limit == 3
    assert client.ask("GET", ID_PATH).hop_limit is None


def test_with_required_tokens_only_a_good_one_reads() -> None:
    client = Client(tokens_required=True)
    token = client.token()
    assert client.ask("GET", ID_PATH).status == 401
    assert client.ask("GET", ID_PATH, **{TOKEN_HEADER: "nonsense"}).status == 401
    assert client.ask("GET", ID_PATH, **{TOKEN_HEADER: token[:-2] + "A="}).status == 401
    assert client.ask("GET", ID_PATH, name="two", **{TOKEN_HEADER: token}).status == 401
    answer = client.ask("GET", ID_PATH, **{TOKEN_HEADER: token})
    assert (answer.status, answer.body, answer.headers[TTL_HEADER]) == (200, b"i-one", "60")


def test_a_token_expires() -> None:
    client = Client(tokens_required=True)
    token = client.token("60")
    client.now += 59
    assert client.ask("GET", ID_PATH, **{TOKEN_HEADER: token}).headers[TTL_HEADER] == "1"
    client.now += 1
    assert client.ask("GET", ID_PATH, **{TOKEN_HEADER: token}).status == 401


def test_version_1_reads_without_a_token_but_not_with_a_bad_one() -> None:
    client = Client(tokens_required=False)
    assert client.ask("GET", ID_PATH).body == b"i-one"
    assert client.ask("GET", ID_PATH, **{TOKEN_HEADER: "nonsense"}).status == 401


@pytest.mark.parametrize(("method", "path"), [("PUT", TOKEN_PATH), ("GET", ID_PATH)])
def test_a_disabled_endpoint_forbids_everything(method: str, path: str) -> None:
    assert Client(endpoint_enabled=False).ask(method, path, **{TTL_HEADER: "60"}).status == 403


@pytest.mark.parametrize(
    ("method", "path"), [("GET", TOKEN_PATH), ("PUT", ID_PATH), ("POST", ID_PATH), ("DELETE", "/")]
)
def test_other_methods_are_not_allowed(method: str, path: str) -> None:
    assert Client().ask(method, path).status == 405


@pytest.mark.parametrize("path", ["/1999-01-01/meta-data/", "/latest/nothing", "/latest/user-data", f"{ID_PATH}/more"])
def test_what_is_not_there_is_not_found(path: str) -> None:
    assert Client().ask("GET", path).status == 404


@pytest.mark.parametrize("version", ["latest", "2009-04-04", "2021-03-23"])
def test_versions_are_listed_and_read(version: str) -> None:
    client = Client()
    assert version in client.ask("GET", "/").body.decode().split("\n")
    assert client.ask("GET", f"/{version}/meta-data/instance-id").body == b"i-one"
