"""`python -m infra.up ENDPOINT OUT STACK_JSON`: deploy to the local AWS there, seed it, say where everything is."""

import os
import sys
from pathlib import Path
from typing import Any

from infra import deploy, seed, stack
from infra.emulator import credentials

DEMO = "c-company"
"""The demo organisation whose pages are named; the others' are at their own ids, which stand with the sign-ins."""


def addresses(description: dict[str, Any]) -> str:
    """What a person wants to know first."""
    public = description["public_url"]
    lines = [
        ("how to complain", f"{public}/?org={DEMO}"),
        ("the form", f"{public}/complain?org={DEMO}"),
        ("following one", f"{public}/track"),
        ("the desk", f"{public}/desk"),
        ("the API", f"{description['api_url']}/v1/...  described at {public}/openapi.json"),
        ("mail it sent", description["mail_url"]),
        ("SMS it sent", description["sms_url"]),
    ]
    text = [f"  {name:16} {value}" for name, value in lines]
    if users := description["users"]:
        text.append(f"Demo sign-ins, every password {users[0]['password']}:")
        for org in dict.fromkeys(user["org"] for user in users):
            names = [f"{user['username']} ({user['role']})" for user in users if user["org"] == org]
            text.append(f"  {org:16} {', '.join(names)}")
    return "\n".join(text)


def main() -> None:
    endpoint, out, stack_json = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    os.environ.update(credentials(endpoint))
    try:
        running = stack.deploy_to(endpoint, out)
        running.wait_until_it_answers()
    except deploy.DeployError as error:
        raise SystemExit(f"{error}\n`make clean` starts afresh") from error
    description = running.describe(seed.seed(running.outputs))
    stack.write(stack_json, description)
    print(addresses(description), flush=True)


if __name__ == "__main__":
    main()
