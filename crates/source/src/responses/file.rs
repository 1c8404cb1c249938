//! Files of answers: which of them are, and what call each answers.

use super::answer::{Answer, Call, Said, document};
use super::{layout, recognise};
use crate::site::Deployment;
use maremma_model::{Estate, Gap, GapKind, Location, Node, Place};
use std::path::{Path, PathBuf};

/// Files of answers that are read at most. An account of 5,000 functions has some 60,000.
pub(crate) const MAX_RESPONSES: usize = 100_000;
/// Bytes of them altogether.
pub(crate) const MAX_TOTAL: usize = 1 << 30;

/// A file that holds an answer.
pub(crate) struct Kept {
    pub(crate) path: PathBuf,
    pub(crate) root: Node,
}

/// Whether a path is where the layout keeps an answer, whatever the file holds.
pub(crate) fn is_of_layout(path: &Path) -> bool {
    layout::told(path).is_some()
}

/// Whether a file may hold an answer: by its path, or by the first words of its text.
pub(crate) fn looks_like_response(path: &Path, text: &str) -> bool {
    is_of_layout(path) || recognise::looks_like_answer(text)
}

/// Whether a file holds an answer: by its path, or because it says what it answers.
pub(crate) fn is_response(root: &Node, path: &Path) -> bool {
    is_of_layout(path) || recognise::is_answer(root)
}

/// Whether the operation that a path names is read. What others answered may be anything, and is not kept.
pub(crate) fn is_read(path: &Path) -> bool {
    layout::told(path).is_none_or(|told| told.operation().is_some())
}

/// What call a file answers, and what came of it; a gap where that cannot be known.
pub(super) fn answer(kept: Kept, deployment: &Deployment, estate: &mut Estate) -> Option<Answer> {
    let at = Location::File(kept.root.place);
    let said = |root: &Node| Said::Body(document(root, &|place: Place| Location::File(place)));
    let mut gap = |kind: GapKind, reason: String| {
        estate.gaps.push(Gap {
            kind,
            reason: reason.into(),
            at: Some(at.clone()),
            affects: Vec::new(),
        });
    };
    let Some(told) = layout::told(&kept.path) else {
        return match recognise::call(&kept.root, deployment) {
            Ok(call) => Some(Answer {
                said: said(&kept.root),
                at: at.clone(),
                call,
            }),
            Err(reason) => {
                gap(GapKind::Absent, reason);
                None
            }
        };
    };
    let Some(operation) = told.operation() else {
        let reason = format!("{} {}: answers of this operation are not read", told.service, told.name);
        gap(GapKind::Unsupported, reason);
        return None;
    };
    let call = Call {
        account: told.account,
        region: told.region.filter(|_| !operation.is_global()),
        operation,
        arguments: told.arguments,
        page: told.page,
    };
    let said = match told.is_error {
        false if kept.root.is_map() || !kept.root.items().is_empty() => said(&kept.root),
        false => {
            let reason = format!("{}: expected a map, found {}", call.words(), kept.root.describe());
            gap(GapKind::Unparsed, reason);
            return None;
        }
        true => match code(&kept.root) {
            Some(code) => Said::Error { code: code.into() },
            None => {
                let reason = format!("{}: expected {{\"code\", \"message\"}}", call.words());
                gap(GapKind::Unparsed, reason);
                return None;
            }
        },
    };
    Some(Answer { call, at, said })
}

/// The code of an error, in the words of the layout or in those of an SDK.
fn code(root: &Node) -> Option<&str> {
    let inner = root.get("Error").or_else(|| root.get("error")).unwrap_or(root);
    ["code", "Code", "__type"]
        .iter()
        .find_map(|key| inner.get(key)?.as_str())
}
