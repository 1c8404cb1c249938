//! The image of a function: whose registry it is from, and what holds its URI to one image.

use crate::context::Context;
use maremma_model::noun::Repository;
use maremma_model::{Function, Id, Noun, Piece, Text};

/// Whether a function is an image; `None` where that is not known.
pub(crate) fn is_image(function: &Function) -> Option<bool> {
    if function.code.image_uri.value().is_some() {
        return Some(true);
    }
    let mut kinds = function
        .package_type
        .possible()
        .map(|kind| kind.as_literal() == Some("Image"));
    let first = kinds.next()?;
    kinds.all(|kind| kind == first).then_some(first)
}

/// An image as `ImageUri` names it.
#[derive(Debug, PartialEq)]
pub(crate) struct Image {
    /// The account of the registry; `None` where the URI does not show it.
    pub(crate) account: Option<Text>,
    pub(crate) by: By,
}

/// What the URI names the image by.
#[derive(Debug, PartialEq)]
pub(crate) enum By {
    Digest,
    /// A tag that is made of the content, as the CDK's are.
    ContentHash,
    Tag(Text),
    /// No tag, which is the tag `latest`.
    Nothing,
    /// A hole may hold a tag, or a digest.
    Unknown,
}

/// What is known of an image's URI.
pub(crate) fn image(uri: &Text) -> Image {
    Image {
        account: account(uri),
        by: by(uri),
    }
}

/// What stands before `.dkr.ecr.`, or before `.dkr-ecr.` of a registry with both stacks. Source: Amazon ECR user
/// guide, "Amazon ECR private registry" and "Getting started with making requests over IPv6".
fn account(uri: &Text) -> Option<Text> {
    let mut before = Vec::new();
    for piece in uri.pieces() {
        if let Piece::Literal(text) = &piece
            && let Some(end) = text.find(".dkr.ecr.").or_else(|| text.find(".dkr-ecr."))
        {
            before.push(Piece::Literal(text.get(..end)?.into()));
            return Some(Text::from_pieces(before));
        }
        before.push(piece);
    }
    None
}

fn by(uri: &Text) -> By {
    let pieces = uri.pieces();
    let literal = |piece: &Piece| match piece {
        Piece::Literal(text) => Some(text.clone()),
        Piece::Hole(_) => None,
    };
    if pieces.iter().filter_map(literal).any(|text| text.contains('@')) {
        return By::Digest;
    }
    let last_slash = pieces
        .iter()
        .rposition(|piece| literal(piece).is_some_and(|text| text.contains('/')));
    let mut path = pieces.split_at(last_slash.unwrap_or(0)).1.to_vec();
    if let Some(Piece::Literal(first)) = path.first_mut() {
        *first = first.rsplit('/').next().unwrap_or(first).into();
    }
    let colon = path
        .iter()
        .position(|piece| literal(piece).is_some_and(|text| text.contains(':')));
    let Some(colon) = colon else {
        // The URI of a repository holds no tag; any other hole may.
        let whole = |piece: &Piece| match piece {
            Piece::Hole(hole) => hole
                .stands_for
                .as_ref()
                .is_some_and(|of| Repository::from_any(of.of).is_some()),
            Piece::Literal(_) => true,
        };
        return if path.iter().all(whole) {
            By::Nothing
        } else {
            By::Unknown
        };
    };
    let mut tag = path.split_off(colon);
    if let Some(Piece::Literal(first)) = tag.first_mut() {
        *first = first.split_once(':').map_or("", |(_, tag)| tag).into();
    }
    let tag = Text::from_pieces(tag);
    let end = tag.suffix();
    let hash = end.len().checked_sub(64).and_then(|start| end.get(start..));
    if hash.is_some_and(|hash| hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))) {
        By::ContentHash
    } else {
        By::Tag(tag)
    }
}

/// The repository of this input that a URI of the function's code names.
pub(crate) fn repository(context: &Context<'_>, function: &Function, uri: &Text) -> Option<Id<Repository>> {
    let referred = uri
        .holes()
        .find_map(|hole| Repository::from_any(hole.stands_for.as_ref()?.of));
    referred.or_else(|| {
        let known = function.code.repository?;
        let name = context.resource(known)?.name.as_literal()?;
        let named = |piece: &Piece| matches!(piece, Piece::Literal(text) if text.contains(name));
        uri.pieces().iter().any(named).then_some(known)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use maremma_model::Why;

    fn holed(before: &str, name: &str, after: &str) -> Text {
        let hole = Text::hole(Why::Parameter(name.into()));
        Text::concat([&before.into(), &hole, &after.into()])
    }

    #[test]
    fn what_a_uri_names_the_image_by() {
        let host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
        let of = |end: &str| by(&Text::literal(format!("{host}/{end}")));
        assert_eq!(of("shop/orders@sha256:0a"), By::Digest);
        assert_eq!(of("shop/orders:1.2@sha256:0a"), By::Digest);
        assert_eq!(of("shop/orders:1.2"), By::Tag("1.2".into()));
        assert_eq!(of("shop/orders"), By::Nothing);
        assert_eq!(of(&format!("assets:{}", "0a".repeat(32))), By::ContentHash);
        assert_eq!(
            of(&format!("assets:{}", "0a".repeat(31))),
            By::Tag("0a".repeat(31).as_str().into())
        );
        assert_eq!(
            by(&holed(&format!("{host}/orders:"), "Tag", "")),
            By::Tag(holed("", "Tag", ""))
        );
        assert_eq!(by(&holed(&format!("{host}/orders@"), "Digest", "")), By::Digest);
        assert_eq!(by(&holed(&format!("{host}/"), "Name", "")), By::Unknown);
        assert_eq!(by(&holed("", "Uri", "")), By::Unknown);
    }

    #[test]
    fn whose_registry_it_is() {
        let of = |uri: &Text| account(uri);
        assert_eq!(
            of(&"123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:1".into()),
            Some("123456789012".into())
        );
        assert_eq!(
            of(&"123456789012.dkr-ecr.eu-west-1.on.aws/orders:1".into()),
            Some("123456789012".into())
        );
        let own = holed("", "Account", ".dkr.ecr.eu-west-1.amazonaws.com/orders:1");
        assert_eq!(of(&own), Some(holed("", "Account", "")));
        assert_eq!(of(&"orders:1".into()), None);
    }
}
