"""A mail server that takes everything (aiosmtpd) and says how much it took.

    python3 mail_server.py PORT
"""

import asyncio
import sys

from aiosmtpd.smtp import SMTP


class Handler:
    def __init__(self):
        self.recipients = []

    async def handle_DATA(self, server, session, envelope):
        self.recipients.extend(envelope.rcpt_tos)
        return "250 OK"


async def main():
    handler = Handler()
    loop = asyncio.get_running_loop()
    factory = lambda: SMTP(handler, loop=loop, hostname="localhost", timeout=3600)
    await loop.create_server(factory, "127.0.0.1", int(sys.argv[1]))
    print("listening", flush=True)
    await loop.run_in_executor(None, sys.stdin.readline)
    print(len(handler.recipients), len(set(handler.recipients)), flush=True)


asyncio.run(main())
