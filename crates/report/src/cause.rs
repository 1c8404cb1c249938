//! What keeps a finding from being decided.

use maremma_model::{Finding, Why};

/// Why a finding is undetermined, and what would decide it.
pub(crate) fn cause(finding: &Finding) -> (String, Option<String>) {
    let mut whys: Vec<&Why> = finding.undecided.iter().collect();
    whys.sort();
    whys.dedup();
    if whys.is_empty() {
        return (finding.evidence.says.clone(), None);
    }
    let words: Vec<String> = whys.iter().map(|why| why.to_string()).collect();
    let remedies: Vec<String> = whys.iter().filter_map(|why| why.remedy()).collect();
    (words.join(" and "), (!remedies.is_empty()).then(|| remedies.join(" ")))
}
