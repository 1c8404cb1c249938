//! The resources that events pass through, and the actions that put events there.

use crate::context::Context;
use crate::context::relations::Named;
use maremma_iam::Arn;
use maremma_model::noun::AnyLink;
use maremma_model::{AnyId, Text};

/// A kind of such resources.
pub(super) struct Kind {
    pub(super) noun: &'static str,
    pub(super) service: &'static str,
    /// What stands before the name in the last part of an ARN.
    pub(super) before: &'static str,
    /// Each of these puts an event there.
    pub(super) actions: &'static [&'static str],
    /// Whether Lambda's loop detection follows what passes through. Source: AWS Lambda developer guide, "Use
    /// Lambda recursive loop detection to prevent infinite loops".
    pub(super) followed: bool,
}

const QUEUE: Kind = Kind {
    noun: "queue",
    service: "sqs",
    before: "",
    actions: &["sqs:SendMessage"],
    followed: true,
};
const TOPIC: Kind = Kind {
    noun: "topic",
    service: "sns",
    before: "",
    actions: &["sns:Publish"],
    followed: true,
};
const BUCKET: Kind = Kind {
    noun: "bucket",
    service: "s3",
    before: "",
    actions: &["s3:PutObject"],
    followed: true,
};
const TABLE: Kind = Kind {
    noun: "table",
    service: "dynamodb",
    before: "table/",
    actions: &[
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:PartiQLInsert",
        "dynamodb:PartiQLUpdate",
    ],
    followed: false,
};
const STREAM: Kind = Kind {
    noun: "stream",
    service: "kinesis",
    before: "stream/",
    actions: &["kinesis:PutRecord", "kinesis:PutRecords"],
    followed: false,
};
const BUS: Kind = Kind {
    noun: "event bus",
    service: "events",
    before: "event-bus/",
    actions: &["events:PutEvents"],
    followed: false,
};

/// No statement is needed: Lambda writes there, as long as the role may log at all.
const LOG: Kind = Kind {
    noun: "log group",
    service: "logs",
    before: "log-group:",
    actions: &[],
    followed: false,
};

const KINDS: [&Kind; 6] = [&QUEUE, &TOPIC, &BUCKET, &TABLE, &STREAM, &BUS];

pub(super) fn kind_of_row(id: AnyId) -> Option<&'static Kind> {
    Some(match id {
        AnyId::Queue(_) => &QUEUE,
        AnyId::Topic(_) => &TOPIC,
        AnyId::Bucket(_) => &BUCKET,
        AnyId::DataTable(_) => &TABLE,
        AnyId::Stream(_) => &STREAM,
        AnyId::Bus(_) => &BUS,
        AnyId::LogGroup(_) => &LOG,
        _ => return None,
    })
}

/// The kind that a service's ARN is of.
pub(super) fn kind_of_arn(arn: &Arn) -> Option<&'static Kind> {
    let service = arn.service.as_literal()?;
    let of = |kind: &&Kind| kind.service == service && arn.resource.prefix().starts_with(kind.before);
    KINDS.into_iter().find(of)
}

pub(super) fn kind_of(link: &AnyLink) -> Option<&'static Kind> {
    match link {
        AnyLink::Here(id) => kind_of_row(*id),
        AnyLink::Outside(text) if text.as_literal() == Some("default") => Some(&BUS),
        AnyLink::Outside(text) if text.prefix().starts_with("/aws/lambda/") => Some(&LOG),
        AnyLink::Outside(text) => kind_of_arn(&Arn::parse(text)?),
        AnyLink::Unknown(_) => None,
    }
}

/// The physical name of a place, where it is known.
pub(super) fn name(context: &Context<'_>, (_, link): &Named) -> Option<String> {
    match link {
        AnyLink::Here(id) => Some(context.resource(*id)?.name.as_literal()?.to_owned()),
        AnyLink::Outside(text) if text.as_literal() == Some("default") => Some("default".to_owned()),
        AnyLink::Outside(text) => {
            let arn = Arn::parse(text)?;
            let name = arn.resource.as_literal()?.strip_prefix(kind_of_arn(&arn)?.before)?;
            Some(name.split('/').next().unwrap_or(name).to_owned())
        }
        AnyLink::Unknown(_) => None,
    }
}

