"""What is refused before anything is uploaded, and what goes up."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra import deploy
from infra.template import ARTEFACT

TEMPLATE = {
    "Parameters": {"Stage": {"Type": "String"}, "PublicUrl": {"Type": "String"}, "LogLevel": {"Default": "INFO"}},
    "Resources": {
        "Sweep": {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": ARTEFACT}},
        "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {}},
    },
}


def test_settings_become_parameters_and_defaults_are_left_to_the_template() -> None:
    assert deploy.parameters(TEMPLATE, {"Stage": "prod", "PublicUrl": "https://d"}) == [
        {"ParameterKey": "PublicUrl", "ParameterValue": "https://d"},
        {"ParameterKey": "Stage", "ParameterValue": "prod"},
    ]


def test_all_unknown_and_missing_settings_are_told_at_once() -> None:
    with pytest.raises(deploy.DeployError) as refused:
        deploy.parameters(TEMPLATE, {"Stage": "prod", "PublicURL": "https://d", "Bogus": "1"})
    assert str(refused.value) == "unknown setting Bogus; unknown setting PublicURL; setting PublicUrl is missing"


def test_a_stage_without_a_file_is_told_where_to_put_one(tmp_path: Path) -> None:
    with pytest.raises(deploy.DeployError, match=r"prod\.json is missing: copy .*example\.json"):
        deploy.settings("prod", tmp_path)


def test_a_setting_that_is_not_text_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "prod.json").write_text('{"PublicUrl": "https://d", "MailInbound": true}')
    with pytest.raises(deploy.DeployError, match="MailInbound must be text"):
        deploy.settings("prod", tmp_path)


def test_the_example_stage_is_one_that_the_template_takes(landed: dict[str, Any]) -> None:
    given = {"Stage": "example", **deploy.settings("example")}
    assert len(deploy.parameters(landed, given)) == len(given)


def test_each_function_is_given_the_uploaded_code_and_the_template_stays_as_it_was() -> None:
    before = json.dumps(TEMPLATE)
    placed = deploy.with_code(TEMPLATE, "bucket", "key.zip")
    assert placed["Resources"]["Sweep"]["Properties"]["CodeUri"] == {"Bucket": "bucket", "Key": "key.zip"}
    assert placed["Resources"]["Table"]["Properties"] == {}
    assert json.dumps(TEMPLATE) == before
