"""How often something may be done: by one network, one account or one address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class RateKind(StrEnum):
    """What is counted."""

    SIGN_IN_BY_NETWORK = "sign_in_by_network"
    SIGN_IN_BY_ACCOUNT = "sign_in_by_account"
    OLD_PASSWORD = "old_password"
    RESET_BY_NETWORK = "reset_by_network"
    RESET_BY_ADDRESS = "reset_by_address"
    INVITATION = "invitation"
    SUBMISSION_BY_NETWORK = "submission_by_network"
    SUBMISSION_TO_SPEC = "submission_to_spec"
    RECEIPT_BY_NETWORK = "receipt_by_network"


@dataclass(frozen=True)
class Limit:
    """At most `most` times in each window of this length."""

    most: int
    window: timedelta


HOUR, DAY = timedelta(hours=1), timedelta(days=1)

LIMITS: dict[RateKind, tuple[Limit, ...]] = {
    # Each attempt costs 200 ms of processor time for its hash. An office behind one address mistypes less often than this.
    RateKind.SIGN_IN_BY_NETWORK: (Limit(20, timedelta(minutes=5)), Limit(100, HOUR)),
    # Failures from networks that the person never used, all together: a password is not guessed from a thousand machines.
    RateKind.SIGN_IN_BY_ACCOUNT: (Limit(50, HOUR),),
    # The same number as for signing in: somebody at an unlocked computer gets no more guesses than a stranger.
    RateKind.OLD_PASSWORD: (Limit(8, timedelta(minutes=15)),),
    RateKind.RESET_BY_NETWORK: (Limit(10, HOUR), Limit(30, DAY)),
    # Counted for an address and a network together, so that a stranger can't keep the owner from asking.
    RateKind.RESET_BY_ADDRESS: (Limit(5, HOUR),),
    # A school class behind one address can take part; a script can't fill the moderators' queue from it.
    RateKind.SUBMISSION_BY_NETWORK: (Limit(10, timedelta(minutes=1)), Limit(60, HOUR)),
    # A campaign is welcome and is grouped by its moderators; beyond this it waits an hour.
    RateKind.SUBMISSION_TO_SPEC: (Limit(600, timedelta(minutes=1)), Limit(5000, HOUR)),
    # Only wrong secrets are counted, so that guessing costs.
    RateKind.RECEIPT_BY_NETWORK: (Limit(30, HOUR),),
}


def invitation_limits(age: timedelta) -> tuple[Limit, ...]:
    """Return how many invitations an account of this age may send, over all specs.

    An invitation is mail to a stranger that names its sender and a spec. A new account has shown nothing yet, and ten at a
    time are enough to begin a team; whoever has been here for a month may invite a department in a day.
    """
    if age < timedelta(days=7):
        return Limit(10, HOUR), Limit(20, DAY)
    if age < timedelta(days=30):
        return Limit(20, HOUR), Limit(60, DAY)
    return Limit(60, HOUR), Limit(200, DAY)
