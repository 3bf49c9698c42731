"""Makes the real agent program write transcripts, and compares what this tree reports about them with what happened.

    python3 tests/produce/run.py [VERSION] [--learn]

README.md says what is played and compared. Exits with 1 if something is counted wrongly; what is new in the format is only printed.
"""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import formats
import program
from judge import Judge

ROOT = Path(__file__).resolve().parents[2]


def skip(why):
    print(f"produce: skipped, {why}")
    sys.exit(0)


def play(version, command, folder):
    start = program.isolation()
    if not start:
        skip("this system starts no process without a network: it takes Linux, and root or user namespaces (unshare)")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    script = [sys.executable, "-B", str(Path(__file__).with_name("play.py")), version, str(folder), *command]
    # Its input ends with this process, however that ends, and then it ends too.
    player = subprocess.Popen([*start, *script], stdin=subprocess.PIPE)
    try:
        return player.wait()
    finally:
        player.kill()


def report(title, lines):
    if lines:
        print(f"{title}:", *lines, sep="\n  ")


def main():
    started = time.monotonic()
    wanted = [argument for argument in sys.argv[1:] if argument != "--learn"]
    version = wanted[0] if wanted else program.newest_version()
    if not version:
        skip("npm does not say which version is the newest")
    if not re.fullmatch(r"\d[0-9A-Za-z.-]*", version):
        sys.exit(f"produce: {version} is not a version of {program.PACKAGE}; pass one such as 2.1.145")
    home = ROOT / "build/produce" / version
    command = program.install(version, home)
    if not command:
        skip(f"{program.PACKAGE} {version} cannot be installed here, or does not start")
    folder = home / "run"
    if play(version, command, folder) or not (folder / "truth.json").exists():
        sys.exit(f"produce: {version} could not be played; see {folder}")

    records, broken = formats.read_records(folder / "home/.claude")
    judge = Judge(folder, records)
    judge.judge()
    known = formats.read_known()
    found = formats.news(records, known)
    if "--learn" in sys.argv:
        formats.learn(found, known)
    truth = judge.truth
    notes = [*judge.notes, *(f"{name} is not offered" for name in truth["notOffered"])]
    report("not played", truth["notPlayed"])
    report("noted", notes + ([f"{broken} lines are not JSON"] if broken else []))
    report("new in the format", list(formats.describe(found, known)))
    report("WRONG", judge.wrong)
    if not truth["typed"]:
        sys.exit("produce: nothing of it could be played")
    counts = f"{len(truth['typed'])} prompts, {len(truth['requests'])} requests, {len(records)} records"
    right = judge.count - len(judge.wrong)
    print(f"produce: {version}, {counts}: {right} of {judge.count} comparisons hold ({time.monotonic() - started:.0f} s)")
    sys.exit(bool(judge.wrong))


main()
