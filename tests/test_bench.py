"""What `make bench` counts, rather than times, is held in every run of the tests as well."""

from contextlib import redirect_stdout
from io import StringIO

from tests.bench import calls, cpu
from tests.bench.rig import no_real_aws


def test_no_request_makes_more_calls_than_it_may() -> None:
    with no_real_aws(), redirect_stdout(StringIO()):
        figures = calls.run()
    assert [figure.what for figure in figures if not figure.ok] == []


def test_what_is_timed_can_begin() -> None:
    with no_real_aws():
        assert cpu.Sides().requests
