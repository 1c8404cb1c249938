//! Which functions run code of a bucket or a repository, and what holds it to what was built.

use crate::context::Context;
use crate::context::lookup::newest_in;
use crate::subject::image::{By, image, repository};
use crate::verdict::judge::judge;
use globset::Glob;
use maremma_iam::{Leaf, Match, Statement};
use maremma_model::noun::{Bucket, Code, Repository};
use maremma_model::{AnyId, Function, Hole, Id, Piece, Setting, State, Text, Verdict, Why};
use std::collections::BTreeSet;

/// The code in a bucket that no version holds fast.
pub(crate) struct CodeIn {
    pub(crate) functions: Vec<Id<Function>>,
    keys: Vec<Text>,
}

/// The images in a repository that are named by a tag.
pub(crate) struct ImagesIn {
    pub(crate) functions: Vec<Id<Function>>,
    /// None of the tags can be moved.
    pub(crate) fixed: bool,
}

/// The code of functions, and of their layers, that lies in a bucket.
pub(crate) fn code_in(context: &Context<'_>, bucket: Id<Bucket>) -> CodeIn {
    let (mut functions, mut keys) = (BTreeSet::new(), Vec::new());
    let loose = |code: &Code| {
        let mut links = code.s3_bucket.possible();
        links.any(|link| link.here() == Some(bucket.into())) && !is_versioned(&code.s3_object_version)
    };
    for (id, row) in context.estate.functions.iter().filter(|(_, row)| loose(&row.code)) {
        functions.insert(id);
        keys.extend(possible_keys(&row.code.s3_key));
    }
    for (id, row) in context.estate.layer_versions.iter().filter(|(_, row)| loose(&row.code)) {
        let users = context.relations.functions_of_layer(id);
        if !users.is_empty() {
            functions.extend(users);
            keys.extend(possible_keys(&row.code.s3_key));
        }
    }
    CodeIn {
        functions: functions.into_iter().collect(),
        keys,
    }
}

/// Whether a version is named in every world, and not looked up.
fn is_versioned(version: &Setting<Text>) -> bool {
    let unset = |state: &State<Text>| matches!(state, State::Unset);
    let named = match &version.state {
        State::Unknown(unknown) => !unknown.candidates.iter().any(|candidate| unset(&candidate.state)),
        state => !unset(state),
    };
    named && !version.possible().any(|text| newest_in(text).is_some())
}

fn possible_keys(key: &Setting<Text>) -> Vec<Text> {
    match &key.state {
        State::Unknown(unknown) if unknown.candidates.is_empty() => vec![Text::hole(unknown.why.clone())],
        _ => key.possible().cloned().collect(),
    }
}

impl CodeIn {
    /// Whether a statement of the bucket's policy is about one of the keys.
    pub(crate) fn within(&self, context: &Context<'_>, bucket: Id<Bucket>, statement: &Statement) -> Match {
        let name = context
            .resource(bucket)
            .and_then(|row| row.name.as_literal())
            .unwrap_or("bucket");
        let statement = in_literals(statement, bucket, name);
        Match::any(self.keys.iter().map(|key| {
            let object = Text::concat([&Text::literal(format!("arn:aws:s3:::{name}/")), key]);
            statement.covers_resource(&object)
        }))
    }
}

/// The statement with the bucket's name where it stands for the bucket: its ARN is known but for the
/// name, and both sides get the same.
fn in_literals(statement: &Statement, bucket: Id<Bucket>, name: &str) -> Statement {
    let known = |hole: &Hole| match &hole.stands_for {
        Some(of) if of.of == AnyId::from(bucket) && &*of.name == "Arn" => Some(format!("arn:aws:s3:::{name}")),
        Some(of) if of.of == AnyId::from(bucket) && &*of.name == "Ref" => Some(name.to_owned()),
        None if hole.why == Why::Pseudo("AWS::Partition".into()) => Some("aws".to_owned()),
        _ => None,
    };
    let literal = |piece: Piece| match &piece {
        Piece::Hole(hole) => known(hole).map_or(piece.clone(), |text| Piece::Literal(text.into())),
        Piece::Literal(_) => piece,
    };
    let mut statement = statement.clone();
    for Leaf { text, .. } in statement
        .resources
        .iter_mut()
        .flat_map(|resources| &mut resources.items)
    {
        *text = Text::from_pieces(text.pieces().into_iter().map(literal));
    }
    statement
}

/// The functions whose image lies in a repository and is named by a tag.
pub(crate) fn images_in(context: &Context<'_>, of: Id<Repository>) -> ImagesIn {
    let (mut functions, mut fixed) = (Vec::new(), true);
    for (id, row) in context.estate.functions.iter() {
        for uri in row.code.image_uri.possible() {
            if repository(context, row, uri) != Some(of) {
                continue;
            }
            let tag = match image(uri).by {
                By::Digest => continue,
                By::Tag(tag) => tag,
                By::Nothing => "latest".into(),
                By::ContentHash | By::Unknown => Text::hole(uri.why().cloned().unwrap_or(Why::NotKept)),
            };
            functions.push(id);
            fixed &= mutability(context, of, &tag).0 == Verdict::Pass;
        }
    }
    functions.dedup();
    ImagesIn { functions, fixed }
}

/// Whether a tag of a repository can be moved: a fail where it can. In words, and why it is not known.
pub(crate) fn mutability(context: &Context<'_>, of: Id<Repository>, tag: &Text) -> (Verdict, String, Option<Why>) {
    let Some(row) = context.estate.repositories.get(of) else {
        return (Verdict::Undetermined, "the repository is not known".to_owned(), None);
    };
    let judgement = judge(
        &row.resource,
        "ImageTagMutability",
        &row.tag_mutability,
        |value| match value?.as_literal()? {
            "MUTABLE" => Some(true),
            "IMMUTABLE" => Some(false),
            "IMMUTABLE_WITH_EXCLUSION" => is_excluded(row, tag),
            "MUTABLE_WITH_EXCLUSION" => is_excluded(row, tag).map(|excluded| !excluded),
            _ => None,
        },
    );
    let hole = || tag.why().cloned();
    let why = judgement.undecided.first().cloned().or_else(hole);
    (judgement.verdict, judgement.evidence.says, why)
}

/// Whether a filter excepts the tag from what the repository says of the others.
fn is_excluded(row: &Repository, tag: &Text) -> Option<bool> {
    let tag = tag.as_literal()?;
    let filters = row.immutable_exclusions.value()?;
    let mut excluded = false;
    for filter in filters {
        let glob = Glob::new(filter.value()?.as_literal()?).ok()?;
        excluded |= glob.compile_matcher().is_match(tag);
    }
    Some(excluded)
}
