"""pymap's in-memory backend with many users, where its own command line knows one alone.

Arguments: a port of 127.0.0.1, the password, and who there is. Each of them has an inbox and the usual folders, all
empty. Says READY when it listens.
"""

import sys

from pymap import main
from pymap.backend import backends
from pymap.backend.dict import DictBackend, Identity
from pymap.user import UserMetadata
from pysasl.hashing import BuiltinHash

PORT, PASSWORD, *USERS = sys.argv[1:]
# A single round: nobody waits for what protects nothing.
HASH = BuiltinHash(rounds=1).hash(PASSWORD)
FOLDERS = ["Drafts", "Sent", "Archive", "Trash"]


class Everybody(DictBackend):
    async def start(self, stack):
        await super().start(stack)
        for user in USERS:
            await self.add(user)

    async def add(self, user):
        identity = Identity(user, self.login, None, frozenset())
        await identity.set(UserMetadata(self.config, user, password=HASH))
        async with identity.new_session() as session:
            mailboxes = session.mailbox_set
            for folder in FOLDERS:
                await mailboxes.add_mailbox(folder)
            for name in ["INBOX", *FOLDERS]:
                # UIDs from 1, as with the other servers; its own begin with 101.
                mailbox = await mailboxes.get_mailbox(name)
                mailbox._max_uid = 0


backends.add("everybody", Everybody)
main.notify_ready = lambda: print("READY", flush=True)
# As it has STARTTLS alone, there is no TLS at all.
sys.argv[1:] = ["--host", "127.0.0.1", "--port", PORT, "--no-tls", "everybody"]
main.main()
