//! Functions that write texts in other forms, and read them back.

use super::super::value::{Kind, Value};
use super::string::exactly;
use super::{Call, Function, Outcome, Stop, argument, decode, fail, function, hole};
use crate::tree::Syntax;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maremma_model::{Hole, Text};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    function("base64decode", 1..=1, base64decode),
    function("base64encode", 1..=1, base64encode),
    function("base64gzip", 1..=1, base64gzip),
    function("base64gunzip", 1..=1, base64gunzip),
    function("csvdecode", 1..=1, csvdecode),
    function("jsondecode", 1..=1, jsondecode),
    function("jsonencode", 1..=1, jsonencode),
    function("textdecodebase64", 2..=2, textdecodebase64),
    function("textencodebase64", 2..=2, textencodebase64),
    function("urldecode", 1..=1, urldecode),
    function("urlencode", 1..=1, urlencode),
    function("yamldecode", 1..=1, yamldecode),
    function("yamlencode", 1..=1, jsonencode),
];

/// Values nested deeper than this are not asked whether they are sensitive.
const MAX_DEPTH: usize = 200;

/// The value itself, so that what it says stands where it is written. YAML takes JSON for its own, so that it
/// is told apart only by its layout.
fn jsonencode(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [value] = exactly(arguments)?;
    if let Kind::Unknown(why) = &value.kind {
        return call.text(Text::hole(why.clone()));
    }
    Ok(Value {
        sensitive: is_sensitive(call, value, MAX_DEPTH)?,
        ..call.value(Kind::Json(Rc::new(value.clone())))
    })
}

fn is_sensitive(call: &Call<'_>, value: &Value, depth: usize) -> Result<bool, Stop> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Stop::unresolved(
            "a value that is nested too deep to be written as JSON",
        ));
    };
    call.spend(1)?;
    let mut any = value.sensitive;
    match &value.kind {
        Kind::List(items) => {
            for item in items.iter() {
                any |= is_sensitive(call, item, depth)?;
            }
        }
        Kind::Map(entries) => {
            for entry in entries.values() {
                any |= is_sensitive(call, entry, depth)?;
            }
        }
        Kind::Json(inner) => any |= is_sensitive(call, inner, depth)?,
        Kind::Choice(branches) => {
            for branch in branches.iter() {
                any |= is_sensitive(call, &branch.value, depth)?;
            }
        }
        _ => {}
    }
    Ok(any)
}

fn jsondecode(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text] = exactly(arguments)?;
    decoded(call, text, Syntax::Json)
}

fn yamldecode(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text] = exactly(arguments)?;
    decoded(call, text, Syntax::Either)
}

fn decoded(call: &Call<'_>, value: &Value, syntax: Syntax) -> Outcome {
    if let Kind::Json(inner) = &value.kind {
        return Ok((**inner).clone());
    }
    let text = call.to_text(value)?;
    call.spend(text.pieces().iter().map(argument::length_of).sum::<usize>() / 8 + 1)?;
    decode::decoded(&text, syntax, call.at)
}

fn base64encode(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text] = exactly(arguments)?;
    match call.to_text(text)? {
        Text::Literal(text) => {
            call.spend_text(text.len() / 3 * 4)?;
            call.string(STANDARD.encode(&*text))
        }
        holed @ Text::Holed(_) => call.text(hole::whole(call, &holed)),
    }
}

fn base64decode(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text] = exactly(arguments)?;
    let bytes = unpacked(&call.to_literal(text)?)?;
    match String::from_utf8(bytes) {
        Ok(text) => call.string(text),
        Err(_) => fail("the bytes are no text in UTF-8"),
    }
}

fn unpacked(text: &str) -> Result<Vec<u8>, Stop> {
    let packed: String = text.chars().filter(|letter| !matches!(letter, '\r' | '\n')).collect();
    STANDARD
        .decode(packed)
        .map_err(|_| Stop::Failed("the text is not in base64".to_owned()))
}

fn base64gzip(_: &Call<'_>, _: &[Value]) -> Outcome {
    Err(Stop::unresolved(
        "base64gzip() makes what depends on Terraform's compressor",
    ))
}

fn base64gunzip(_: &Call<'_>, _: &[Value]) -> Outcome {
    Err(Stop::unresolved("base64gunzip() unpacks what is not read here"))
}

fn textencodebase64(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text, encoding] = exactly(arguments)?;
    let (text, encoding) = (call.to_literal(text)?, call.to_literal(encoding)?);
    let bytes: Vec<u8> = match &*encoding.to_ascii_uppercase() {
        "UTF-8" => text.bytes().collect(),
        "UTF-16LE" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "UTF-16BE" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => return Err(Stop::unresolved("an encoding that is not written here")),
    };
    call.spend_text(bytes.len() / 3 * 4)?;
    call.string(STANDARD.encode(bytes))
}

fn textdecodebase64(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text, encoding] = exactly(arguments)?;
    let (bytes, encoding) = (unpacked(&call.to_literal(text)?)?, call.to_literal(encoding)?);
    let units = |read: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().map(|pair| read(*pair)).collect();
        rest.is_empty().then(|| String::from_utf16(&units).ok()).flatten()
    };
    let text = match &*encoding.to_ascii_uppercase() {
        "UTF-8" => String::from_utf8(bytes).ok(),
        "UTF-16LE" => units(u16::from_le_bytes),
        "UTF-16BE" => units(u16::from_be_bytes),
        _ => return Err(Stop::unresolved("an encoding that is not read here")),
    };
    text.map_or_else(
        || fail(format!("the bytes are no text in {encoding}")),
        |text| call.string(text),
    )
}

/// As in the query of an address: a space is a plus.
fn urlencode(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text] = exactly(arguments)?;
    let encode = |literal: &str| {
        let mut encoded = String::with_capacity(literal.len());
        for byte in literal.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
                b' ' => encoded.push('+'),
                _ => encoded.push_str(&format!("%{byte:02X}")),
            }
        }
        encoded
    };
    // What AWS fills in there has no letter that is written otherwise.
    let keeps = |hole: &Hole| hole::lacks(hole, [' '].into_iter());
    call.text(hole::rewritten(call, &call.to_text(text)?, encode, keeps))
}

fn urldecode(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text] = exactly(arguments)?;
    let text = call.to_literal(text)?;
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
                let code = digit()
                    .zip(digit())
                    .and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
                bytes.push(code.ok_or_else(|| Stop::Failed("expected two digits behind a percent sign".to_owned()))?);
            }
            _ => bytes.push(byte),
        }
    }
    match String::from_utf8(bytes) {
        Ok(text) => call.string(text),
        Err(_) => fail("the bytes are no text in UTF-8"),
    }
}

/// A list of maps, whose keys stand in the first line.
fn csvdecode(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text] = exactly(arguments)?;
    let text = call.to_literal(text)?;
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let wrong = |error: csv::Error| Stop::Failed(format!("the text cannot be read as CSV: {error}"));
    let keys: Vec<Arc<str>> = reader.headers().map_err(wrong)?.iter().map(Arc::from).collect();
    if keys.is_empty() {
        return fail("the text has no line with the names of columns");
    }
    let distinct: std::collections::HashSet<&Arc<str>> = keys.iter().collect();
    if distinct.len() < keys.len() {
        return fail("two columns have the same name");
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        call.spend(keys.len() + 1)?;
        let cells = record.iter().map(|cell| Value::text(cell, call.at));
        let row: BTreeMap<Arc<str>, Value> = keys.iter().cloned().zip(cells).collect();
        rows.push(call.value(Kind::Map(Rc::new(row))));
    }
    call.list(rows)
}
