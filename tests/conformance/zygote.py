"""The command line, loaded once and forked for each run: thousands of runs without thousands of starts.

zygote.py SOCKET    serves on a Unix socket; a request is a line of JSON {"args", "cwd"}, the answer a line of JSON
                    {"status", "stdout", "stderr"} that counts bytes, followed by those bytes
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import tempfile

import click

from teleloupe import cli, formats


def serve(path: str) -> None:
    """Answer requests until the process is ended."""
    formats.all_formats()
    context = click.Context(cli.commands)
    for name in cli.commands.list_commands(context):
        cli.commands.get_command(context, name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(64)
    print("ready", flush=True)
    while True:
        connection, _ = server.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            answer(connection)
        connection.close()


def answer(connection: socket.socket) -> None:
    """Run one command with its output in files, send it back, and end this process."""
    with connection.makefile("rb") as lines:
        request = json.loads(lines.readline())
    streams = [tempfile.TemporaryFile() for _ in range(2)]  # noqa: SIM115 - they live as long as the process
    for number, stream in enumerate(streams, 1):
        os.dup2(stream.fileno(), number)
    os.chdir(request["cwd"] or ".")
    try:
        status = cli.main(request["args"])
    except BaseException:  # noqa: BLE001 - whatever ends a command ends its process with a status
        status = 70
        sys.excepthook(*sys.exc_info())
    sys.stdout.flush()
    sys.stderr.flush()
    told = [os.pread(stream.fileno(), os.fstat(stream.fileno()).st_size, 0) for stream in streams]
    head = {"status": status, "stdout": len(told[0]), "stderr": len(told[1])}
    connection.sendall(json.dumps(head).encode() + b"\n" + b"".join(told))
    connection.close()
    os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1])
