//! Which origins a function URL or an HTTP API opens itself to.

use crate::verdict::findings::Draft;
use crate::verdict::judge::{attribute, evidence};
use crate::verdict::possible::{Told, any, is};
use maremma_iam::Match;
use maremma_model::noun::{Cors, Url};
use maremma_model::{AnyId, Evidence, Fact, Fix, Resource, Severity, Text, Verdict};

/// Whom an entry of `AllowOrigins` admits, where that is more than one site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `*`.
    Every,
    /// Every host of a scheme: `https://*`.
    Scheme,
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
        return Some(if scheme.is_empty() {
            Origin::Every
        } else {
            Origin::Scheme
        });
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

pub(crate) fn credentials(cors: &Cors) -> Told<'_, bool> {
    is(&cors.allow_credentials, &|value| {
        value.map_or(Match::No, |&allowed| allowed.into())
    })
}

/// The entry of `AllowOrigins` as evidence; `around` is the property that holds the list.
pub(crate) fn origin_evidence(resource: &Resource, around: &str, told: &Told<'_, Text>) -> Evidence {
    let fact = Fact::Attribute {
        name: format!("{around}.AllowOrigins").into(),
        value: told.value.map(ToString::to_string),
    };
    evidence(resource, told.at, told.words("AllowOrigins", "has"), fact)
}

/// What a CORS configuration opens.
pub(crate) struct Opened<'a> {
    pub(crate) resource: &'a Resource,
    pub(crate) cors: &'a Cors,
    /// The property that holds the configuration.
    pub(crate) around: &'static str,
    /// In the words of a message: `the function URL`.
    pub(crate) what: &'a str,
    /// The kinds of origins that are worse than a site without TLS.
    pub(crate) grave: &'static [Origin],
    /// Whether callers have to show more than a cookie.
    pub(crate) signed: Match,
}

impl Opened<'_> {
    /// The verdict about pages that call with the credentials of their visitors.
    pub(crate) fn with_credentials(&self, id: impl Into<AnyId>) -> Draft {
        let id = id.into();
        let (allowed, origins) = (credentials(self.cors), self.gravest());
        let setting = &self.cors.allow_credentials;
        let allows = attribute(self.resource, "AllowCredentials", setting, &ToString::to_string);
        let from = || origin_evidence(self.resource, self.around, &origins);
        let draft = match allowed.is.and(origins.is) {
            Match::No if allowed.is.is_no() => {
                let says = "AllowCredentials is false: browsers send no cookies";
                Draft::new(id, Verdict::Pass, says, allows)
            }
            Match::No => {
                let says = "AllowOrigins names the sites that it admits";
                Draft::new(id, Verdict::Pass, says, from())
            }
            Match::Yes => Draft::new(id, Verdict::Fail, self.bad(&origins), from()).related([allows]),
            Match::Unknown => {
                let doubts = [
                    allowed.is.is_unknown().then(|| allowed.words("AllowCredentials", "is")),
                    origins.is.is_unknown().then(|| origins.words("AllowOrigins", "has")),
                ];
                let doubts: Vec<_> = doubts.into_iter().flatten().collect();
                let bad = format!(
                    "web pages of others can call {} with their visitors' credentials",
                    self.what
                );
                let message = format!("not known whether {bad}: {}", doubts.join(", and "));
                Draft::new(id, Verdict::Undetermined, message, from()).related([allows])
            }
        };
        let fix = Fix::new("Name the sites whose pages call the function, by https")
            .snippet("AllowCredentials: true\nAllowOrigins:\n  - https://www.example.com");
        draft
            .undecided([allowed.why, origins.why].into_iter().flatten().cloned())
            .severity(self.severity(&origins))
            .fix(fix)
    }

    /// The gravest kind of origins that is there, or may be.
    fn gravest(&self) -> Told<'_, Text> {
        let grave = has(self.cors, self.grave);
        if grave.is.is_yes() {
            return grave;
        }
        let plain = has(self.cors, &[Origin::Plain]);
        if plain.is.is_yes() || grave.is.is_no() {
            plain
        } else {
            grave
        }
    }

    fn bad(&self, origins: &Told<'_, Text>) -> String {
        let whose = match origins.value.and_then(kind) {
            Some(Origin::Plain) => "Whoever can change the traffic of a site without TLS",
            Some(Origin::Null) => "Every web page with a sandboxed frame",
            Some(Origin::Every | Origin::Scheme) | None => "Every web page",
        };
        let signing = if self.signed.is_yes() {
            ", if it can sign requests,"
        } else {
            ""
        };
        format!(
            "{whose}{signing} can call {} with the cookies of its visitor and read the answer",
            self.what
        )
    }

    /// Cookies do not sign a request, and a site without TLS can be forged only on the way.
    fn severity(&self, origins: &Told<'_, Text>) -> Severity {
        let plain = origins.value.and_then(kind) == Some(Origin::Plain);
        match (plain, self.signed) {
            (false, Match::Yes) | (true, Match::No | Match::Unknown) => Severity::Medium,
            (false, Match::No | Match::Unknown) => Severity::High,
            (true, Match::Yes) => Severity::Low,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_by_what_they_admit() {
        let of = |text: &str| kind(&Text::literal(text));
        assert_eq!(of("*"), Some(Origin::Every));
        for every in ["https://*", "http://*", "https://*:443"] {
            assert_eq!(of(every), Some(Origin::Scheme), "{every}");
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
