//! What a rule of a security group lets through.

use crate::verdict::possible::{is, why};
use maremma_iam::Match;
use maremma_model::noun::TrafficRule;
use maremma_model::{Location, Setting, Text, Why};

const EVERYWHERE: &[&str] = &["0.0.0.0/0", "::/0"];

/// Whether a rule is about every address of the internet.
pub(crate) fn is_about_everywhere(rule: &TrafficRule) -> Match {
    let of = |cidr: &Setting<Text>| match why(cidr) {
        Some(attribute) if is_of_network(attribute) => Match::No,
        _ => is_one_of(cidr, EVERYWHERE, Match::No),
    };
    of(&rule.cidr_ipv4).or(of(&rule.cidr_ipv6))
}

/// Whether what is not known is the block of a VPC or subnet, which has 65,536 addresses at most.
/// Source: Amazon VPC user guide, "VPC CIDR blocks".
fn is_of_network(block: &Why) -> bool {
    match block {
        Why::Attribute(words) => [".cidr_block", ".CidrBlock"].iter().any(|name| words.ends_with(name)),
        _ => false,
    }
}

/// Whether a text is one of these; `unset` says what the lack of it means.
pub(crate) fn is_one_of(setting: &Setting<Text>, words: &[&str], unset: Match) -> Match {
    let ask = |value: Option<&Text>| match value.map(Text::as_literal) {
        Some(Some(text)) => words.iter().any(|word| word.eq_ignore_ascii_case(text)).into(),
        Some(None) => Match::Unknown,
        None => unset,
    };
    is(setting, &ask).is
}

/// Whether a rule is about every port: of all protocols, or of TCP from the first port to the last.
pub(crate) fn is_about_all_ports(rule: &TrafficRule) -> Match {
    let all = is_one_of(&rule.protocol, &["-1", "all"], Match::No);
    all.or(is_tcp(rule)
        .and(port(&rule.from_port, &|from| from <= 1))
        .and(port(&rule.to_port, &|to| to >= 65_535)))
}

/// Whether a rule is about a port of TCP.
pub(crate) fn is_about_port(rule: &TrafficRule, asked: i64) -> Match {
    let all = is_one_of(&rule.protocol, &["-1", "all"], Match::No);
    all.or(is_tcp(rule)
        .and(port(&rule.from_port, &|from| from <= asked))
        .and(port(&rule.to_port, &|to| to >= asked)))
}

fn is_tcp(rule: &TrafficRule) -> Match {
    is_one_of(&rule.protocol, &["tcp", "6"], Match::No)
}

fn port(setting: &Setting<Text>, ask: &dyn Fn(i64) -> bool) -> Match {
    let of = |value: Option<&Text>| match value.map(Text::as_literal) {
        Some(Some(text)) => text.trim().parse().map_or(Match::Unknown, |number| ask(number).into()),
        Some(None) => Match::Unknown,
        // Without a port, a rule of TCP is none that AWS takes.
        None => Match::No,
    };
    is(setting, &of).is
}

/// The place of a rule's addresses.
pub(crate) fn place(rule: &TrafficRule) -> &Location {
    let written = [&rule.cidr_ipv4, &rule.cidr_ipv6]
        .into_iter()
        .find(|cidr| !cidr.is_unset());
    written.map_or(&rule.protocol.at, |cidr| &cidr.at)
}

/// Why it is not known what a rule is about.
pub(crate) fn doubt(rule: &TrafficRule) -> Option<&Why> {
    let texts = [
        &rule.cidr_ipv4,
        &rule.cidr_ipv6,
        &rule.protocol,
        &rule.from_port,
        &rule.to_port,
    ];
    texts.into_iter().find_map(why)
}
