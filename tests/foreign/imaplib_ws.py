"""Python's imaplib over a WebSocket: lists the folders, fetches the newest messages and a large one.

usage: imaplib_ws.py WEBSOCKET_URL ORIGIN USER PASSWORD
"""

import email
import email.policy
import imaplib
import sys

import websocket


class WebSocketImap(imaplib.IMAP4):
    """IMAP4 whose bytes travel in binary messages, one WebSocket for one TCP connection."""

    def __init__(self, url, origin):
        self.url, self.origin, self.unread = url, origin, bytearray()
        super().__init__()

    def open(self, *_ignored, **_ignored_too):
        self.sock = websocket.create_connection(self.url, origin=self.origin, timeout=30)

    def read(self, size):
        while len(self.unread) < size:
            self._receive()
        return self._take(size)

    def readline(self):
        while b"\n" not in self.unread:
            self._receive()
        return self._take(self.unread.index(b"\n") + 1)

    def send(self, data):
        self.sock.send_binary(data)

    def shutdown(self):
        self.sock.close()

    def _take(self, size):
        taken = bytes(self.unread[:size])
        del self.unread[:size]
        return taken

    def _receive(self):
        data = self.sock.recv()
        if not data:
            raise self.abort("the WebSocket ended")
        self.unread += data


def main(url, origin, user, password):
    imap = WebSocketImap(url, origin)
    imap.login(user, password)

    _, folders = imap.list()
    print(len(folders), "folders")
    assert any(b"\\Sent" in folder for folder in folders), folders

    _, [count] = imap.select("INBOX")
    newest = range(int(count), max(int(count) - 20, 0), -1)
    for number in newest:
        _, [(_, raw), *_] = imap.fetch(str(number), "(BODY.PEEK[HEADER])")
        header = email.message_from_bytes(raw, policy=email.policy.default)
        print(header["date"], "|", header["from"], "|", header["subject"])

    _, [found] = imap.search(None, "LARGER", str(20 * 1024 * 1024))
    _, [(announced, raw), *_] = imap.fetch(found.split()[0], "(RFC822.SIZE BODY.PEEK[])")
    print(len(raw), "bytes in the largest")
    assert f"RFC822.SIZE {len(raw)} " in announced.decode(), announced

    imap.close()
    imap.logout()


if __name__ == "__main__":
    main(*sys.argv[1:])
