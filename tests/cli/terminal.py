"""Runs a command on a pseudo-terminal, types replies, copies its output to standard output, exits with its code."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios

plan = json.loads(sys.argv[1])
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))


def take_terminal():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


child = subprocess.Popen(
    plan["command"],
    stdin=slave,
    stdout=subprocess.DEVNULL if plan["pipeOutput"] else slave,
    stderr=slave,
    preexec_fn=take_terminal,
)
os.close(slave)

replies = plan["replies"]
seen = b""
while True:
    try:
        piece = os.read(master, 65536)
    except OSError:  # The terminal is gone when its last user is.
        break
    if not piece:
        break
    sys.stdout.buffer.write(piece)
    seen += piece
    while replies and replies[0][0].encode() in seen:
        seen = seen.split(replies[0][0].encode(), 1)[1]
        os.write(master, replies.pop(0)[1].encode())

code = child.wait()
sys.exit(128 - code if code < 0 else code)
