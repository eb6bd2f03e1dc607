"""aiosmtpd, a mail server that nobody here wrote, in a thread of its own."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

LOGIN, PASSWORD = "njeri", "siri – ñ"


@dataclass
class Foreign:
    """What has arrived, and where it listens."""

    port: int = 0
    envelopes: list[Envelope] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    pause: float = 0.0
    """Seconds before a letter is taken, and once more before that is said."""

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self.pause)
        self.envelopes.append(envelope)
        await asyncio.sleep(self.pause)
        return "250 2.0.0 taken"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.refuses:
            return "550 5.1.1 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 known"


def _knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    known = (data.login, data.password) == (LOGIN.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


@contextmanager
def foreign_server(
    *, tls: ssl.SSLContext | None = None, at_once: bool = False, login: bool = False, **options: Any
) -> Iterator[Foreign]:
    """Serve on a port of this machine, with TLS and a login where asked."""
    foreign = Foreign()
    loop = asyncio.new_event_loop()
    if login:
        options |= {"authenticator": _knows, "auth_required": True, "auth_require_tls": False}

    def new() -> SMTP:
        starting = None if at_once else tls
        return SMTP(foreign, loop=loop, enable_SMTPUTF8=True, tls_context=starting, **options)

    starting = loop.create_server(new, "127.0.0.1", 0, ssl=tls if at_once else None)
    server = loop.run_until_complete(starting)
    foreign.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield foreign
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
