"""Webhooks to a fleet, each to any replica, repeated until one says what it is."""

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from bench.messages import Request
from bench.wire import Answer
from bench.wire import Lost
from bench.wire import Wire

#: Times that one is posted; a sender of our own has as much patience.
TRIES = 600
#: Seconds between two tries.
PAUSE = 0.1


@dataclass(kw_only=True)
class Posted:
    """What came of many webhooks. Counters count by what is named."""

    #: Ids that were answered 204, and of those that were badly signed.
    acknowledged: set[str] = field(default_factory=set)
    forged: set[str] = field(default_factory=set)
    finished: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    repeated: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)


class Poster:
    """Posts one after the other, over a connection to each replica."""

    def __init__(self, ports: Sequence[int], posted: Posted, seed: int) -> None:
        self._ports = list(ports)
        self._posted = posted
        self._dice = random.Random(seed)
        self._wires = {port: Wire(port) for port in ports}

    def close(self) -> None:
        """Close the connections."""
        for wire in self._wires.values():
            wire.close()

    def post(self, one: Request) -> None:
        """Post it until it is answered for good."""
        answer = self._answer(one)
        if one.expected == 401:
            self._posted.forged.add(one.message_id)
        if answer is None:
            self._posted.wrong["never answered for good"] += 1
        elif answer.status != one.expected:
            self._posted.wrong[f"{answer.status} in place of {one.expected}"] += 1
        elif answer.status == 204:
            self._posted.acknowledged.add(one.message_id)
        else:
            self._posted.refused[answer.reason] += 1
        self._posted.finished += 1

    def _answer(self, one: Request) -> Answer | None:
        for _ in range(TRIES):
            try:
                answer = self._wires[self._dice.choice(self._ports)].ask(one.raw)
            except Lost as lost:
                self._again(str(lost))
                continue
            self._posted.statuses[answer.status] += 1
            if answer.status != 503:
                return answer
            self._again(answer.reason)
        return None

    def _again(self, why: str) -> None:
        self._posted.repeated[why] += 1
        time.sleep(PAUSE)
