//! Which findings are new, gone or changed.

use super::rows::Matches;
use maremma_model::change::{FindingChanges, Gone};
use maremma_model::{AnyId, Estate, Finding, Location, Verdict};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What the checks said of one estate.
#[derive(Clone, Copy, Debug)]
pub struct Said<'f> {
    pub findings: &'f [Finding],
    /// The checks that its input cannot answer, by id.
    pub not_assessed: &'f [&'f str],
}

/// What a finding is of, in terms of the new estate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Of<'f> {
    Row(AnyId),
    /// A row that the new estate does not have.
    OldRow(AnyId),
    Unit(&'f str, &'f str),
}

type Key<'f> = (&'static str, Of<'f>, &'f str);

/// Findings are the same by their fingerprint: of one check about one resource and detail. It names the unit and the
/// address, so where a file or a resource was renamed, or the format is another, the matched row stands for them.
pub(super) fn changes<'f>(
    matches: &Matches,
    (old, new): (Said<'f>, Said<'f>),
    (old_estate, new_estate): (&Estate, &Estate),
) -> FindingChanges<'f> {
    let of_old = |finding: &'f Finding| match finding.subject.resource {
        Some(id) => matches.new_of(id).map_or(Of::OldRow(id), Of::Row),
        None => unit_of(finding),
    };
    let of_new = |finding: &'f Finding| finding.subject.resource.map_or_else(|| unit_of(finding), Of::Row);
    let mut left: Vec<&Finding> = old.findings.iter().filter(|finding| is_open(finding)).collect();
    let mut right: Vec<&Finding> = new.findings.iter().filter(|finding| is_open(finding)).collect();
    let mut pairs = Vec::new();
    let print = |finding: &'f Finding| Some(finding.fingerprint.as_str());
    join(&mut left, &mut right, &print, &print, &mut pairs);
    let detail = |finding: &'f Finding| finding.detail.as_deref().unwrap_or_default();
    let (one, other): (Keyed<'_, 'f, Key<'f>>, Keyed<'_, 'f, Key<'f>>) = (
        &|finding| Some((finding.rule.id, of_old(finding), detail(finding))),
        &|finding| Some((finding.rule.id, of_new(finding), detail(finding))),
    );
    join(&mut left, &mut right, one, other, &mut pairs);
    // A statement without a name is told by its place in the policy, which moves.
    let (one, other): (Keyed<'_, 'f, Key<'f>>, Keyed<'_, 'f, Key<'f>>) = (
        &|finding| Some((finding.rule.id, of_old(finding), &*finding.message)),
        &|finding| Some((finding.rule.id, of_new(finding), &*finding.message)),
    );
    join(&mut left, &mut right, one, other, &mut pairs);

    let mut changes = FindingChanges::default();
    for (old, new) in pairs {
        let alike = |finding: &Finding| (finding.verdict, finding.severity, finding.suppression.is_some());
        match (alike(old) == alike(new), counts(new)) {
            (true, true) => changes.same += 1,
            (true, false) => {}
            (false, _) => changes.changed.push((old, new)),
        }
    }
    changes.new = right.into_iter().filter(|finding| counts(finding)).collect();
    let unread = unread(old_estate, new_estate);
    let gone = left.into_iter().filter(|finding| counts(finding));
    changes.gone = gone
        .map(|finding| (finding, why(finding, matches, (old, new), old_estate, &unread)))
        .collect();
    changes
}

fn unit_of(finding: &Finding) -> Of<'_> {
    Of::Unit(&finding.subject.kind, &finding.subject.address)
}

fn is_open(finding: &Finding) -> bool {
    matches!(finding.verdict, Verdict::Fail | Verdict::Undetermined)
}

fn counts(finding: &Finding) -> bool {
    finding.suppression.is_none()
}

type Keyed<'k, 'f, K> = &'k dyn Fn(&'f Finding) -> Option<K>;

/// Takes out the findings with a key in common, each once, in their order.
fn join<'f, K: std::hash::Hash + Eq>(
    left: &mut Vec<&'f Finding>,
    right: &mut Vec<&'f Finding>,
    left_key: Keyed<'_, 'f, K>,
    right_key: Keyed<'_, 'f, K>,
    pairs: &mut Vec<(&'f Finding, &'f Finding)>,
) {
    let mut by_key: HashMap<K, Vec<usize>> = HashMap::new();
    for (row, finding) in right.iter().enumerate().rev() {
        if let Some(key) = right_key(finding) {
            by_key.entry(key).or_default().push(row);
        }
    }
    let mut taken = HashSet::new();
    left.retain(|finding| {
        let row = left_key(finding).and_then(|key| by_key.get_mut(&key)?.pop());
        let Some((row, other)) = row.and_then(|row| Some((row, *right.get(row)?))) else {
            return true;
        };
        taken.insert(row);
        pairs.push((finding, other));
        false
    });
    let mut row = 0;
    right.retain(|_| {
        row += 1;
        !taken.contains(&(row - 1))
    });
}

/// The files of which something could not be read in the new estate and could in the old one.
fn unread(old: &Estate, new: &Estate) -> HashSet<Arc<str>> {
    let of = |estate: &Estate| -> HashSet<Arc<str>> {
        let files = estate.gaps.iter().filter_map(|gap| gap.at.as_ref()?.place());
        let paths = files.filter_map(|place| estate.file(place.file));
        paths.map(|file| file.path.clone()).collect()
    };
    let before = of(old);
    of(new).into_iter().filter(|path| !before.contains(path)).collect()
}

fn why(
    finding: &Finding,
    matches: &Matches,
    (old, new): (Said<'_>, Said<'_>),
    estate: &Estate,
    unread: &HashSet<Arc<str>>,
) -> Gone {
    let place = match &finding.evidence.at {
        Location::File(place) => estate.file(place.file),
        Location::Aws { .. } | Location::Artifact { .. } => None,
    };
    let id = finding.rule.id;
    let resource = finding.subject.resource;
    if place.is_some_and(|file| unread.contains(&file.path)) {
        Gone::NotRead
    } else if resource.is_some_and(|id| matches.new_of(id).is_none()) {
        Gone::Removed
    } else if new.not_assessed.contains(&id) && !old.not_assessed.contains(&id) {
        Gone::NotAssessed
    } else {
        Gone::Fixed
    }
}
