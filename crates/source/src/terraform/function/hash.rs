//! Functions that hash.

use super::super::value::Value;
use super::string::exactly;
use super::{Call, Function, Outcome, Stop, fail, function};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

pub(super) const FUNCTIONS: &[Function] = &[
    function("base64sha256", 1..=1, base64sha256),
    function("base64sha512", 1..=1, base64sha512),
    function("bcrypt", 1..=2, random),
    function("md5", 1..=1, md5),
    function("rsadecrypt", 2..=2, rsadecrypt),
    function("sha1", 1..=1, sha1),
    function("sha256", 1..=1, sha256),
    function("sha512", 1..=1, sha512),
    function("uuid", 0..=0, random),
    function("uuidv5", 2..=2, uuidv5),
];

pub(super) fn hex<D: Digest>(bytes: &[u8]) -> String {
    D::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn base64<D: Digest>(bytes: &[u8]) -> String {
    STANDARD.encode(D::digest(bytes))
}

fn hashed(call: &Call<'_>, arguments: &[Value], hash: fn(&[u8]) -> String) -> Outcome {
    let [text] = exactly(arguments)?;
    let text = call.to_literal(text)?;
    call.spend_text(text.len())?;
    call.string(hash(text.as_bytes()))
}

fn md5(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    hashed(call, arguments, hex::<Md5>)
}

fn sha1(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    hashed(call, arguments, hex::<Sha1>)
}

fn sha256(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    hashed(call, arguments, hex::<Sha256>)
}

fn sha512(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    hashed(call, arguments, hex::<Sha512>)
}

fn base64sha256(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    hashed(call, arguments, base64::<Sha256>)
}

fn base64sha512(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    hashed(call, arguments, base64::<Sha512>)
}

/// `uuid` and `bcrypt` give another value at every run.
fn random(call: &Call<'_>, _: &[Value]) -> Outcome {
    Err(Stop::unresolved(&format!(
        "{}() is decided when Terraform applies",
        call.name
    )))
}

fn rsadecrypt(_: &Call<'_>, _: &[Value]) -> Outcome {
    Err(Stop::unresolved(
        "rsadecrypt() is not computed here, because it needs a private key",
    ))
}

/// What names are counted in: <https://www.rfc-editor.org/rfc/rfc9562#section-6.6>. The rest of each is common.
const NAMESPACES: [(&str, u8); 4] = [("dns", 0x10), ("url", 0x11), ("oid", 0x12), ("x500", 0x14)];
const NAMESPACE: [u8; 16] = [
    0x6b, 0xa7, 0xb8, 0, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8,
];

fn uuidv5(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [namespace, name] = exactly(arguments)?;
    let (namespace, name) = (call.to_literal(namespace)?, call.to_literal(name)?);
    let named = NAMESPACES.iter().find(|(named, _)| *named == &*namespace);
    let bytes = match named {
        Some((_, last)) => {
            let mut bytes = NAMESPACE;
            if let Some(byte) = bytes.get_mut(3) {
                *byte = *last;
            }
            bytes
        }
        None => match uuid(&namespace) {
            Some(bytes) => bytes,
            None => {
                return fail(format!(
                    "expected dns, url, oid, x500 or a UUID, found {:?}",
                    &*namespace
                ));
            }
        },
    };
    let mut hash = Sha1::new();
    hash.update(bytes);
    hash.update(name.as_bytes());
    let mut text = String::new();
    for (at, byte) in hash.finalize().iter().take(16).enumerate() {
        let byte = match at {
            6 => byte & 0x0f | 0x50,
            8 => byte & 0x3f | 0x80,
            _ => *byte,
        };
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    call.string(text)
}

fn uuid(text: &str) -> Option<[u8; 16]> {
    let digits: Vec<u32> = text
        .chars()
        .filter(|letter| *letter != '-')
        .map(|letter| letter.to_digit(16))
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits
        .chunks(2)
        .map(|pair| pair.iter().fold(0u32, |byte, digit| byte * 16 + digit))
        .map(u8::try_from)
        .collect::<Result<_, _>>()
        .ok()?;
    (digits.len() == 32).then(|| bytes.try_into().ok()).flatten()
}
