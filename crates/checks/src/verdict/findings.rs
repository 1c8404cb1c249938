//! Where a check says its verdicts.

use crate::Keep;
use crate::context::{Context, name_of};
use crate::verdict::judge::Judgement;
use maremma_model::finding::Counted;
use maremma_model::{
    AnyId, Confidence, Estate, Evidence, Existence, Finding, Fix, Function, Id, Resource, Rule, Severity, Subject,
    Text, Verdict, Why,
};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// The verdicts of one check.
#[derive(Debug)]
pub struct Findings<'a> {
    context: &'a Context<'a>,
    rule: &'static Rule,
    keep: Keep,
    told: Told,
    /// Functions as they are named in `affects`: many findings may be about the same thousands.
    ids: HashMap<Id<Function>, Arc<str>>,
    /// The last of them, which the next finding often shares.
    last: (Vec<Id<Function>>, Vec<Arc<str>>),
}

/// What one check said.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) findings: Vec<Finding>,
    /// The verdicts that are not kept.
    pub(crate) counted: Counted,
    /// Why something could not be judged.
    pub(crate) not_assessed: Option<String>,
}

/// A verdict in the making.
#[derive(Clone, Debug)]
#[must_use = "a draft counts only when it is added"]
pub struct Draft {
    subject: AnyId,
    verdict: Verdict,
    message: String,
    evidence: Evidence,
    undecided: Vec<Why>,
    detail: Option<Arc<str>>,
    qualifier: Option<Arc<str>>,
    severity: Option<Severity>,
    confidence: Option<Confidence>,
    affects: Vec<Id<Function>>,
    related: Vec<Evidence>,
    fix: Option<Fix>,
}

impl Draft {
    /// `message` is one sentence in CloudFormation's words, without a final period: what is wrong on
    /// a fail, what is not known on an undetermined verdict, what holds on a pass.
    pub fn new(subject: impl Into<AnyId>, verdict: Verdict, message: impl Into<String>, evidence: Evidence) -> Self {
        Draft {
            subject: subject.into(),
            verdict,
            message: message.into(),
            evidence,
            undecided: Vec::new(),
            detail: None,
            qualifier: None,
            severity: None,
            confidence: None,
            affects: Vec::new(),
            related: Vec::new(),
            fix: None,
        }
    }

    /// A judged setting. `bad` is the message of a fail; the evidence speaks for the others.
    pub fn judged(subject: impl Into<AnyId>, judgement: Judgement, bad: impl Into<String>) -> Self {
        let bad = bad.into();
        let message = match judgement.verdict {
            Verdict::Fail => bad,
            Verdict::Undetermined => format!("not known whether {}: {}", lowered(&bad), judgement.evidence.says),
            Verdict::Pass | Verdict::NotApplicable => judgement.evidence.says.clone(),
        };
        Draft {
            undecided: judgement.undecided,
            ..Draft::new(subject, judgement.verdict, message, judgement.evidence)
        }
    }

    /// What fails only if something else holds that is not known: undetermined, by `doubt`.
    pub(crate) fn doubted(mut self, doubt: &str, why: impl IntoIterator<Item = Why>) -> Self {
        match self.verdict {
            Verdict::Fail => {
                self.verdict = Verdict::Undetermined;
                self.message = format!("not known whether {}: {doubt}", lowered(&self.message));
            }
            Verdict::Undetermined => self.message = format!("{}; {doubt}", self.message),
            Verdict::Pass | Verdict::NotApplicable => return self,
        }
        self.undecided.extend(why);
        self
    }

    /// The variable, statement or route, where a subject can have several findings of this check.
    pub fn detail(mut self, detail: impl Into<Arc<str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The alias or version that the finding is about.
    pub fn qualifier(mut self, qualifier: Option<&Text>) -> Self {
        self.qualifier = qualifier.map(|text| text.to_string().into());
        self
    }

    /// Another severity than the rule's, because of what the subject is.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    pub fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = Some(confidence);
        self
    }

    pub fn affects(mut self, functions: impl IntoIterator<Item = Id<Function>>) -> Self {
        self.affects.extend(functions);
        self
    }

    pub fn related(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.related.extend(evidence);
        self
    }

    pub fn undecided(mut self, why: impl IntoIterator<Item = Why>) -> Self {
        self.undecided.extend(why);
        self
    }

    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// A fail that does not hold in every world is undetermined: `doubt` is the clause of the world
    /// where it does not, and `why` what decides.
    pub(crate) fn unless(mut self, doubt: &str, why: impl IntoIterator<Item = Why>) -> Self {
        if self.verdict == Verdict::Fail {
            self.verdict = Verdict::Undetermined;
            self.message = format!("{}, unless {doubt}", self.message);
            self.undecided.extend(why);
        }
        self
    }
}

impl<'a> Findings<'a> {
    pub(crate) fn new(context: &'a Context<'a>, rule: &'static Rule, keep: Keep) -> Self {
        Findings {
            context,
            rule,
            keep,
            told: Told::default(),
            ids: HashMap::new(),
            last: Default::default(),
        }
    }

    pub(crate) fn into_inner(self) -> Told {
        self.told
    }

