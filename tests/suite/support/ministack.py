"""Serves ministack on a free port, prints the port, and ends when standard input closes.

Standard input is a pipe held by the test process: however that ends, nothing is left behind.
"""
import asyncio
import os
import socket
import sys
import threading

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(64)
port = listener.getsockname()[1]
os.environ["GATEWAY_PORT"] = str(port)
os.environ["MINISTACK_HOST"] = "127.0.0.1"
os.environ["SERVICES"] = "logs,sts,iam"

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
out = os.fdopen(os.dup(1), "w")
# What it prints is not the port.
os.dup2(2, 1)
print(port, file=out, flush=True)
config = Config()
config.bind = [f"fd://{listener.fileno()}"]
asyncio.run(serve(app, config))
