"""Starting and stopping the local AWS."""

import socket
from pathlib import Path

import pytest

from infra.emulator import Emulator, EmulatorError, credentials, free_port


def test_a_port_that_is_taken_is_said_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(EmulatorError, match=f"port {port} is taken; choose another: make run PORT={port + 1}"):
            Emulator(port, tmp_path).start()


def test_stopping_what_never_started_is_nothing(tmp_path: Path) -> None:
    emulator = Emulator(free_port(), tmp_path)
    emulator.stop()
    assert not emulator.running()


def test_its_credentials_reach_no_profile_of_this_machine() -> None:
    found = credentials("http://127.0.0.1:4720")
    assert found["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4720"
    assert found["AWS_CONFIG_FILE"] == found["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
