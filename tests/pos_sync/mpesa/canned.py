"""Daraja with answers that a test has written, without a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from pos_sync.http.transport import Answer, Asked, Transport
from pos_sync.mpesa.account import Account, Secrets
from pos_sync.mpesa.daraja import Daraja
from pos_sync.mpesa.errors import MpesaError
from pos_sync.mpesa.push import PushOrder

from tests.pos_sync.mpesa.samples import NOW, PAYBILL, PHONE, SECRETS

ORDER = PushOrder(
    phone=PHONE,
    amount_cents=145_000,
    reference="T1A7",
    description="Sale",
    callback_path="/a/1",
)
TOKEN = Answer(200, b'{"access_token":"t1","expires_in":"3599"}')


class CannedTransport(Transport):
    """Gives out a token each time it is asked for one, and these answers to all else."""

    def __init__(self, *answers: Answer | MpesaError, tokens: tuple[Answer, ...] = ()) -> None:
        # no session of the real one: it is made a hundred thousand times
        self.asked: list[Asked] = []
        self.tokens_given = 0
        self._answers = list(answers)
        self._tokens = list(tokens)

    def exchange(self, asked: Asked) -> Answer:
        """Return the next of the answers, or raise it."""
        if asked.json is None:
            self.tokens_given += 1
            return self._tokens.pop(0) if self._tokens else TOKEN
        self.asked.append(asked)
        answer = self._answers.pop(0)
        if isinstance(answer, MpesaError):
            raise answer
        return answer


def answer(body: Any, status: int = 200, date: datetime | None = None) -> Answer:
    """Return an answer of bytes, or of something written as JSON."""
    return Answer(status, body if isinstance(body, bytes) else json.dumps(body).encode(), date)


def daraja(
    transport: Transport,
    account: Account = PAYBILL,
    secrets: Secrets = SECRETS,
    now: Callable[[], datetime] = lambda: NOW,
) -> Daraja:
    """Return Daraja over a transport, at a time that stands still."""
    return Daraja(account, secrets, transport, now=now, monotonic=lambda: 0.0)


def canned(*answers: Answer | MpesaError) -> Daraja:
    """Return Daraja that gets these answers."""
    return daraja(CannedTransport(*answers))
