"""`python -m tests.bench [NAME ...]`: run the benchmarks, print one table; exit 1 where a limit is missed."""

import argparse
import sys
import time
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO

from infra.package import compile_procedures
from tests.bench.figures import Figure, table
from tests.bench.rig import no_real_aws

BENCHMARKS = ("cpu", "cold_start", "calls", "sweep_reads", "drain", "cost")
HEAD = ("what", "measured", "limit", "aim", "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    names = parser.parse_args().names or BENCHMARKS
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    compile_procedures()
    figures: list[Figure] = []
    for name in names:
        began = time.monotonic()
        with no_real_aws(), redirect_stdout(StringIO()):  # the functions log and measure there
            figures += import_module(f"tests.bench.{name}").run()
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    print(table((figure.cells() for figure in figures), HEAD))
    missed = [figure.what for figure in figures if not figure.ok]
    if missed:
        print("\nMissed: " + "; ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
