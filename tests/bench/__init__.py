"""The benchmarks: ratios and counts of one run, each against a stated limit. `python -m tests.bench`."""
