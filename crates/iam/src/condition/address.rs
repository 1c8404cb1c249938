//! IP networks of `IpAddress`: CIDR blocks and single addresses, of both versions.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A block of addresses. Bits behind the prefix do not count: `10.1.2.3/8` is `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    /// The first address, as a number.
    first: u128,
    /// The length of the prefix.
    prefix: u8,
    v6: bool,
}

impl Network {
    /// `203.0.113.0/24`, `2001:db8::/32`, or one address; `None` for anything else.
    pub fn parse(text: &str) -> Option<Network> {
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text.trim(), None),
        };
        let (value, v6) = match address.parse().ok()? {
            IpAddr::V4(v4) => (u128::from(u32::from(v4)), false),
            IpAddr::V6(v6) => (u128::from(v6), true),
        };
        let width = if v6 { 128 } else { 32 };
        let prefix = match prefix {
            Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok()?,
            Some(_) => return None,
            None => width,
        };
        if prefix > width {
            return None;
        }
        let host = host_bits(width - prefix);
        Some(Network {
            first: value & !host,
            prefix,
            v6,
        })
    }

    /// Whether every address of `other` is in this block.
    pub fn contains(&self, other: &Network) -> bool {
        self.v6 == other.v6 && self.first <= other.first && other.last() <= self.last()
    }

    /// Whether no address of the block is one that reaches AWS from the internet: private,
    /// link-local, loopback, carrier-grade or unique local.
    pub fn is_private(&self) -> bool {
        const PRIVATE: &[&str] = &[
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "fc00::/7",
            "fe80::/10",
            "::1/128",
        ];
        PRIVATE
            .iter()
            .filter_map(|text| Network::parse(text))
            .any(|network| network.contains(self))
    }

    /// Whether AWS takes the block for everybody: broader than /8 (IPv6: /32) and not private.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>
    pub(crate) fn is_broad(&self) -> bool {
        self.prefix < if self.v6 { 32 } else { 8 } && !self.is_private()
    }

    /// One of its addresses, from within it.
    pub(crate) fn an_address(&self) -> IpAddr {
        let within = self.first + (self.last() - self.first) / 3;
        match u32::try_from(within) {
            Ok(v4) if !self.v6 => Ipv4Addr::from(v4).into(),
            _ => Ipv6Addr::from(within).into(),
        }
    }

    /// Whether the blocks together hold every address of either version.
    pub fn cover_everything(networks: &[Network]) -> bool {
        [false, true].iter().any(|v6| covers_version(networks, *v6))
    }

    fn last(&self) -> u128 {
        let width = if self.v6 { 128 } else { 32 };
        self.first | host_bits(width - self.prefix)
    }
}

fn host_bits(bits: u8) -> u128 {
    1u128.checked_shl(u32::from(bits)).map_or(u128::MAX, |end| end - 1)
}

fn covers_version(networks: &[Network], v6: bool) -> bool {
    let mut blocks: Vec<_> = networks.iter().filter(|network| network.v6 == v6).collect();
    blocks.sort_by_key(|network| network.first);
    let end = if v6 {
        u128::from(Ipv6Addr::from([0xff; 16]))
    } else {
        u128::from(u32::from(Ipv4Addr::BROADCAST))
    };
    let mut next = 0;
    for block in blocks {
        if block.first > next {
            return false;
        }
        match block.last().checked_add(1) {
            Some(after) if block.last() < end => next = next.max(after),
            _ => return true,
        }
    }
    false
}
