"""A mail server for tests: aiosmtpd (Debian: python3-aiosmtpd), with a mishap by recipient.

It tells what happens as a line of JSON each, the port first; a line on standard input is told back.
Letters are taken apart by Python's own library, which knows nothing of ours.

refuse@  no such mailbox                policy@  refused for what we are, not for who they are
busy@    not now, the first time        hold@    the letter is taken, the answer never comes, once
wait@    the recipient is never answered, once
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP


def tell(**event):
    print(json.dumps(event), flush=True)


class Handler:
    def __init__(self):
        self.seen = set()

    def first(self, mishap, address):
        """Whether this happens to this address, and for the first time."""
        if not address.startswith(mishap) or address in self.seen:
            return False
        self.seen.add(address)
        return True

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refuse"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("policy"):
            return "550 5.7.1 your address is on a list"
        if self.first("wait", address):
            tell(event="waiting", to=address)
            await asyncio.Event().wait()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        address = envelope.rcpt_tos[0]
        if self.first("busy", address):
            return "451 4.3.0 try again later"
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        part = lambda kind: letter.get_body((kind,)).get_content()
        tell(
            event="received",
            to=address,
            tls=server.transport.get_extra_info("sslcontext") is not None,
            user=(session.auth_data.login.decode() if session.auth_data else None),
            headers={name.lower(): str(value) for name, value in letter.items()},
            plain=part("plain"),
            html=part("html"),
            defects=[str(defect) for part in letter.walk() for defect in part.defects],
        )
        if self.first("hold", address):
            await asyncio.Event().wait()
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    from aiosmtpd.smtp import AuthResult

    return AuthResult(success=data.password == b"sesame", auth_data=data)


async def main():
    options = argparse.ArgumentParser()
    options.add_argument("--certificate", nargs=2)
    options.add_argument("--implicit", action="store_true")
    options.add_argument("--login", action="store_true")
    options = options.parse_args()
    tls = None
    if options.certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(*options.certificate)
    handler = Handler()
    settings = {"hostname": "localhost", "timeout": 3600}
    if tls and not options.implicit:
        settings |= {"tls_context": tls, "require_starttls": True}
    if options.login:
        # Over TLS from the first byte, aiosmtpd does not know that there is TLS.
        settings |= {"authenticator": authenticate, "auth_require_tls": not options.implicit}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, loop=loop, **settings),
        "127.0.0.1",
        0,
        ssl=tls if options.implicit else None,
    )
    tell(port=server.sockets[0].getsockname()[1])
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        tell(event="echo", said=line.strip())


# On an end of standard input the test is over: whatever is held is dropped.
asyncio.run(main())
