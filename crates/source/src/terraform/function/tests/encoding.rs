//! Functions that encode and decode.

use super::{Alone, holds};

#[test]
fn known_texts() {
    holds(
        Alone::nowhere,
        r#"
        base64decode ["SGVsbG8gV29ybGQ="] => "Hello World"
        base64decode ["!"] => ! not in base64
        base64decode ["/w=="] => ! no text in UTF-8
        base64encode ["Hello World"] => "SGVsbG8gV29ybGQ="
        base64gzip ["x"] => ? compressor
        csvdecode ["a,b\n1,2\n3,\"x,y\"\n"] => [{"a": "1", "b": "2"}, {"a": "3", "b": "x,y"}]
        csvdecode ["a,a\n1,2\n"] => ! same name
        csvdecode ["a,b\n1\n"] => ! cannot be read as CSV
        jsondecode ["{\"hello\": \"world\", \"n\": [1, 2.5, true, null]}"] => {"hello": "world", "n": [1, 2.5, true, null]}
        jsondecode ["true"] => true
        jsondecode ["\"a\""] => "a"
        jsondecode ["{a"] => ! cannot be read
        jsondecode [{"json": {"a": 1}}] => {"a": 1}
        jsonencode [{"a": [1, "b"]}] => {"json": {"a": [1, "b"]}}
        upper [{"json": {"a": [1, "b<"], "c": {"json": "x"}, "d": null}}] => "{\"A\":[1,\"B\\U003C\"],\"C\":\"\\\"X\\\"\",\"D\":NULL}"
        length [{"json": {"a": [1, true]}}] => 14
        textencodebase64 ["Hello World", "UTF-16LE"] => "SABlAGwAbABvACAAVwBvAHIAbABkAA=="
        textdecodebase64 ["SABlAGwAbABvACAAVwBvAHIAbABkAA==", "UTF-16LE"] => "Hello World"
        textdecodebase64 ["SABl", "UTF-16LE"] => ! no text in UTF-16LE
        textencodebase64 ["x", "Shift_JIS"] => ? not written here
        urlencode ["Hello World!/?"] => "Hello+World%21%2F%3F"
        urlencode ["☃"] => "%E2%98%83"
        urldecode ["Hello+World%21"] => "Hello World!"
        urldecode ["%2"] => ! two digits
        yamldecode ["a: 1\nb: [x, yes, ~, '2', 1.50]\n"] => {"a": 1, "b": ["x", true, null, "2", 1.5]}
        yamldecode ["{\"a\": 1}"] => {"a": 1}
        yamldecode ["Version: 2012-10-17"] => {"Version": "2012-10-17T00:00:00Z"}
        yamldecode ["a: 1_000"] => {"a": 1000}
        yamldecode ["a: !Sub x"] => ? the tag Sub
        yamldecode ["a: &x {b: 1}\nc: *x\n"] => {"a": {"b": 1}, "c": {"b": 1}}
        yamldecode ["a: ["] => ! cannot be read
        yamlencode [{"a": 1}] => {"json": {"a": 1}}
        "#,
    );
}

#[test]
fn texts_of_which_a_part_is_not_known() {
    holds(
        Alone::nowhere,
        r#"
        base64encode ["a${x}"] => "${x}"
        base64decode ["${x}"] => ? parameter x
        jsonencode [{"a": "${@Arn}"}] => {"json": {"a": "${@Arn}"}}
        jsonencode [{"unknown": "x"}] => "${x}"
        jsondecode ["{\"a\": \"x-${@Arn}\"}"] => {"a": "x-${@Arn}"}
        jsondecode ["{\"a\": ${x}}"] => ? parameter x
        jsondecode ["${x}"] => ? parameter x
        yamldecode ["a: pre-${x}\nb: 2"] => {"a": "pre-${x}", "b": 2}
        yamldecode ["a: ${x}"] => ? parameter x
        urlencode ["a b${x}${&Region}"] => "a+b${x}${&Region}"
        csvdecode [{"unknown": "x"}] => ? parameter x
        join ["", ["p:", {"json": {"a": "${@Arn}"}}]] => "p:{\"a\":\"${@Arn}\"}"
        "#,
    );
}
