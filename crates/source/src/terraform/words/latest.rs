//! The version of a function that is not published is `$LATEST`, which Terraform knows.

use super::read::at;
use crate::terraform::instance::Instance;
use maremma_model::{AnyId, Document, Piece, Text, Value};
use std::collections::HashSet;

/// Writes `$LATEST` where the version of such a function is referred to.
/// Source: provider `hashicorp/aws`, `aws_lambda_function`, attributes `publish` and `version`.
pub(super) fn decide(instances: &mut [Instance]) {
    let unpublished = |one: &&Instance| {
        let publish = at(&one.body, "publish");
        &*one.ty == "aws_lambda_function" && publish.is_none_or(|publish| publish.as_str() == Some("false"))
    };
    let functions: HashSet<AnyId> = instances.iter().filter(unpublished).map(|one| one.id).collect();
    for instance in instances {
        write(&mut instance.body, &functions);
    }
}

fn write(document: &mut Document, functions: &HashSet<AnyId>) {
    match &mut document.value {
        Value::List(items) => items.iter_mut().for_each(|item| write(item, functions)),
        Value::Map(fields) => fields.iter_mut().for_each(|field| write(&mut field.value, functions)),
        Value::Choice(branches) => branches
            .iter_mut()
            .for_each(|branch| write(&mut branch.value, functions)),
        Value::Scalar { text, .. } => {
            let refers = text.holes().any(|hole| {
                let stands_for = hole.stands_for.as_ref();
                stands_for.is_some_and(|own| &*own.name == "Version" && functions.contains(&own.of))
            });
            if refers {
                *text = written(text, functions);
            }
        }
        Value::Absent | Value::Null | Value::Unknown(_) => {}
    }
}

fn written(text: &Text, functions: &HashSet<AnyId>) -> Text {
    let piece = |piece: Piece| match &piece {
        Piece::Hole(hole) => match &hole.stands_for {
            Some(own) if &*own.name == "Version" && functions.contains(&own.of) => Piece::Literal("$LATEST".into()),
            _ => piece,
        },
        Piece::Literal(_) => piece,
    };
    Text::from_pieces(text.pieces().into_iter().map(piece))
}
