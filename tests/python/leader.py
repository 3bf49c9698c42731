"""A process that wants to lead: prints whether it does, then a line for each time that this changes, until it is killed.

    python3 leader.py '{"dbPath": "/somewhere/han.db", "configDirs": []}'
"""

import json
import sys

from han_native import Han


def main(options):
    with Han(json.loads(options)) as opened:
        changes = opened.subscribe({"topics": ["leader:*"]})
        print("leads" if opened.coordinator.try_acquire() else "follows", flush=True)
        for change in changes:
            print(change["topic"], flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
