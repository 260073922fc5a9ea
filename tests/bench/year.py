"""What a million complaints a year cost, by `prices.json`: its prices, and what it assumes of a complaint's life."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field, json

from tests.bench.figures import Figure
from tests.bench.units import Units

COMPLAINTS = 1_000_000
MINUTES = 365 * 24 * 60


class Spent(Struct):
    """What one complaint leaves: bytes stored with all index entries, letters by channel."""

    stored: int
    letters: dict[str, int] = field(default_factory=dict)


def bill(operations: Mapping[str, Units], spent: Spent) -> list[Figure]:
    """The lines of the bill, in the list's currency a year."""
    said: dict[str, Any] = json.decode((Path(__file__).parent / "prices.json").read_bytes())
    price, seconds = said["prices"], _gb_seconds(said["lambda"])
    times = _times(operations, said["a_complaint"], spent)
    reads = sum(operations[name].reads * often for name, often in times.items())
    writes = sum(operations[name].writes * often for name, often in times.items())
    sweep = operations["a minute's sweep with nothing due"]
    letters = sum(spent.letters.values())
    requests = sum(often for name, often in times.items() if not name.startswith(("deliver", "tick", "intake's")))
    lines = {
        "DynamoDB, writes": (writes * COMPLAINTS + sweep.writes * MINUTES) / 1e6 * price["write_units_per_million"],
        "DynamoDB, reads": (reads * COMPLAINTS + sweep.reads * MINUTES) / 1e6 * price["read_units_per_million"],
        "DynamoDB, stored and backed up": spent.stored * COMPLAINTS / 1e9 * said["kept_months_on_average"]
        * (price["stored_gb_month"] + price["point_in_time_recovery_gb_month"]),
        "HTTP requests": requests * COMPLAINTS / 1e6 * price["http_requests_per_million"],
        "Lambda": ((requests + letters) * COMPLAINTS + MINUTES) / 1e6 * price["lambda_requests_per_million"]
        + (
            (requests * seconds["http"] + letters * seconds["deliver"]) * COMPLAINTS + MINUTES * seconds["sweep"]
        ) * price["lambda_gb_second"],
        "SQS": 3 * letters * COMPLAINTS / 1e6 * price["sqs_requests_per_million"],
        "SES": spent.letters.get("email", 0) * COMPLAINTS / 1e3 * price["mail_per_thousand"],
    }  # fmt: skip
    where = f"{said['currency']} a year"
    texts = spent.letters.get("sms", 0) * COMPLAINTS * price["text_message"]
    total = sum(lines.values())
    return [
        Figure(what="a million complaints a year, without text messages", measured=round(total), unit=where),
        *(Figure(what=f"… {name}", measured=round(cost), unit=where) for name, cost in lines.items()),
        Figure(what="… and text messages, by the carriers' prices", measured=round(texts), unit=where),
        Figure(what="… stored for each complaint", measured=round(spent.stored / 1000, 1), unit="KB"),
    ]


def _times(operations: Mapping[str, Units], assumed: Mapping[str, float], spent: Spent) -> dict[str, float]:
    """How often each operation comes in a complaint's life."""
    once = {name: 1.0 for name in operations if name.startswith(("intake", "action "))}
    letters = {f"deliver by {channel}": float(number) for channel, number in spent.letters.items()}
    return {**once, **letters, **assumed}


def _gb_seconds(functions: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    return {name: f["ms"] / 1000 * f["mb"] / 1024 for name, f in functions.items()}
