//! An ARN as its six segments, each of which may have holes and wildcards.

use maremma_model::{Piece, Text};

/// `arn:partition:service:region:account:resource`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arn {
    pub partition: Text,
    pub service: Text,
    pub region: Text,
    pub account: Text,
    /// All that follows the fifth colon.
    pub resource: Text,
}

impl Arn {
    /// `None` where the text is no ARN, or where a hole hides its segments (`Orders.Arn`).
    pub fn parse(text: &Text) -> Option<Arn> {
        let mut segments = split(text, 6).into_iter();
        let scheme = segments.next()?;
        let arn = Arn {
            partition: segments.next()?,
            service: segments.next()?,
            region: segments.next()?,
            account: segments.next()?,
            resource: segments.next()?,
        };
        (scheme.as_literal() == Some("arn")).then_some(arn)
    }

    pub(crate) fn to_text(&self) -> Text {
        let (arn, colon) = (Text::literal("arn:"), Text::literal(":"));
        Text::concat([
            &arn,
            &self.partition,
            &colon,
            &self.service,
            &colon,
            &self.region,
            &colon,
            &self.account,
            &colon,
            &self.resource,
        ])
    }
}

/// The partition that an ARN pattern is about; `aws` where it does not say.
pub(crate) fn partition(pattern: &Text) -> Text {
    let mut segments = split(pattern, 6).into_iter();
    let scheme = segments.next();
    match segments.next() {
        Some(partition) if scheme == Some("arn".into()) && !has_wildcard(&partition) => partition,
        _ => "aws".into(),
    }
}

/// The text at its literal colons, in at most `limit` parts.
fn split(text: &Text, limit: usize) -> Vec<Text> {
    let mut parts: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in text.pieces() {
        let Piece::Literal(literal) = &piece else {
            parts.last_mut().into_iter().for_each(|part| part.push(piece.clone()));
            continue;
        };
        let room = limit.saturating_sub(parts.len()) + 1;
        for (index, segment) in literal.splitn(room, ':').enumerate() {
            if index > 0 {
                parts.push(Vec::new());
            }
            parts
                .last_mut()
                .into_iter()
                .for_each(|part| part.push(Piece::Literal(segment.into())));
        }
    }
    parts.into_iter().map(Text::from_pieces).collect()
}

/// Whether the text has a `*` or `?`.
pub(crate) fn has_wildcard(text: &Text) -> bool {
    match text {
        Text::Literal(text) => text.contains(['*', '?']),
        Text::Holed(pieces) => pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Literal(text) if text.contains(['*', '?']))),
    }
}
