"""What the service says of itself."""

from tests.web.air import Air


def test_before_the_first_sweep_no_age_is_known(air: Air) -> None:
    assert air.get("/healthz").json_body["sweep_age_seconds"] is None


def test_a_sweep_that_finds_nothing_still_counts(air: Air) -> None:
    air.world.sweep.run(lambda: 60.0)
    air.wait(seconds=75)
    health = air.get("/healthz").json_body
    assert (health["alive"], health["sweep_age_seconds"]) == (True, 75)
    air.world.sweep.run(lambda: 60.0)
    assert air.get("/healthz").json_body["sweep_age_seconds"] == 0


def test_one_shard_alone_is_no_sweep(air: Air) -> None:
    air.world.sweep.shard(0, lambda: 60.0)
    assert air.get("/healthz").json_body["sweep_age_seconds"] is None
