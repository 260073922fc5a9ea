"""`python -m infra.sign_in NAME`: the ID token of somebody of the demo, for calls to the running desk's API."""

import json
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.seed import PASSWORD

STACK = Path(".local/stack.json")  # `python -m infra.sign_in` runs in the project's folder


def id_token(description: Mapping[str, Any], username: str, password: str = PASSWORD) -> str:
    """The token with which `username` calls the desk of `description`, which is what .local/stack.json holds."""
    asked = {
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": description["client_id"],
        "AuthParameters": {"USERNAME": username, "PASSWORD": password},
    }
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
    }
    request = urllib.request.Request(description["endpoint_url"], json.dumps(asked).encode(), headers)  # noqa: S310 # our own
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 # our own
        return str(json.load(answer)["AuthenticationResult"]["IdToken"])


def main() -> None:
    if not STACK.exists():
        raise SystemExit("the desk does not run: start it with `make run`")
    description = json.loads(STACK.read_text(encoding="utf-8"))
    if sys.argv[1] not in {user["username"] for user in description["users"]}:
        raise SystemExit(f"nobody is called {sys.argv[1]}; `make run` prints who there is")
    print(id_token(description, sys.argv[1]))


if __name__ == "__main__":
    main()
