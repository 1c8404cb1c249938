//! `AWS::Serverless::Function`: the function, its role, version, alias and URL, and what its events make.

mod code;
mod deployment;
pub(super) mod destination;
pub(super) mod policies;
mod properties;
mod role;
mod tags;
#[cfg(test)]
mod tests;
mod url;
mod version;

use super::Sam;
use super::event::{self, Host, Needs, What};
use super::make::Make;
use super::source::Source;
use maremma_model::Node;

pub(super) fn expand(sam: &mut Sam<'_>, source: Source<'_>) {
    let before = sam.made.len();
    let properties = properties::of(sam, source);
    let alias = version::publish(sam, source);
    let invoked = match &alias {
        Some(alias) => source.make("AutoPublishAlias").reference(&alias.id),
        None => Make(source.place).get_att(source.id, "Arn"),
    };
    deployment::prefer(sam, source, alias.as_ref());
    url::expand(sam, source, alias.as_ref());
    let mut needs = dead_letters(sam, source);
    needs.join(destination::invoke_config(sam, source, alias.as_ref()));
    let host = Host {
        source,
        invoked,
        what: What::Function,
        defaults: event::api::defaults(sam, source),
    };
    let events = event::events(sam, &host);
    let role = role::of(sam, source, needs, events);
    let mut function = properties::resource(source, properties);
    if let (Some(role), Some(properties)) = (role, super::make::get_mut(&mut function, "Properties")) {
        super::make::set(properties, "Role", role);
    }
    if let Some(policy) = source.node.get("UpdatePolicy") {
        super::make::set(&mut function, "UpdatePolicy", policy.clone());
    }
    sam.add_main(source, function);
    tags::propagate(sam, source, before);
}

/// Puts what functions share under their conditions.
pub(super) fn finish(sam: &mut Sam<'_>) {
    deployment::finish(sam);
}

/// What the role needs to send to the dead-letter target.
fn dead_letters(sam: &Sam<'_>, source: Source<'_>) -> Needs {
    let mut needs = Needs::default();
    let Some(queue) = source.property("DeadLetterQueue") else {
        return needs;
    };
    let kind = queue.get("Type").and_then(|kind| sam.text(kind));
    let action = match kind.as_deref() {
        Some("SQS") => "sqs:SendMessage",
        Some("SNS") => "sns:Publish",
        _ => {
            sam.unreadable(
                "DeadLetterQueue",
                "expected Type to be SQS or SNS, and a TargetArn",
                queue,
            );
            return needs;
        }
    };
    let Some(target) = queue.get("TargetArn") else {
        sam.unreadable("DeadLetterQueue", "expected a TargetArn", queue);
        return needs;
    };
    let make = Make(queue.place);
    let document = make.allow(make.text(action), target.clone());
    needs.inline.push(("DeadLetterQueuePolicy".into(), document));
    needs
}

impl Sam<'_> {
    /// A property that is written and cannot be read.
    pub(super) fn unreadable(&self, property: &str, reason: &str, node: &Node) {
        self.gap(
            maremma_model::GapKind::Unparsed,
            format!("{property}: {reason}"),
            node.place,
        );
    }
}
