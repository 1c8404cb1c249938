#!/usr/bin/env python3
"""Times maremma on generated estates, beside Checkov on the same files in the same run.

usage: compare.py --maremma BINARY --generator gen_iac.py [--checkov BINARY] [--functions 200] [--large 5000] [--runs 5]

The generator is any script that takes `--functions N --out DIR` and writes template.yaml, sam.yaml, main.tf and
plan.json there. Prints a Markdown table: wall time (the best of the runs) and peak memory of the whole
process. Standard library only.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time


def measure(command, runs):
    """The best wall time in seconds and the highest peak memory in MiB of a command's runs."""
    best, peak, code = float("inf"), 0, 0
    for _ in range(runs):
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        best = min(best, time.perf_counter() - start)
        peak = max(peak, usage.ru_maxrss / 1024)
        code = os.waitstatus_to_exitcode(status)
    return best, peak, code


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--maremma", required=True)
    parser.add_argument("--generator", required=True)
    parser.add_argument("--checkov")
    parser.add_argument("--functions", type=int, default=200)
    parser.add_argument("--large", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    print("| input | tool | wall | peak memory | exit |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as directory:
        for functions in (args.functions, args.large):
            out = os.path.join(directory, str(functions))
            subprocess.run([sys.executable, args.generator, "--functions", str(functions), "--out", out],
                           check=True, stdout=subprocess.DEVNULL)
            for name in ("template.yaml", "sam.yaml", "main.tf", "plan.json"):
                # Terraform reads all that stands in a directory.
                path = os.path.join(out, "only-" + name)
                os.makedirs(path)
                shutil.copy(os.path.join(out, name), path)
                label = f"{functions} functions, {name}"
                for tool, more in (("maremma", []), ("maremma, hygiene too", ["--tier", "hygiene"])):
                    wall, peak, code = measure([args.maremma, "scan", path, *more], args.runs)
                    print(f"| {label} | {tool} | {wall * 1000:.0f} ms | {peak:.0f} MiB | {code} |", flush=True)
                if args.checkov and functions == args.functions:
                    wall, peak, code = measure([args.checkov, "-d", path, "--quiet", "--compact"], 1)
                    print(f"| {label} | Checkov | {wall:.1f} s | {peak:.0f} MiB | {code} |", flush=True)


if __name__ == "__main__":
    main()
