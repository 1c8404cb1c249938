//! Logical ids with a hash of what they stand for, as the transform makes them: ten digits of a SHA-1.
//! They order resources and name them in the deployed stack, so they are the transform's own.

use super::super::{Sam, make};
use crate::tree::long_form;
use maremma_model::Node;
use serde_json::Value;

impl Sam<'_> {
    /// The hash of a value: of its text where a parameter decides it, else of its JSON.
    pub(in super::super) fn hash(&self, node: &Node) -> String {
        hash(&self.hashed(node))
    }

    /// The hash of several values together.
    pub(in super::super) fn hash_of(&self, nodes: &[Option<&Node>]) -> String {
        let values = nodes
            .iter()
            .map(|node| node.map_or(Value::Null, |node| self.hashed(node)));
        hash(&values.collect())
    }

    fn hashed(&self, node: &Node) -> Value {
        let referenced = make::referenced(node).and_then(|_| self.text(node));
        referenced.map_or_else(|| long_form(node), |text| Value::String(text.to_string()))
    }
}

/// A logical id that ends in `suffix`, or in its hash where it is no part of a logical id.
pub(in super::super) fn suffixed(prefix: &str, suffix: &str) -> String {
    if suffix.is_empty() || suffix.chars().all(char::is_alphanumeric) {
        return format!("{prefix}{suffix}");
    }
    format!("{prefix}{}", hash(&Value::String(suffix.to_owned())))
}

fn hash(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut digest = sha1(text.as_bytes());
    digest.truncate(10);
    digest
}

/// SHA-1 in hexadecimal digits (FIPS 180-4). It names things; nothing trusts it.
fn sha1(message: &[u8]) -> String {
    let mut state: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize((padded.len() + 8).next_multiple_of(64) - 8, 0);
    padded.extend((message.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks_exact(64) {
        let word = |bytes: &[u8]| bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
        let mut words: Vec<u32> = block.chunks_exact(4).map(word).collect();
        for at in 16..80 {
            let back = |by: usize| words.get(at - by).copied().unwrap_or_default();
            words.push((back(3) ^ back(8) ^ back(14) ^ back(16)).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (at, word) in words.into_iter().enumerate() {
            let (mixed, constant) = match at / 20 {
                0 => (b & c | !b & d, 0x5a82_7999),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => (b & c | b & d | c & d, 0x8f1b_bcdc_u32),
                _ => (b ^ c ^ d, 0xca62_c1d6),
            };
            let sum = [mixed, e, constant, word]
                .into_iter()
                .fold(a.rotate_left(5), u32::wrapping_add);
            (a, b, c, d, e) = (sum, a, b.rotate_left(30), c, d);
        }
        for (sum, part) in state.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(part);
        }
    }
    state.iter().map(|word| format!("{word:08x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_as_the_standard_says() {
        assert_eq!(sha1(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(sha1(b""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
        let long = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        assert_eq!(sha1(long), "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    }

    #[test]
    fn suffixes_are_hashed_where_they_are_no_part_of_an_id() {
        assert_eq!(suffixed("FnGetPermission", "Prod"), "FnGetPermissionProd");
        assert_eq!(suffixed("FnGetPermission", ""), "FnGetPermission");
        assert_eq!(suffixed("Fn", "my-stage").len(), 12);
    }
}
