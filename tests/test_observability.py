"""What the log and the metrics say, and above all what they do not."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from chalicelib import observability
from chalicelib.desk.complaint import Identity
from chalicelib.observability import METRICS, HandlerFailed, Metric, logger, measure, observed

PHONE = "13800138000"
ROOT = Path(__file__).parent.parent
RESOURCES = ROOT / "infra" / "resources"


@pytest.fixture(autouse=True)
def _fresh(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """The log writes to the standard output of the test that looks at it."""
    logger.cache_clear()
    logging.getLogger("redress").handlers.clear()
    for mark in ("init", "powertools_handler"):
        vars(logging.getLogger("redress")).pop(mark, None)
    observability._figures.clear()
    yield
    logger.cache_clear()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_line_is_json_with_service_utc_time_and_the_ids_it_was_given(capsys: pytest.CaptureFixture[str]) -> None:
    logger().info("message sent", extra={"org": "c-company", "number": "20261122-4711-8", "count": 3})
    [line] = lines(capsys)
    assert line["timestamp"].endswith("+00:00")
    assert {key: line[key] for key in ("level", "message", "service", "org", "number", "count")} == {
        "level": "INFO", "message": "message sent", "service": "redress",
        "org": "c-company", "number": "20261122-4711-8", "count": 3,
    }  # fmt: skip


def test_nothing_personal_is_logged_whatever_is_passed(capsys: pytest.CaptureFixture[str]) -> None:
    identity = Identity(name="李女士", phone=PHONE, email="li@customer.example", plate="京A12345")
    logger().info("said %s", f"call {PHONE}")
    logger().info(f"call {PHONE} or li@customer.example about 京A12345")
    logger().info({"customer": {"name": "李女士"}, "nested": [{"caller": PHONE}, f"x{PHONE}x"]})
    logger().info('{"phone": "13800138000", "name": "李女士"}')
    logger().info("identity", extra={"what": identity, "anyone": [identity], "number": PHONE, "tail": int(PHONE)})
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 5
    for secret in (PHONE, "li@customer", "京A12345", "李女士"):
        assert secret not in out


def test_an_error_is_logged_by_type_and_place_without_text_or_values(capsys: pytest.CaptureFixture[str]) -> None:
    def look_up(name: str) -> str:
        return {"李女士": ""}[name + "王芳"]

    try:
        try:
            look_up("李女士")
        except KeyError as error:
            error.add_note("about 李女士")
            raise ValueError(f"no such person: 李女士 {PHONE}") from error
    except ValueError:
        logger().exception("failed")
    [line] = lines(capsys)
    assert line["exception_name"] == "ValueError"
    stack = line["exception"].splitlines()
    assert stack[0] == "builtins.ValueError"
    assert "builtins.KeyError" in stack
    assert any("test_observability.py" in frame and "in look_up" in frame for frame in stack)
    assert "李女士" not in json.dumps(line, ensure_ascii=False)
    assert PHONE not in json.dumps(line)


def test_what_leaves_a_handler_has_no_text_because_lambda_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(HandlerFailed) as caught, observed("deliver", "c-1"):
        raise ValueError(PHONE)
    assert (str(caught.value), caught.value.__cause__, caught.value.__suppress_context__) == ("ValueError", None, True)
    [line] = lines(capsys)
    assert (line["handler"], line["correlation_id"], line["message"]) == ("deliver", "c-1", "failed")


def test_the_ids_of_one_call_do_not_stay_for_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    with observed("sweep", "c-1"):
        logger().info("in")
    logger().info("after")
    first, second = lines(capsys)
    assert (first["handler"], first["correlation_id"]) == ("sweep", "c-1")
    assert "handler" not in second
    assert "correlation_id" not in second


def test_figures_are_written_when_the_handler_ends_also_when_it_fails(capsys: pytest.CaptureFixture[str]) -> None:
    def handler() -> None:
        with observed("sweep"):
            measure("DueFound", 7)
            measure("SweepLagSeconds", 1.5)
            raise ValueError

    with pytest.raises(HandlerFailed):
        handler()
    [figures] = [line for line in lines(capsys) if "_aws" in line]
    [declared] = figures["_aws"]["CloudWatchMetrics"]
    assert (declared["Namespace"], declared["Dimensions"], figures["service"]) == ("Redress", [["service"]], "redress")
    assert {metric["Name"]: metric["Unit"] for metric in declared["Metrics"]} == {
        "DueFound": "Count", "SweepLagSeconds": "Seconds",
    }  # fmt: skip
    assert (figures["DueFound"], figures["SweepLagSeconds"]) == ([7.0], [1.5])


def test_a_handler_without_figures_writes_none(capsys: pytest.CaptureFixture[str]) -> None:
    with observed("healthz"):
        pass
    assert capsys.readouterr().out == ""


def test_an_undeclared_metric_fails() -> None:
    with pytest.raises(ValueError, match="not declared"):
        measure(cast(Metric, "MesagesSent"))


def test_every_metric_that_an_alarm_or_the_dashboard_watches_is_declared() -> None:
    class Loader(yaml.SafeLoader):
        pass

    Loader.add_multi_constructor("!", lambda *_: "")
    alarms = yaml.load((RESOURCES / "alarms.yaml").read_text("utf-8"), Loader)["Resources"].values()  # noqa: S506 # a safe loader
    watched = {a["Properties"]["MetricName"] for a in alarms if a.get("Properties", {}).get("Namespace") == "Redress"}
    assert watched
    assert watched <= METRICS


def test_powertools_is_not_imported_before_it_is_used() -> None:
    code = "import sys, chalicelib.observability; print('aws_lambda_powertools' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # our own code
    assert ran.stdout.strip() == "False"


def test_what_libraries_say_is_told_by_who_and_where_and_never_in_their_words() -> None:
    """As on Lambda: the runtime's handler is on the root before the application is imported."""
    script = f"""
import logging, sys
handler = logging.StreamHandler(sys.stdout)
form = "%(levelname)s %(aws_request_id)s %(message)s %(address)s"
handler.setFormatter(logging.Formatter(form, defaults={{"address": ""}}))
handler.addFilter(lambda record: vars(record).update(aws_request_id="r-1") or True)
logging.getLogger().addHandler(handler)
import app
logging.getLogger("urllib3.connectionpool").warning("Retrying: %s", "/hook?name=李女士&phone={PHONE}")
logging.getLogger("botocore").error("李女士", extra={{"address": "一号楼"}})
try:
    {{}}["李女士"]
except KeyError:
    app.app.log.exception("Caught exception for path /v1/complaints/{PHONE}")
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    warned, failed, caught, *frames = done.stdout.splitlines()
    assert warned.startswith("WARNING r-1 urllib3.connectionpool at ")
    assert failed.startswith("ERROR r-1 botocore at ")
    assert caught.startswith("ERROR r-1 redress at ")
    assert frames[0] == "builtins.KeyError"
    for personal in ("李女士", PHONE, "一号楼"):
        assert personal not in done.stdout + done.stderr


def test_what_is_said_where_nobody_listens_is_kept_bare_as_well() -> None:
    script = f"import logging, app; logging.getLogger('urllib3').warning('to {PHONE}')"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.startswith("urllib3 at ")
    assert PHONE not in done.stderr
