"""The child process of `canonical`: documents in, canonical texts out, within strict limits."""

import json
import resource
import sys

from credentials.verification.canonical import in_process

CPU_SECONDS = 15
MEMORY_BYTES = 1024**3


def main() -> None:
    """Read a list of documents from standard input; write texts and objection as JSON."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    found = in_process(json.load(sys.stdin.buffer))
    json.dump({"texts": found.texts, "objection": found.objection}, sys.stdout)


if __name__ == "__main__":
    main()
