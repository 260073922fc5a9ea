"""The settings of a deployment: the only place that reads the environment.

Region, credentials and endpoints are not among them: every AWS client finds those in the environment by itself.
"""

import os
from collections.abc import Mapping
from functools import cache

from msgspec import Struct


class Settings(Struct, frozen=True, kw_only=True):
    """What differs from one deployment to another. A name in the environment is the field's in capitals."""

    stage: str = "local"  # the deployment's name, such as "prod"
    table: str = ""  # the one DynamoDB table
    deliver_queue: str = ""  # URL of the queue of messages to send
    announce_queue: str = ""  # URL of the queue of messages for other systems
    sweep_shard_queue: str = ""  # URL of the queue of shards with a backlog
    build_report_queue: str = ""  # URL of the queue of reports to prepare
    configuration_set: str = ""  # SES configuration set whose events tell what became of a mail
    mail_from: str = ""  # sender of every e-mail
    public_url: str = ""  # where browsers reach the desk, without a slash at the end
    oidc_issuer: str = ""  # who issues staff's tokens
    oidc_discovery_url: str = ""  # where the issuer describes itself; empty: under its own address
    oidc_audience: str = ""  # for whom the tokens must be issued
    oidc_org_claim: str = "custom:org"  # the claim that says which organisation somebody belongs to
    kms_key: str = ""  # KMS key that seals the identities of confidential complainants
    secrets_arn: str = ""  # secret with the key of keyed hashes and tracking links
    mail: str = ""  # bucket into which SES puts mail that comes in
    attachments: str = ""  # bucket of letters, photographs, recordings and finished reports
    cors_origin: str = ""  # the one foreign origin that may call the API; empty: none
    log_level: str = "INFO"  # the least that is logged: DEBUG, INFO, WARNING or ERROR
    due_shards: int = 8  # partitions of the DUE index; only ever raise it: what a dropped shard holds is not swept

    def __post_init__(self) -> None:
        """Refuse what cannot work, by name and at once."""
        if not 1 <= self.due_shards <= 100:
            raise ValueError("DUE_SHARDS must be from 1 to 100")


def read(environment: Mapping[str, str]) -> Settings:
    """The settings that an environment states; what it leaves out or leaves empty has its default.

    >>> read({"TABLE": "redress", "DUE_SHARDS": "16", "OIDC_ORG_CLAIM": ""}).due_shards
    16
    """
    given = {name: environment[name.upper()] for name in Settings.__struct_fields__ if environment.get(name.upper())}
    shards = given.pop("due_shards", "8")
    if not shards.isdecimal():
        raise ValueError("DUE_SHARDS must be a whole number")
    return Settings(**given, due_shards=int(shards))


@cache
def settings() -> Settings:
    """The settings of this process, read when first asked for."""
    return read(os.environ)
