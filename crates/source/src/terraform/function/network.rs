//! Functions of networks in CIDR notation.

use super::super::value::Value;
use super::string::exactly;
use super::{Call, Function, MANY, Outcome, Stop, fail, function};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(super) const FUNCTIONS: &[Function] = &[
    function("cidrcontains", 2..=2, cidrcontains),
    function("cidrhost", 2..=2, cidrhost),
    function("cidrnetmask", 1..=1, cidrnetmask),
    function("cidrsubnet", 3..=3, cidrsubnet),
    function("cidrsubnets", 1..=MANY, cidrsubnets),
];

/// A network: its first address as a number, the bits of the prefix, and of an address.
#[derive(Clone, Copy)]
struct Network {
    first: u128,
    prefix: u32,
    width: u32,
}

impl Network {
    fn parse(text: &str) -> Result<Self, Stop> {
        let wrong = || Stop::Failed(format!("expected a network such as 10.0.0.0/16, found {text:?}"));
        let (address, prefix) = text.split_once('/').ok_or_else(wrong)?;
        let (address, width) = number_of(address).ok_or_else(wrong)?;
        let digits = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix = prefix
            .parse()
            .ok()
            .filter(|prefix| digits && *prefix <= width)
            .ok_or_else(wrong)?;
        Ok(Network {
            first: address & !ones(width - prefix),
            prefix,
            width,
        })
    }

    fn address(&self, number: u128) -> String {
        if self.width == 32 {
            // Only the low bits of such a network are ever set.
            Ipv4Addr::from(u32::try_from(number).unwrap_or(0)).to_string()
        } else {
            Ipv6Addr::from(number).to_string()
        }
    }

    fn last(&self) -> u128 {
        self.first | ones(self.width - self.prefix)
    }

    fn subnet(&self, bits: u32, number: u128) -> Result<Network, Stop> {
        let prefix = self.prefix.saturating_add(bits);
        if prefix > self.width {
            return fail(format!(
                "{bits} more bits than /{} are more than an address has",
                self.prefix
            ));
        }
        if number > ones(bits) {
            return fail(format!("{bits} more bits do not make a subnet {number}"));
        }
        let shifted = number.checked_shl(self.width - prefix).unwrap_or(0);
        Ok(Network {
            first: self.first | shifted,
            prefix,
            ..*self
        })
    }

    fn written(&self) -> String {
        format!("{}/{}", self.address(self.first), self.prefix)
    }
}

/// That many low bits.
fn ones(bits: u32) -> u128 {
    if bits == 0 {
        0
    } else {
        u128::MAX >> (128 - bits.min(128))
    }
}

fn number_of(address: &str) -> Option<(u128, u32)> {
    match address.parse().ok()? {
        IpAddr::V4(address) => Some((u128::from(u32::from(address)), 32)),
        IpAddr::V6(address) => Some((u128::from(address), 128)),
    }
}

/// A host of a network; below zero it is counted from the end.
fn cidrhost(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [network, number] = exactly(arguments)?;
    let network = Network::parse(&call.to_literal(network)?)?;
    let number = call.to_number(number)?;
    let whole = number
        .integer()
        .ok_or_else(|| Stop::Failed(format!("expected a whole number, found {number}")))?;
    let most = ones(network.width - network.prefix);
    let host = match u128::try_from(whole) {
        Ok(host) => Some(host).filter(|host| *host <= most),
        Err(_) => most.checked_sub(whole.unsigned_abs() - 1),
    };
    match host {
        Some(host) => call.string(network.address(network.first | host)),
        None => fail(format!("/{} has no host {whole}", network.prefix)),
    }
}

fn cidrnetmask(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [network] = exactly(arguments)?;
    let network = Network::parse(&call.to_literal(network)?)?;
    if network.width != 32 {
        return fail("only networks of IPv4 have a mask");
    }
    call.string(network.address(ones(32) & !ones(32 - network.prefix)))
}

fn cidrsubnet(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [network, bits, number] = exactly(arguments)?;
    let network = Network::parse(&call.to_literal(network)?)?;
    let bits = bits_of(call, bits)?;
    let number = u128::try_from(call.to_count(number)?).unwrap_or(u128::MAX);
    call.string(network.subnet(bits, number)?.written())
}

fn bits_of(call: &Call<'_>, value: &Value) -> Result<u32, Stop> {
    let bits = call.to_count(value)?;
    u32::try_from(bits).map_err(|_| Stop::Failed(format!("{bits} is more than an address has")))
}

/// Subnets one behind the other, each on a boundary of its own size.
fn cidrsubnets(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let Some((network, sizes)) = arguments.split_first() else {
        return fail("expected a network");
    };
    let network = Network::parse(&call.to_literal(network)?)?;
    let mut subnets = Vec::new();
    let mut next = Some(network.first);
    for size in sizes {
        let bits = bits_of(call, size)?;
        if bits == 0 {
            return fail("a subnet needs at least one more bit");
        }
        let shape = network.subnet(bits, 0)?;
        let within = ones(network.width - shape.prefix);
        let full = || Stop::Failed("the network has no room for another subnet".to_owned());
        let from = next.ok_or_else(full)?;
        let first = from.checked_add(within).ok_or_else(full)? & !within;
        let subnet = Network { first, ..shape };
        if first > network.last() {
            return Err(full());
        }
        next = subnet.last().checked_add(1);
        subnets.push(call.string(subnet.written())?);
    }
    call.list(subnets)
}

/// Whether an address, or the whole of a network, is within a network.
fn cidrcontains(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [network, inner] = exactly(arguments)?;
    let network = Network::parse(&call.to_literal(network)?)?;
    let inner = call.to_literal(inner)?;
    let (first, last, width) = match number_of(&inner) {
        Some((address, width)) => (address, address, width),
        None => {
            let inner = Network::parse(&inner)?;
            (inner.first, inner.last(), inner.width)
        }
    };
    if width != network.width {
        return fail("one is of IPv4, the other of IPv6");
    }
    call.bool(network.first <= first && last <= network.last())
}