/// A place in a sentence: `queue inbox`.
pub(super) fn words(context: &Context<'_>, link: &AnyLink, kind: &Kind) -> String {
    let name = match link {
        AnyLink::Here(id) => context.name(*id).to_string(),
        AnyLink::Outside(text) => text.to_string(),
        AnyLink::Unknown(why) => why.to_string(),
    };
    format!("{} {name}", kind.noun)
}

/// An item of `Resource` that names places: by a reference, or by a name that is not all wildcard.
pub(super) enum Item {
    Row(AnyId, Option<Text>),
    /// A kind, a pattern of names, and the keys in a bucket.
    Pattern(&'static Kind, Text, Option<Text>),
}

pub(super) fn item(text: &Text) -> Option<Item> {
    by_reference(text).or_else(|| by_name(text))
}

/// What stands behind a reference has to leave it the resource itself: `table/T/index/*` is none.
fn by_reference(text: &Text) -> Option<Item> {
    let pieces = text.pieces();
    let stands = |piece: &maremma_model::Piece| match piece {
        maremma_model::Piece::Hole(hole) => hole.stands_for.clone(),
        maremma_model::Piece::Literal(_) => None,
    };
    let at = pieces.iter().rposition(|piece| stands(piece).is_some())?;
    let attribute = pieces.get(at).and_then(stands)?;
    let kind = kind_of_row(attribute.of)?;
    let rest = Text::from_pieces(pieces.into_iter().skip(at + 1));
    if attribute.name.ends_with("StreamArn") {
        return None;
    }
    if kind.service == "s3" {
        return Some(Item::Row(attribute.of, Some(keys(rest)?)));
    }
    let whole = rest
        .as_literal()
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('*'));
    whole.then_some(Item::Row(attribute.of, None))
}

/// The keys that stand behind a bucket: nothing is no object at all.
fn keys(rest: Text) -> Option<Text> {
    if rest.prefix().starts_with('*') {
        return Some("*".into());
    }
    let prefix = rest.prefix().strip_prefix('/')?.to_owned();
    let pieces = rest.pieces().into_iter().skip(1);
    let first = std::iter::once(maremma_model::Piece::Literal(prefix.into()));
    Some(Text::from_pieces(first.chain(pieces)))
}

fn by_name(text: &Text) -> Option<Item> {
    let arn = Arn::parse(text)?;
    let kind = kind_of_arn(&arn)?;
    let name = arn.resource.as_literal()?.strip_prefix(kind.before)?;
    let (name, keys) = match (kind.service, name.split_once('/')) {
        ("s3", Some((bucket, keys))) => (bucket, Some(keys.into())),
        ("s3", None) if name.ends_with('*') => (name, Some("*".into())),
        ("s3", None) | (_, Some(_)) => return None,
        (_, None) => (name, None),
    };
    let specific = !name.is_empty() && !name.starts_with(['*', '?']);
    specific.then(|| Item::Pattern(kind, name.into(), keys))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(arn: &str) -> Option<(&'static str, String, Option<String>)> {
        match by_name(&arn.into())? {
            Item::Pattern(kind, name, keys) => Some((kind.noun, name.to_string(), keys.map(|keys| keys.to_string()))),
            Item::Row(..) => None,
        }
    }

    #[test]
    fn an_arn_names_a_place_where_its_name_is_not_all_wildcard() {
        let of = |noun, name: &str, keys: Option<&str>| Some((noun, name.to_owned(), keys.map(str::to_owned)));
        assert_eq!(named("arn:aws:sqs:*:*:inbox-*"), of("queue", "inbox-*", None));
        assert_eq!(
            named("arn:aws:s3:::uploads/in/*"),
            of("bucket", "uploads", Some("in/*"))
        );
        assert_eq!(named("arn:aws:s3:::uploads*"), of("bucket", "uploads*", Some("*")));
        assert_eq!(named("arn:aws:dynamodb:*:*:table/orders"), of("table", "orders", None));
        for nothing in [
            "*",
            "arn:aws:sqs:eu-west-1:111122223333:*",
            "arn:aws:s3:::*/*",
            "arn:aws:s3:::uploads",
            "arn:aws:dynamodb:*:*:table/*",
            "arn:aws:dynamodb:*:*:table/orders/index/*",
            "arn:aws:lambda:*:*:function:f",
        ] {
            assert_eq!(named(nothing), None, "{nothing}");
        }
    }
}
