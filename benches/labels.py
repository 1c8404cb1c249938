#!/usr/bin/env python3
"""Counts what maremma finds of the problems that a generated estate is labelled with, and what it finds beside them.

usage: labels.py --maremma BINARY --generator gen_iac.py [--functions 200] [--seed 1]

The generator is any script that takes `--functions N --seed S --out DIR` and writes template.yaml, sam.yaml, main.tf, plan.json
and labels.json there. Exits with 1 where a labelled problem is missed, a function without the label has such a finding, or
the inputs give different findings.
Standard library only.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

# The checks that answer for a label; any of them counts as found.
CHECKS = {
    "eol-runtime": ["runtime-deprecated"],
    "role-admin": ["role-admin"],
    "role-passrole-star": ["role-passrole-wildcard"],
    "role-s3-star": ["role-wildcard-action"],
    "public-invoke": ["policy-public-principal"],
    "s3-invoke-no-account": ["policy-s3-without-sourceaccount", "policy-service-principal-unscoped"],
    "url-auth-none": ["url-auth-none"],
    "url-cors-star": ["url-cors-credentials", "url-cors-wildcard"],
    "no-code-signing": ["code-signing-missing"],
    "open-egress": ["vpc-security-group-egress-open"],
    "no-dlq": ["async-no-failure-destination"],
    "no-tracing": ["tracing-off"],
    "no-kms": ["env-no-customer-key"],
    "no-reserved-conc": ["concurrency-unreserved"],
    "shared-role": ["role-shared"],
}

# What follows from a format: a URL that asks for no authentication brings a statement of its own, but for CloudFormation,
# and Terraform asks for a name.
FOLLOWS = {"policy-multiple-principals", "name-hard-coded"}


def found(maremma, template):
    """(check, logical id of the function) of every fail."""
    command = [maremma, "scan", template, "--format", "json", "--tier", "hygiene"]
    report = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    pairs = set()
    for finding in report["findings"]:
        if finding["verdict"] == "fail":
            pairs |= {(finding["check"], affected.rsplit("#", 1)[-1]) for affected in finding["affects"]}
    return pairs


def alone(directory, name):
    """The file in a directory of its own: Terraform reads all that stands in one."""
    own = os.path.join(directory, "only-" + name)
    os.makedirs(own, exist_ok=True)
    shutil.copy(os.path.join(directory, name), own)
    return own


def plain(function):
    """OrdersCreate00001Fn and aws_lambda_function.orders_create_00001 by one name."""
    name = function.removeprefix("aws_lambda_function.").removesuffix("Fn")
    return "-".join(part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[0-9]+", name))


def asynchronous(template):
    """The functions that Amazon S3 may invoke, which it does asynchronously: the generator writes nothing else that
    shows it, and labels functions that nothing invokes as well."""
    with open(template, encoding="utf-8") as file:
        blocks = re.split(r"^  (?=\w+:$)", file.read(), flags=re.MULTILINE)
    names = {block.split(":", 1)[0] for block in blocks if "AWS::Lambda::Permission" in block and "s3.amazonaws.com" in block}
    return {name.removesuffix("Perm") + "Fn" for name in names}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--maremma", required=True)
    parser.add_argument("--generator", required=True)
    parser.add_argument("--functions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    wrong = 0
    print("| input | label | labelled | found | beside |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, args.generator, "--functions", str(args.functions), "--seed", str(args.seed), "--out", directory]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(directory, "labels.json"), encoding="utf-8") as file:
            labels = json.load(file)["labels"]
        invoked = {label["function"] for label in labels if label["cfn"] in asynchronous(os.path.join(directory, "template.yaml"))}
        first = None
        for name, key in (("template.yaml", "cfn"), ("sam.yaml", "sam"), ("main.tf", "terraform"), ("plan.json", "terraform")):
            functions = {label[key]: label["function"] for label in labels}
            pairs = found(args.maremma, alone(directory, name))
            # Functions without a label have no name there.
            pairs = {(check, functions.get(function, plain(function))) for check, function in pairs}
            first = first or pairs
            differ = {pair for pair in pairs ^ first if pair[0] not in FOLLOWS}
            for check, function in sorted(differ):
                wrong += 1
                print(f"{name}: {check} of {function} is told in one of template.yaml and {name} only", file=sys.stderr)
            for problem, checks in CHECKS.items():
                wanted = {label["function"] for label in labels if label["problem"] == problem}
                if problem == "no-dlq":
                    wanted &= invoked
                told = {function for check, function in pairs if check in checks}
                print(f"| {name} | {problem} | {len(wanted)} | {len(wanted & told)} | {len(told - wanted)} |")
                wrong += len(wanted - told) + len(told - wanted)
                for function in sorted(wanted ^ told)[:5]:
                    print(f"  {problem}: {'missed on' if function in wanted else 'false on'} {function}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
