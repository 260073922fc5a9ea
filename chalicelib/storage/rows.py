"""The items of the one table, as PynamoDB rows told apart by their `kind`.

What the desk reasons about is one JSON string in each (`state`, `event`, ...): reading and writing it costs a
fraction of what a DynamoDB map costs. Beside it stands only what DynamoDB itself must see: keys of indexes,
versions and states in conditions.

The worklists and the ledger carry `row` alone: an index bills each copy by its own size, and a worklist
needs a few hundred bytes of a case, not its whole state.
"""

from pynamodb.attributes import (
    BinaryAttribute,
    DiscriminatorAttribute,
    NumberAttribute,
    UnicodeAttribute,
)  # fmt: skip
from pynamodb.connection.table import TableConnection
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.sdk import PLAIN


class DueIndex(GlobalSecondaryIndex["Row"]):  # type: ignore[no-untyped-call]  # pynamodb's
    """Everything that must happen later; sparse, spread over shards."""

    class Meta:
        index_name = "DUE"
        projection = KeysOnlyProjection()

    due_pk = UnicodeAttribute(hash_key=True)
    due_sk = UnicodeAttribute(range_key=True)


class DepartmentIndex(GlobalSecondaryIndex["Row"]):  # type: ignore[no-untyped-call]  # pynamodb's
    """Open cases of a department, most urgent first."""

    class Meta:
        index_name = "DEPARTMENT"
        projection = IncludeProjection(["row"])

    dep_pk = UnicodeAttribute(hash_key=True)
    dep_sk = UnicodeAttribute(range_key=True)


class OwnerIndex(GlobalSecondaryIndex["Row"]):  # type: ignore[no-untyped-call]  # pynamodb's
    """Open cases of a person, most urgent first."""

    class Meta:
        index_name = "OWNER"
        projection = IncludeProjection(["row"])

    own_pk = UnicodeAttribute(hash_key=True)
    own_sk = UnicodeAttribute(range_key=True)


class LedgerIndex(GlobalSecondaryIndex["Row"]):  # type: ignore[no-untyped-call]  # pynamodb's
    """All cases that a site received in a month."""

    class Meta:
        index_name = "LEDGER"
        projection = IncludeProjection(["row"])

    led_pk = UnicodeAttribute(hash_key=True)
    led_sk = UnicodeAttribute(range_key=True)


class Row(Model):
    """Any item. `bind` says which table it is in."""

    class Meta:
        table_name = ""
        region: str | None = None
        host: str | None = None
        # Well over what DynamoDB takes, well under what a caller waits: a stuck connection is dropped and tried anew.
        connect_timeout_seconds = 1
        read_timeout_seconds = 3
        max_retry_attempts = 2

    pk = UnicodeAttribute(hash_key=True, attr_name="PK")
    sk = UnicodeAttribute(range_key=True, attr_name="SK")
    kind = DiscriminatorAttribute()
    due_pk = UnicodeAttribute(null=True)
    due_sk = UnicodeAttribute(null=True)
    by_due = DueIndex()
    by_department = DepartmentIndex()
    by_owner = OwnerIndex()
    by_ledger = LedgerIndex()


class HeadRow(Row, discriminator="case"):
    """A complaint as it stands."""

    state = UnicodeAttribute()
    version = NumberAttribute()
    row = UnicodeAttribute()
    dep_pk = UnicodeAttribute(null=True)
    dep_sk = UnicodeAttribute(null=True)
    own_pk = UnicodeAttribute(null=True)
    own_sk = UnicodeAttribute(null=True)
    led_pk = UnicodeAttribute()
    led_sk = UnicodeAttribute()


class EventRow(Row, discriminator="event"):
    """One entry of a history."""

    event = UnicodeAttribute()


class IdentityRow(Row, discriminator="identity"):
    """Who complains: in the clear, or sealed where that is confidential.

    `enveloped` opens with the key of its case, `sealed` by KMS alone: the way before cases had keys.
    """

    identity = UnicodeAttribute(null=True)
    enveloped = BinaryAttribute(null=True, legacy_encoding=False)
    sealed = BinaryAttribute(null=True, legacy_encoding=False)


