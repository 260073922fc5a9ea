"""The ways that the complaints of tests/complaints/ take, each from intake to its end.

A way is what the people of the desk do, with the time they take; who does each thing is for the procedure to say.
"""

from tests.stories.company_ways import COMPANY
from tests.stories.pace import Way
from tests.stories.workshop_ways import WORKSHOP

WAYS: dict[str, dict[str, Way]] = {"c-company": COMPANY, "w-workshop": WORKSHOP}
