"""What every client of AWS shares."""

from botocore import __version__
from botocore.config import Config

PLAIN = Config(user_agent=f"redress Botocore/{__version__}")
"""One fixed name. The SDK's own is built of a dozen parts, twice a call: a seventh of what a call takes of the CPU."""
