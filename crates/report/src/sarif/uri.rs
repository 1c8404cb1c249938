//! Paths as URIs.

use serde_json::{Value, json};
use std::fmt::Write;

/// The name of the repository root, which the consumer knows.
pub(super) const ROOT: &str = "%SRCROOT%";

/// The `artifactLocation` of a path: relative to the root, or a file URI where it is absolute.
pub(super) fn artifact(path: &str) -> Value {
    if path.starts_with('/') {
        json!({ "uri": format!("file://{}", encode(path)) })
    } else {
        json!({ "uri": encode(path), "uriBaseId": ROOT })
    }
}

/// All but unreserved characters and slashes percent-encoded (RFC 3986, section 2). A colon is, too:
/// in a first segment it would end a scheme.
fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            // Writing to a string cannot fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_percent_encoded() {
        assert_eq!(encode("a b/ü%#?:c.yaml"), "a%20b/%C3%BC%25%23%3F%3Ac.yaml");
        assert_eq!(artifact("/t/x.yaml"), json!({ "uri": "file:///t/x.yaml" }));
        assert_eq!(artifact("t/x.yaml")["uriBaseId"], "%SRCROOT%");
    }
}