    /// Whether a verdict becomes a finding, or is only counted.
    pub(crate) fn keeps(&self, verdict: Verdict) -> bool {
        self.keep == Keep::Every || matches!(verdict, Verdict::Fail | Verdict::Undetermined)
    }

    /// Says once for the run that the input lacks what the check needs: the absence of a row is no
    /// evidence where its table may be elsewhere. `reason` names what would hold it.
    pub fn not_assessed(&mut self, reason: impl Into<String>) {
        self.told.not_assessed = Some(reason.into());
    }

    /// Takes in a verdict. A fail of what exists only in some worlds is undetermined; of what the
    /// defaults switch off, only high and critical ones are kept.
    pub fn add(&mut self, mut draft: Draft) {
        let Some(resource) = self.context.resource(draft.subject) else {
            return;
        };
        let severity = draft.severity.unwrap_or(self.rule.severity);
        let off = match &resource.exists {
            Existence::Always => None,
            Existence::When(words) => Some((words, false)),
            Existence::OffByDefault(words) => Some((words, true)),
        };
        if let Some((words, by_default)) = off {
            let fails = matches!(draft.verdict, Verdict::Fail | Verdict::Undetermined);
            if by_default && (!fails || severity < Severity::High) {
                return;
            }
            if draft.verdict == Verdict::Fail {
                draft.verdict = Verdict::Undetermined;
                draft.message = format!("{}; {} exists when {words}", draft.message, name_of(resource));
                draft.undecided.push(Why::Condition(words.clone()));
            }
        }
        match draft.verdict {
            Verdict::Pass if !self.keeps(Verdict::Pass) => return self.told.counted.pass += 1,
            Verdict::NotApplicable if !self.keeps(Verdict::NotApplicable) => {
                return self.told.counted.not_applicable += 1;
            }
            _ => {}
        }
        let keep_fix = matches!(draft.verdict, Verdict::Fail | Verdict::Undetermined);
        let subject = self.subject(draft.subject, resource, draft.qualifier);
        let affects = self.affected(draft.affects);
        let fingerprint = self.fingerprint(resource, &subject, draft.detail.as_deref());
        self.told.findings.push(Finding {
            rule: self.rule,
            verdict: draft.verdict,
            severity,
            confidence: draft.confidence.unwrap_or(self.rule.confidence),
            subject,
            detail: draft.detail,
            affects,
            message: draft.message,
            evidence: draft.evidence,
            related: draft.related,
            undecided: draft.undecided,
            fix: draft.fix.filter(|_| keep_fix),
            fingerprint,
            suppression: None,
        });
    }

    fn subject(&self, id: AnyId, resource: &Resource, qualifier: Option<Arc<str>>) -> Subject {
        let unit = self.context.estate.unit(resource.unit);
        Subject {
            resource: Some(id),
            kind: resource.kind.clone(),
            id: self.id(resource),
            name: name_of(resource),
            account: unit.and_then(|unit| unit.account.clone()),
            region: unit.and_then(|unit| unit.region.clone()),
            qualifier,
            address: resource.address.clone(),
        }
    }

    fn id(&self, resource: &Resource) -> Arc<str> {
        id_of(self.context.estate, resource)
    }

    fn affected(&mut self, mut functions: Vec<Id<Function>>) -> Vec<Arc<str>> {
        functions.sort_unstable();
        functions.dedup();
        if self.last.0 == functions {
            return self.last.1.clone();
        }
        let mut ids = Vec::with_capacity(functions.len());
        for function in &functions {
            if let Some(id) = self.ids.get(function) {
                ids.push(id.clone());
            } else if let Some(row) = self.context.resource(*function) {
                let id = self.id(row);
                ids.push(self.ids.entry(*function).or_insert(id).clone());
            }
        }
        ids.sort();
        ids.dedup();
        self.last = (functions, ids.clone());
        ids
    }

    /// Of the check, the unit, the subject's kind and address, and the detail: lines may move, and
    /// other resources may be renamed.
    fn fingerprint(&self, resource: &Resource, subject: &Subject, detail: Option<&str>) -> String {
        let unit = self.context.estate.unit(resource.unit).map_or("", |unit| &unit.name);
        let mut hash = Sha256::new();
        for part in [
            self.rule.id,
            unit,
            &subject.kind,
            &subject.address,
            detail.unwrap_or(""),
        ] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hash.finalize()
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// The ARN where all of it is known, else the address in its unit.
pub(crate) fn id_of(estate: &Estate, resource: &Resource) -> Arc<str> {
    match &resource.arn {
        Text::Literal(arn) => arn.clone(),
        Text::Holed(_) => {
            let unit = estate.unit(resource.unit).map_or("", |unit| &unit.name);
            format!("{unit}#{}", resource.address).into()
        }
    }
}

/// A sentence as a clause: its first letter lowered, unless its first word is a name.
pub(crate) fn lowered(sentence: &str) -> String {
    let first = sentence.split(' ').next().unwrap_or("");
    let plain = first.chars().skip(1).all(|c| c.is_ascii_lowercase());
    if !plain {
        return sentence.to_owned();
    }
    let mut chars = sentence.chars();
    chars
        .next()
        .map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}
