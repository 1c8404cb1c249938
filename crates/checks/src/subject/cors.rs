//! Which origins a function URL opens itself to.

use crate::verdict::judge::evidence;
use crate::verdict::possible::{Told, any, is};
use maremma_iam::Match;
use maremma_model::noun::{Cors, Url};
use maremma_model::{Evidence, Fact, Text};

/// Whom an entry of `AllowOrigins` admits, where that is more than one site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `*`, or every host of a scheme.
    Every,
    /// `null`: what a sandboxed frame of any page is.
    Null,
    /// A site without TLS.
    Plain,
}

pub(crate) fn has<'a>(cors: &'a Cors, kinds: &[Origin]) -> Told<'a, Text> {
    any(&cors.allow_origins, &|origin| {
        kind(origin).is_some_and(|kind| kinds.contains(&kind)).into()
    })
}

/// `None` for a site with TLS. A host that is known only in part is taken for one site.
pub(crate) fn kind(origin: &Text) -> Option<Origin> {
    let Some(written) = origin.as_literal().map(str::trim) else {
        let plain = origin.prefix().starts_with("http://");
        return plain.then_some(Origin::Plain).filter(|_| !is_local(origin.prefix()));
    };
    if written.eq_ignore_ascii_case("null") {
        return Some(Origin::Null);
    }
    let (scheme, host) = written.split_once("://").unwrap_or(("", written));
    if host.split([':', '/']).next() == Some("*") {
        return Some(Origin::Every);
    }
    (scheme.eq_ignore_ascii_case("http") && !is_local(written)).then_some(Origin::Plain)
}

/// Whether the origin is the user's own machine, which no network can take the place of.
fn is_local(origin: &str) -> bool {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let name = match host.strip_prefix('[') {
        Some(address) => address.split(']').next(),
        None => host.split([':', '/']).next(),
    };
    name.is_some_and(|name| matches!(name, "localhost" | "127.0.0.1" | "::1") || name.ends_with(".localhost"))
}

/// Whether callers sign their requests.
pub(crate) fn signed(url: &Url) -> Told<'_, Text> {
    is(&url.auth_type, &|value| {
        (value.and_then(Text::as_literal) == Some("AWS_IAM")).into()
    })
}

pub(crate) fn credentials(url: &Url) -> Told<'_, bool> {
    is(&url.cors.allow_credentials, &|value| {
        value.map_or(Match::No, |&allowed| allowed.into())
    })
}

/// The entry of `AllowOrigins` as evidence.
pub(crate) fn origin_evidence(url: &Url, told: &Told<'_, Text>) -> Evidence {
    let fact = Fact::Attribute {
        name: "Cors.AllowOrigins".into(),
        value: told.value.map(ToString::to_string),
    };
    evidence(&url.resource, told.at, told.words("AllowOrigins", "has"), fact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_by_what_they_admit() {
        let of = |text: &str| kind(&Text::literal(text));
        for every in ["*", "https://*", "http://*", "https://*:443"] {
            assert_eq!(of(every), Some(Origin::Every), "{every}");
        }
        assert_eq!(of("null"), Some(Origin::Null));
        assert_eq!(of("http://shop.example.com"), Some(Origin::Plain));
        for site in [
            "https://shop.example.com",
            "https://*.example.com",
            "http://localhost:3000",
            "http://127.0.0.1",
            "http://[::1]:8080",
        ] {
            assert_eq!(of(site), None, "{site}");
        }
    }
}
