"""Validates SARIF logs against the official schema of SARIF 2.1.0, and what the schema cannot say.

    python3 tests/sarif/validate.py LOG...

Needs `jsonschema` from PyPI. The schema is not kept in the repository: it is read from the package
`serde-sarif` of crates.io, which carries it unchanged and which cargo fetches.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema

PACKAGE, VERSION = "serde-sarif", "0.8.0"
SCHEMA_ID = "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"
MANIFEST = f"""[package]
name = "sarif-schema"
version = "0.0.0"
edition = "2021"
[workspace]
[lib]
path = "lib.rs"
[dependencies]
{PACKAGE} = "={VERSION}"
"""


def official_schema():
    """The schema out of the package, by way of a crate that nobody compiles."""
    crate = Path(__file__).resolve().parents[2] / "target" / "sarif-schema"
    crate.mkdir(parents=True, exist_ok=True)
    (crate / "Cargo.toml").write_text(MANIFEST)
    (crate / "lib.rs").write_text("")
    command = ["cargo", "metadata", "--format-version", "1", "--manifest-path", str(crate / "Cargo.toml")]
    metadata = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    package = next(package for package in metadata["packages"] if package["name"] == PACKAGE)
    schema = json.loads((Path(package["manifest_path"]).parent / "src" / "schema.json").read_text())
    assert schema["$id"] == SCHEMA_ID, "the package holds another schema"
    return schema


def beyond_schema(log):
    """What the specification asks for in words."""
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        for index, result in enumerate(run["results"]):
            at = f"result {index}"
            if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
                yield f"{at}: ruleIndex and ruleId disagree (section 3.27.6)"
            if result.get("kind", "fail") != "fail" and result["level"] != "none":
                yield f"{at}: the level of a {result['kind']} is none (section 3.27.10)"
            if not result["locations"]:
                yield f"{at}: no location"
        for artifact in every(run, "artifactLocation"):
            if not re.fullmatch(r"(file:///)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+", artifact["uri"]):
                yield f"not a percent-encoded path: {artifact['uri']}"
        for region in [*every(run, "region"), *every(run, "deletedRegion"), *every(run, "contextRegion")]:
            start = region["startLine"], region.get("startColumn", 1)
            end = region.get("endLine", start[0]), region.get("endColumn", sys.maxsize)
            if end < start:
                yield f"a region that ends before it begins: {region}"


def every(value, key):
    """Every member of that name, at any depth."""
    if isinstance(value, dict):
        if key in value:
            yield value[key]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from every(item, key)


def main(paths):
    validator = jsonschema.Draft7Validator(official_schema(), format_checker=jsonschema.FormatChecker())
    bad = 0
    for path in paths:
        log = json.loads(Path(path).read_text(encoding="utf-8"))
        problems = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in validator.iter_errors(log)]
        problems += beyond_schema(log) if not problems else []
        bad += bool(problems)
        print(f"{path}: {len(log['runs'][0]['results'])} results, {'valid' if not problems else 'NOT VALID'}")
        for problem in problems[:20]:
            print(f"  {problem[:300]}")
    return 1 if bad or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