class KeyRow(Row, discriminator="key"):
    """The key that a confidential identity is sealed with, wrapped by KMS. Without it nobody opens that identity."""

    wrapped = BinaryAttribute(legacy_encoding=False)


class RetentionRow(Row, discriminator="retention"):
    """A finished case; armed for when something of it is erased."""


class AliasRow(Row, discriminator="alias"):
    """What stands for a customer in cases that no longer say who it was."""

    alias = UnicodeAttribute()


class MessageRow(Row, discriminator="message"):
    """A letter on its way, and how far it came."""

    message = UnicodeAttribute()
    status = UnicodeAttribute()
    attempts = NumberAttribute(default=0)
    lease_until = UnicodeAttribute(null=True)
    claim = UnicodeAttribute(null=True)
    provider_id = UnicodeAttribute(null=True)
    error = UnicodeAttribute(null=True)


class NumberRow(Row, discriminator="number"):
    """Whose a number is."""

    org = UnicodeAttribute()


class ReplayRow(Row, discriminator="replay"):
    """Which case an idempotency key made, and of what body. Forgotten at `ttl` (seconds since 1970)."""

    number = UnicodeAttribute()
    body_hash = UnicodeAttribute()
    ttl = NumberAttribute()


class LinkRow(Row, discriminator="link"):
    """A case among those with the same phone, room or plate."""

    number = UnicodeAttribute()


class EntryRow(Row, discriminator="entry"):
    """An entry of the directory, or a version of an organisation's own procedure."""

    entry = UnicodeAttribute()
    ttl = NumberAttribute(null=True)


class SuppressionRow(Row, discriminator="suppression"):
    """An address that is not written to again, and why: the provider's code."""

    reason = UnicodeAttribute()


class WrongProofsRow(Row, discriminator="wrong_proofs"):
    """How often somebody failed in an hour to prove that a complaint is theirs. Forgotten at `ttl`."""

    times = NumberAttribute()
    ttl = NumberAttribute()


class BucketRow(Row, discriminator="bucket"):
    """When a token bucket is full again, in milliseconds since 1970. Forgotten at `ttl`."""

    full_at = NumberAttribute()
    ttl = NumberAttribute()


class PulseRow(Row, discriminator="pulse"):
    """When the desk last swept."""

    at = UnicodeAttribute()


class RecurrenceRow(Row, discriminator="recurrence"):
    """A duty of a site; armed for its next occurrence."""


class PeriodRow(Row, discriminator="period"):
    """One period of a duty."""

    run = UnicodeAttribute()
    version = NumberAttribute()


class ClosingRow(Row, discriminator="closing"):
    """A closed period of a register; `sha256` is what a second closing is compared by."""

    closing = UnicodeAttribute()
    sha256 = UnicodeAttribute()


class UndeliveredRow(Row, discriminator="undelivered"):
    """An event that an endpoint did not take. Forgotten at `ttl`."""

    lost = UnicodeAttribute()
    ttl = NumberAttribute()


class JobRow(Row, discriminator="job"):
    """Background work under way."""

    job = UnicodeAttribute()
    version = NumberAttribute()


def bind(table: str, region: str | None = None, endpoint: str | None = None) -> None:
    """Put all rows into this table, over one client.

    PynamoDB ties a model to its table, so a process works on one table at a time. Region and endpoint,
    where not given, are those of the environment, as for any AWS client.
    """
    Row.Meta.table_name = table
    Row.Meta.region = region
    Row.Meta.host = endpoint
    place = table, region, endpoint
    Row._connection = _connections.get(place)  # of the base: its subclasses find it there and share it
    _connections[place] = Row._get_connection()
    _connections[place].connection.session.set_default_client_config(PLAIN)


_connections: dict[tuple[str, str | None, str | None], TableConnection] = {}
