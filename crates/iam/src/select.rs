//! Which actions and resources a statement selects.
//!
//! A question about *all* of something asks whether one item covers it: several narrow items that
//! happen to cover it together are answered `No`.

use crate::arn::{self, Arn};
use crate::condition::Context;
use crate::logic::Match;
use crate::pattern::{self, Grammar};
use crate::policy::{Leaf, Selection, Statement};
use maremma_model::Text;

impl Statement {
    /// Whether the statement selects the action: `lambda:InvokeFunction`.
    pub fn covers_action(&self, action: &str) -> Match {
        self.actions.covers_action(action)
    }

    /// Whether it selects every action that the pattern does: `lambda:*`, or `*:*` for all there are.
    pub fn covers_actions(&self, pattern: &str) -> Match {
        self.covers_action_pattern(&Text::literal(pattern))
    }

    pub(crate) fn covers_action_pattern(&self, pattern: &Text) -> Match {
        let lone_star = pattern
            .as_literal()
            .is_some_and(|text| !text.is_empty() && text.bytes().all(|b| b == b'*'));
        if lone_star {
            return self.actions.covers_all(&Text::literal("*:*"), Grammar::ACTION);
        }
        self.actions.covers_all(pattern, Grammar::ACTION)
    }

    /// Whether it selects some action that the pattern does: with `lambda:*`, anything of Lambda.
    pub fn touches_actions(&self, pattern: &str) -> Match {
        self.actions.touches(&Text::literal(pattern), Grammar::ACTION)
    }

    /// Whether it selects no action but those that the patterns do: `["lambda:InvokeFunction"]`.
    pub fn only_actions(&self, patterns: &[&str]) -> Match {
        if self.actions.negated {
            return Match::No;
        }
        let patterns: Vec<Text> = patterns.iter().map(|pattern| Text::literal(*pattern)).collect();
        Match::all(self.actions.items.iter().map(|item| {
            Match::any(
                patterns
                    .iter()
                    .map(|pattern| pattern::covers(pattern, &item.text, Grammar::ACTION)),
            )
        }))
    }

    /// The services of which one item of `Action` selects everything (`s3:*`, and as a pattern
    /// `s*:*`), each with its item; `*` and `*:*` are not among them.
    pub fn whole_services(&self) -> impl Iterator<Item = (&str, &Leaf)> {
        let items = if self.actions.negated {
            &[][..]
        } else {
            self.actions.items.as_slice()
        };
        items.iter().filter_map(|item| {
            let (service, names) = item.text.as_literal()?.split_once(':')?;
            let stars = |text: &str| !text.is_empty() && text.bytes().all(|b| b == b'*');
            let whole = !stars(service) && stars(names);
            whole.then_some((service, item))
        })
    }

    /// Whether it selects every action of every service.
    pub fn covers_every_action(&self) -> Match {
        self.covers_actions("*:*")
    }

    /// Whether it selects the resource. A statement without `Resource` is about what it is attached to.
    pub fn covers_resource(&self, arn: &Text) -> Match {
        self.on_resources(|resources, grammar| resources.covers(arn, grammar))
    }

    /// Whether it selects every resource that the ARN pattern does.
    pub fn covers_resources(&self, pattern: &Text) -> Match {
        self.on_resources(|resources, grammar| resources.covers_all(pattern, grammar))
    }

    /// Whether it selects some resource that the ARN pattern does.
    pub fn touches_resources(&self, pattern: &Text) -> Match {
        self.on_resources(|resources, grammar| resources.touches(pattern, grammar))
    }

    /// Whether it selects every resource there is: `*`, `arn:aws:*` and the like.
    pub fn covers_every_resource(&self) -> Match {
        self.on_resources(|resources, grammar| resources.covers_every_resource(grammar))
    }

