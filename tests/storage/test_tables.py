"""One schema, said in three places: the template that is deployed, the rows, and the table of these tests."""

from typing import Any

from chalicelib.storage.rows import Row
from infra.template import resources
from tests.storage.tables import definition


def by_name(indexes: list[dict[str, Any]]) -> dict[str, tuple[Any, Any]]:
    """Keys and projection of each index."""
    return {index["IndexName"]: (index["KeySchema"], index["Projection"]) for index in indexes}


def test_the_template_deploys_the_table_that_the_tests_use() -> None:
    deployed = resources()["Resources"]["Table"]["Properties"]
    ours = definition()
    assert deployed["KeySchema"] == ours["KeySchema"]
    assert deployed["AttributeDefinitions"] == ours["AttributeDefinitions"]
    assert by_name(deployed["GlobalSecondaryIndexes"]) == by_name(ours["GlobalSecondaryIndexes"])
    assert deployed["TimeToLiveSpecification"]["AttributeName"] == "ttl"


def test_the_rows_know_the_same_keys_and_indexes() -> None:
    rows, ours = Row._get_schema(), definition()
    of_rows = [
        {"IndexName": index["index_name"], "KeySchema": index["key_schema"], "Projection": index["projection"]}
        for index in rows["global_secondary_indexes"]
    ]
    assert rows["key_schema"] == ours["KeySchema"]
    assert by_name(of_rows) == by_name(ours["GlobalSecondaryIndexes"])
