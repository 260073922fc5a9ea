"""Settings: what the environment may say, and what it must not."""

import subprocess
import sys

import pytest

from chalicelib.settings import Settings, read


def test_what_the_environment_leaves_out_or_empty_has_its_default() -> None:
    assert read({}) == Settings()
    assert read({"OIDC_ORG_CLAIM": "", "DUE_SHARDS": ""}) == Settings()
    assert (Settings().oidc_org_claim, Settings().due_shards) == ("custom:org", 8)


def test_every_setting_is_read_by_its_name_in_capitals() -> None:
    names = [name for name in Settings.__struct_fields__ if name != "due_shards"]
    found = read({name.upper(): f"the {name}" for name in names} | {"DUE_SHARDS": "16", "PATH": "/bin"})
    assert {name: getattr(found, name) for name in names} == {name: f"the {name}" for name in names}
    assert found.due_shards == 16


@pytest.mark.parametrize("shards", ["0", "101", "-1", "many", "1.5"])
def test_a_number_of_shards_that_cannot_work_is_refused_by_name(shards: str) -> None:
    with pytest.raises(ValueError, match="DUE_SHARDS"):
        read({"DUE_SHARDS": shards})


def test_no_module_needs_the_environment_to_be_imported() -> None:
    code = "import chalicelib.storage.stores, chalicelib.storage.sealer, chalicelib.settings"
    done = subprocess.run([sys.executable, "-c", code], env={}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