    /// Whether it selects every resource of one kind in some account: `iam` and `role/*` for all
    /// roles. `arn:aws:iam::123456789012:role/*` does, because a caller has roles of one account only.
    pub fn covers_every(&self, service: &str, resource: &str) -> Match {
        self.on_resources(|resources, grammar| {
            let every = |item: &Text| covers_kind(item, service, resource, grammar);
            if resources.negated {
                let kind = format!("arn:*:{service}:*:*:{resource}");
                return resources.covers_all(&Text::literal(kind), grammar);
            }
            Match::any(resources.items.iter().map(|item| every(&item.text)))
        })
    }

    fn on_resources(&self, ask: impl FnOnce(&Selection, Grammar<'_>) -> Match) -> Match {
        match &self.resources {
            Some(resources) => ask(resources, Grammar::ARN.with_variables(self.version, Context::UNKNOWN)),
            None => Match::Yes,
        }
    }
}

impl Selection {
    /// Whether these, as the items of `Action`, select the action.
    pub fn covers_action(&self, action: &str) -> Match {
        self.covers(&Text::literal(action), Grammar::ACTION)
    }

    fn covers(&self, subject: &Text, grammar: Grammar<'_>) -> Match {
        let any = Match::any(
            self.items
                .iter()
                .map(|item| pattern::matches(&item.text, subject, grammar)),
        );
        if self.negated { !any } else { any }
    }

    fn covers_all(&self, pattern: &Text, grammar: Grammar<'_>) -> Match {
        if self.negated {
            !Match::any(
                self.items
                    .iter()
                    .map(|item| pattern::overlaps(&item.text, pattern, grammar)),
            )
        } else {
            Match::any(
                self.items
                    .iter()
                    .map(|item| pattern::covers(&item.text, pattern, grammar)),
            )
        }
    }

    fn touches(&self, pattern: &Text, grammar: Grammar<'_>) -> Match {
        if self.negated {
            !Match::any(
                self.items
                    .iter()
                    .map(|item| pattern::covers(&item.text, pattern, grammar)),
            )
        } else {
            Match::any(
                self.items
                    .iter()
                    .map(|item| pattern::overlaps(&item.text, pattern, grammar)),
            )
        }
    }

    fn covers_every_resource(&self, grammar: Grammar<'_>) -> Match {
        if self.negated {
            return self.covers_all(&Text::literal("arn:*:*:*:*:*"), grammar);
        }
        self.names_every_resource(grammar)
    }

    /// Whether one of the items, which may be what is left out, covers every resource.
    pub(crate) fn names_every_resource(&self, grammar: Grammar<'_>) -> Match {
        Match::any(self.items.iter().map(|item| {
            let partition = arn::partition(&item.text);
            let every = Text::concat([&"arn:".into(), &partition, &":*:*:*:*".into()]);
            pattern::covers(&item.text, &every, grammar)
        }))
    }

    /// The items as they are written, for a message.
    pub fn words(&self) -> String {
        let mut words = String::from(if self.negated { "all but " } else { "" });
        for (index, item) in self.items.iter().enumerate() {
            words.push_str(if index == 0 { "" } else { ", " });
            words.push_str(&item.text.to_string());
        }
        words
    }
}

/// Whether the item covers all of a kind in the partition, region and account that it names. Where
/// these are holes they are the same on both sides, and a hole does not reach across a colon.
fn covers_kind(item: &Text, service: &str, resource: &str, grammar: Grammar<'_>) -> Match {
    let Some(arn) = Arn::parse(item) else {
        let asked = Text::literal(format!("arn:aws:{service}:*:*:{resource}"));
        return pattern::covers(item, &asked, grammar);
    };
    let named = |segment: Text| {
        if segment.as_literal().is_some() {
            segment
        } else {
            "own".into()
        }
    };
    let item = Arn {
        partition: named(arn.partition),
        region: named(arn.region),
        account: named(arn.account),
        ..arn
    };
    let mut asked = Arn {
        service: Text::literal(service),
        resource: Text::literal(resource),
        ..item.clone()
    };
    if service == "iam" {
        // Resources of IAM are of no region.
        asked.region = "".into();
    }
    pattern::covers(&item.to_text(), &asked.to_text(), grammar)
}
