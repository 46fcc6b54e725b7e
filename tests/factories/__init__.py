"""What tests begin with, made by the real actions: people, specs with a text, proposals, positions, threads, releases.

Everything has a usable default: `make_spec()` has three clauses and nobody in it; Ana is an editor in
`make_spec(members={ana: ["editor"]})`. Moments are NOW unless said.
"""

from tests.factories.people import NOW, make_user
from tests.factories.proposals import make_proposal, take_position
from tests.factories.specs import SOURCE, add_member, clause, import_into, make_release, make_spec, version
from tests.factories.threads import make_thread

__all__ = [
    "NOW",
    "SOURCE",
    "add_member",
    "clause",
    "import_into",
    "make_proposal",
    "make_release",
    "make_spec",
    "make_thread",
    "make_user",
    "take_position",
    "version",
]
