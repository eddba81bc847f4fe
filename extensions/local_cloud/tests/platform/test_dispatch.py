# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Corrections are put around moto's implementations, the first the outermost."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from groundwork_local_cloud import dispatch
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.corrections import as_markdown, as_text
from groundwork_local_cloud.errors import ApiError
from groundwork_local_cloud.supplement.registry import Call, Correction, corrections

TESTS = Path(__file__).resolve().parents[1]


def _correction(operation: str, function: Any, *, service: str = "kms", provides: bool = False) -> Correction:
    return Correction(f"test-{operation}", service, (operation,), "Only in a test.", (), provides, function)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Installs corrections for one test."""

    def install(operation: str, *chain: Correction) -> None:
        cls = dispatch.response_class(chain[0].service)
        name = dispatch.camelcase_to_underscores(operation)
        monkeypatch.setattr(cls, name, dispatch.implementation(chain[0].service, operation, list(chain)), raising=False)

    return install


def test_the_first_of_a_chain_is_the_outermost(cloud: LocalCloud, installed: Any) -> None:
    seen: list[str] = []

    def outer(call: Call, forward: Any) -> Any:
        seen.append("outer")
        result = forward()
        seen.append("outer again")
        return result

    def inner(call: Call, forward: Any) -> Any:
        seen.append(f"inner {call.service} {call.operation} {call.region} {call.account_id}")
        return forward()

    installed("ListKeys", _correction("ListKeys", outer), _correction("ListKeys", inner))
    cloud.client("kms", region="eu-west-1").list_keys()
    assert seen == ["outer", "inner kms ListKeys eu-west-1 123456789012", "outer again"]


@pytest.mark.parametrize(
    ("service", "operation", "changes", "read"),
    [
        ("kms", "CreateKey", {"Description": "changed"}, lambda answer: answer["KeyMetadata"]["Description"]),
        ("ec2", "CreateVolume", {"Size": 7}, lambda answer: answer["Size"]),
    ],
)
def test_a_correction_changes_the_parameters_that_moto_reads(
    cloud: LocalCloud, installed: Any, service: str, operation: str, changes: dict[str, Any], read: Any
) -> None:
    def change(call: Call, forward: Any) -> Any:
        call.params.update(changes)
        return forward()

    installed(operation, _correction(operation, change, service=service))
    client = cloud.client(service)
    given: dict[str, Any] = {"AvailabilityZone": "us-east-1a", "Size": 1} if service == "ec2" else {}
    answer = getattr(client, dispatch.camelcase_to_underscores(operation))(**given)
    assert [read(answer)] == list(changes.values())


def test_a_provided_operation_answers_with_a_plain_dictionary(cloud: LocalCloud, installed: Any) -> None:
    def provide(call: Call) -> Any:
        return {"KeyRotationEnabled": True, "KeyId": call.params["KeyId"]}

    installed("GetKeyRotationStatus", _correction("GetKeyRotationStatus", provide, provides=True))
    answer = cloud.client("kms").get_key_rotation_status(KeyId="1234")
    assert (answer["KeyRotationEnabled"], answer["KeyId"]) == (True, "1234")


def test_a_correction_refuses_with_any_code_and_status(cloud: LocalCloud, installed: Any) -> None:
    def refuse(call: Call, forward: Any) -> Any:
        raise ApiError("LimitExceededException", "No more keys", 429)

    installed("CreateKey", _correction("CreateKey", refuse))
    client = cloud.client("kms")
    with pytest.raises(client.exceptions.LimitExceededException, match="No more keys") as caught:
        client.create_key()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_an_error_in_the_emulation_is_an_aws_error_that_names_it(cloud: LocalCloud, installed: Any) -> None:
    def fail(call: Call, forward: Any) -> Any:
        raise ZeroDivisionError("by zero")

    installed("ListKeys", _correction("ListKeys", fail))
    with pytest.raises(ClientError, match="ZeroDivisionError: by zero") as caught:
        cloud.client("kms").list_keys()
    assert caught.value.response["Error"]["Code"] == "InternalError"


@pytest.mark.parametrize(
    ("service", "operation", "told"),
    [("kms", "DescribeWeather", "moto has no kms:DescribeWeather"), ("weather", "DescribeRain", "no service weather")],
)
def test_a_correction_of_something_unknown_is_a_mistake(service: str, operation: str, told: str) -> None:
    correction = _correction(operation, lambda call, forward: forward(), service=service)
    with pytest.raises(LookupError, match=told):
        dispatch.implementation(service, operation, [correction])


def _marked() -> Iterator[str]:
    """The ids of all corrections that a test is marked with, read from the source of the tests."""
    for path in TESTS.rglob("test_*.py"):
        module = ast.parse(path.read_text())
        constants = _string_constants(module)
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.correction":
                for argument in node.args:
                    yield constants[argument.id] if isinstance(argument, ast.Name) else ast.literal_eval(argument)


def _string_constants(module: ast.Module) -> dict[str, str]:
    """The names that a module gives to strings, one by one or several at once."""
    constants: dict[str, str] = {}
    for node in module.body:
        if isinstance(node, ast.Assign):
            names = ast.walk(node.targets[0])
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            strings = [value.value for value in values if isinstance(value, ast.Constant)]
            constants |= dict(zip([name.id for name in names if isinstance(name, ast.Name)], strings, strict=False))
    return constants


def test_every_correction_has_a_test() -> None:
    dispatch.install()
    registered = {correction.id for correction in corrections()}
    marked = set(_marked())
    assert sorted(registered - marked) == [], "corrections without a test"
    assert sorted(marked - registered) == [], "tests marked with corrections that do not exist"


def test_the_list_of_corrections_has_them_all() -> None:
    text, markdown = as_text(), as_markdown()
    for correction in corrections():
        assert correction.behaviour in text
        assert correction.behaviour.replace("|", "\\|") in markdown
        assert all(code in markdown for code in correction.errors)
    assert len({line.count(" | ") for line in markdown.splitlines()[:1]}) == 1
