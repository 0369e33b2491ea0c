"""`python -m bench`: every figure, one JSON object a line; a bench that fails is named and the others still run."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BENCHES = ("core", "sharing", "pages", "trail", "seal")


def main() -> int:
    """Run each bench in a process of its own, so that none warms another's caches."""
    failed = [name for name in BENCHES if subprocess.run([sys.executable, HERE / f"{name}.py"], check=False).returncode]
    for name in failed:
        print(f"bench/{name}.py failed", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
