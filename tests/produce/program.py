"""The real agent program: how it is installed, shut off from every network, started, and ended."""

import fcntl
import json
import os
import pty
import re
import shutil
import signal
import socket
import struct
import subprocess
import termios
import threading
import time

PACKAGE = "@anthropic-ai/claude-code"
TURN_SECONDS = 40
INSTALL_SECONDS = 300
# A key of the form that the program expects; nobody but the mock sees it.
KEY = "sk-ant-mock-" + "0" * 40
ESCAPES = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b.")


def newest_version():
    """The registry's answer, or None if it cannot be reached."""
    command = ["npm", "view", PACKAGE, "version", "--fetch-retries=0", "--fetch-timeout=20000"]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


def install(version, folder):
    """The command that starts that version, installed unless it exists; None if that fails."""
    if not installed(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n')
        command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        try:
            subprocess.run([*command, "--fetch-retries=0", f"{PACKAGE}@{version}"], cwd=folder, timeout=INSTALL_SECONDS)
        except subprocess.TimeoutExpired:
            return None
    return installed(folder)


def installed(folder):
    """Late versions are a binary in a package of its own, one for each platform."""
    packages = folder / "node_modules/@anthropic-ai"
    commands = [[str(binary)] for binary in sorted(packages.glob("claude-code-*/claude"))]
    commands += [["node", str(script)] for script in packages.glob("claude-code/cli.js")]
    environment = {**os.environ, "HOME": str(folder), "CLAUDE_CONFIG_DIR": str(folder)}
    starts = lambda command: subprocess.run([*command, "--version"], env=environment, capture_output=True).returncode == 0
    return next(filter(starts, commands), None)


def isolation():
    """Starts a command without any network, among processes that all end with it; None if the system does not allow that."""
    for more in ([], ["--map-root-user"]):
        start = ["unshare", *more, "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
        if shutil.which("unshare") and subprocess.run([*start, "true"], capture_output=True).returncode == 0:
            return start
    return None


def raise_loopback():
    up_and_running, set_flags = 0x41, 0x8914
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as some_socket:
        fcntl.ioctl(some_socket, set_flags, struct.pack("16sH22x", b"lo", up_and_running))


class Program:
    """One installed version, with a home of its own."""

    def __init__(self, command, version, folder, address):
        self.command = command
        self.work = folder / "work"
        self.config = folder / "home/.claude"
        for made in (self.work, self.config, folder / "temporary"):
            made.mkdir(parents=True)
        kept = {name: os.environ[name] for name in ("PATH", "SHELL") if name in os.environ}
        self.environment = {
            **kept,
            "HOME": str(folder / "home"),
            "CLAUDE_CONFIG_DIR": str(self.config),
            "TMPDIR": str(folder / "temporary"),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "ANTHROPIC_BASE_URL": address,
            "ANTHROPIC_API_KEY": KEY,
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "DISABLE_AUTOUPDATER": "1",
            "IS_SANDBOX": "1",  # Otherwise it asks root about every tool.
        }
        # What its first-run questions would have written.
        answered = {
            "hasCompletedOnboarding": True,
            "lastOnboardingVersion": version,
            "theme": "dark",
            "bypassPermissionsModeAccepted": True,
            "customApiKeyResponses": {"approved": [KEY[-20:]], "rejected": []},
            "projects": {str(self.work): {"hasTrustDialogAccepted": True, "hasCompletedProjectOnboarding": True}},
        }
        (self.config / ".claude.json").write_text(json.dumps(answered))

    def print(self, prompt, arguments, environment):
        """One prompt without a screen: the final output of the program, and its errors."""
        command = [*self.command, "-p", prompt, "--output-format", "json", *arguments]
        child = self.start(command, environment, stdin=subprocess.DEVNULL)
        output, complaint = self.end(child)
        try:
            told = json.loads(output)
        except ValueError:
            return {}, (complaint or output)[-300:]
        return (told if isinstance(told, dict) else told[-1]), complaint[-300:]

    def queue(self, prompt, queued, arguments, is_working, is_done):
        """One prompt, and another as soon as the first is worked on."""
        listed = ["--input-format", "stream-json", "--output-format", "stream-json", "--verbose"]
        child = self.start([*self.command, "-p", *listed, *arguments], {}, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        for text, is_next in ((prompt, is_working), (queued, is_done)):
            message = {"role": "user", "content": text}
            line = {"type": "user", "message": message, "parent_tool_use_id": None, "session_id": ""}
            child.stdin.write(json.dumps(line) + "\n")
            child.stdin.flush()
            is_next()
        self.end(child)  # Which closes its input.

    def start(self, command, environment, **streams):
        environment = {**self.environment, **environment}
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
        return subprocess.Popen(command, cwd=self.work, env=environment, text=True, start_new_session=True, **streams)

    def end(self, child):
        try:
            return child.communicate(timeout=TURN_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            return child.communicate()

    def screen(self, prompt, arguments, is_done):
        """One prompt typed on a terminal; what was seen there."""
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.work)
            os.execvpe(self.command[0], [*self.command, *arguments], self.environment)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
        seen = bytearray()
        threading.Thread(target=read_all, args=(terminal, seen), daemon=True).start()
        try:
            if appears(seen, b"shortcuts", b"bypasspermissions"):
                for keys in (prompt, "\r"):
                    time.sleep(0.5)  # Keys that come with a text are taken for a paste.
                    os.write(terminal, keys.encode())
                is_done()
                time.sleep(1)
                for keys in ("/exit", "\r"):
                    time.sleep(0.5)
                    os.write(terminal, keys.encode())
                appears(seen, seconds=5, is_over=lambda: os.waitpid(child, os.WNOHANG)[0])
        finally:
            try:
                os.killpg(child, signal.SIGKILL)
            except ProcessLookupError:
                pass
        return plain(seen)[-300:].decode(errors="replace")


def read_all(terminal, seen):
    try:
        while piece := os.read(terminal, 65536):
            seen += piece
    except OSError:  # The terminal is gone when its last user is.
        pass


def plain(seen):
    return re.sub(rb"\s+", b"", ESCAPES.sub(b"", bytes(seen)))


def appears(seen, *words, seconds=TURN_SECONDS, is_over=lambda: False):
    end = time.monotonic() + seconds
    while time.monotonic() < end and not is_over():
        if any(word in plain(seen) for word in words):
            return True
        time.sleep(0.2)
    return False
