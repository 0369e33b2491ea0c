"""`python -m bench.grow`: every figure of growth, one JSON object a line; a bench that fails is named and the others still run."""

import subprocess
import sys

BENCHES = ("webs", "replica", "partitions", "crossing")


def main() -> int:
    """Run each in a process of its own, each with its own servers."""
    failed = [
        name for name in BENCHES if subprocess.run([sys.executable, "-m", f"bench.grow.{name}"], check=False).returncode
    ]
    for name in failed:
        print(f"bench/grow/{name}.py failed", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
