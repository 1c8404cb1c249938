//! From one entry of `Principal` and the conditions on it to the parties that are admitted.

use super::caller::{Caller, is_of};
use super::key::Key;
use super::narrow::{Constraint, Group, Verdict, groups};
use super::{Doubt, Limit, Owner, Party, Public, Scope, Source, Who};
use crate::arn::{Arn, has_wildcard};
use crate::logic::Match;
use crate::policy::{Principal, PrincipalKind, Principals, Statement, Version};
use crate::view::{Account, Standing, View, is_account_id};
use maremma_model::{AnyId, Location, Text, Why};
use std::sync::Arc;

/// Whom a statement names, before its conditions.
#[derive(Clone, Debug)]
pub(super) enum Entry<'a> {
    Everyone { except: Vec<Text>, at: &'a Location },
    One(&'a Principal),
}

pub(super) fn entries(statement: &Statement) -> Vec<Entry<'_>> {
    match &statement.principals {
        Principals::Unstated => Vec::new(),
        Principals::Only(principals) => principals.iter().map(entry).collect(),
        Principals::AllBut(principals) => vec![Entry::Everyone {
            except: principals.iter().map(|principal| principal.text.clone()).collect(),
            at: principals.first().map_or(&statement.at, |principal| &principal.at),
        }],
    }
}

pub(super) fn entry(principal: &Principal) -> Entry<'_> {
    let everyone = matches!(principal.kind, PrincipalKind::Everyone)
        || (principal.kind == PrincipalKind::Aws && principal.text.as_literal() == Some("*"));
    if everyone {
        Entry::Everyone {
            except: Vec::new(),
            at: &principal.at,
        }
    } else {
        Entry::One(principal)
    }
}

/// The parties that an entry admits under the constraints; none where they cannot hold.
pub(super) fn parties(
    entry: &Entry<'_>,
    constraints: &[Constraint<'_>],
    statement: &Statement,
    view: &View,
) -> Vec<Party> {
    let groups = groups(constraints);
    let case = Case {
        groups: &groups,
        version: statement.version,
        further: statement.conditions_unknown.as_ref().map(|why| Doubt {
            words: format!("its conditions are not all known: {why}"),
            why: Some(why.clone()),
            at: statement.at.clone(),
        }),
        view,
    };
    match entry {
        Entry::Everyone { except, at } => case.everyone(except, at),
        Entry::One(principal) => match principal.kind {
            PrincipalKind::Everyone | PrincipalKind::Aws => case.aws(principal),
            PrincipalKind::Service => case.service(principal),
            PrincipalKind::Federated => case.other(principal, |text, _| Who::Federated { provider: text }),
            PrincipalKind::CanonicalUser => case.other(principal, |id, view| {
                let standing = view.account_of(&id).standing;
                Who::Canonical { id, standing }
            }),
            PrincipalKind::Unknown => case.other(principal, |text, _| Who::Unknown(unknown(&text, &principal.at))),
        },
    }
}

fn unknown(text: &Text, at: &Location) -> Doubt {
    let why = text.why().cloned();
    Doubt {
        words: match &why {
            Some(why) => format!("the principal is not known: {why}"),
            None => format!("the principal {text} is not known"),
        },
        why,
        at: at.clone(),
    }
}

/// The conditions of one statement, before one entry.
struct Case<'a> {
    groups: &'a [Group<'a>],
    version: Version,
    /// There may be conditions that the input does not show.
    further: Option<Doubt>,
    view: &'a View,
}

/// What each group says about one caller.
struct Judged<'a> {
    verdicts: Vec<(&'a Group<'a>, Verdict)>,
}

impl Judged<'_> {
    /// Whether the caller passes as it is.
    fn open(&self) -> Match {
        Match::all(self.verdicts.iter().map(|(_, verdict)| verdict.open))
    }

    /// Whether one of its kind passes with values that the conditions name.
    fn possible(&self) -> bool {
        self.verdicts
            .iter()
            .all(|(_, verdict)| !verdict.open.is_no() || !verdict.named.is_empty())
    }

    /// The values that a closed key names.
    fn named(&self, key: Key) -> Option<&[Text]> {
        let closed = |(group, verdict): &&(&Group<'_>, Verdict)| group.key == key && !verdict.open.is_yes();
        self.verdicts
            .iter()
            .find(closed)
            .map(|(_, verdict)| verdict.named.as_slice())
            .filter(|named| !named.is_empty())
    }

    fn doubt(&self) -> Option<Doubt> {
        let undecided = self.verdicts.iter().find(|(_, verdict)| verdict.open.is_unknown());
        undecided.and_then(|(group, _)| group.doubt())
    }

    fn limits(&self) -> (Vec<Limit>, Vec<Limit>) {
        let (mut limits, mut idle) = (Vec::new(), Vec::new());
        for (group, verdict) in &self.verdicts {
            let these = group.constraints.iter().map(|constraint| Limit::of(constraint));
            // The way in by a URL keeps other ways out, if not callers.
            let way = group.key == Key::UrlAuth;
            if way || verdict.free || !verdict.open.is_yes() || !verdict.excluded.is_empty() {
                limits.extend(these);
            } else {
                idle.extend(these);
            }
        }
        (limits, idle)
    }

    fn party(&self, who: Who, at: &Location) -> Party {
        let (limits, idle) = self.limits();
        Party {
            who,
            limits,
            idle,
            at: at.clone(),
        }
    }

    /// Several at once, which share their limits.
    fn parties(&self, whos: impl IntoIterator<Item = Who>, at: &Location) -> Vec<Party> {
        let (limits, idle) = self.limits();
        let party = |who| Party {
            who,
            limits: limits.clone(),
            idle: idle.clone(),
            at: at.clone(),
        };
        whos.into_iter().map(party).collect()
    }
}

impl<'a> Case<'a> {
    fn judge(&self, caller: Caller<'_>) -> Judged<'a> {
        Judged {
            verdicts: self
                .groups
                .iter()
                .map(|group| (group, group.judge(&caller, self.version)))
                .collect(),
        }
    }

    fn everyone(&self, except: &[Text], at: &Location) -> Vec<Party> {
        let signed = self.judge(Caller::Signed);
        let anonymous = self.judge(Caller::Anonymous);
        let any = signed.open().or(anonymous.open());
        if any.is_yes() {
            let judged = if signed.open().is_yes() { &signed } else { &anonymous };
            let excluded = signed.verdicts.iter().flat_map(|(_, verdict)| verdict.excluded.clone());
            let who = match &self.further {
                Some(doubt) => Who::Unknown(doubt.clone()),
                None => Who::Public(Public {
                    anonymous: anonymous.open().is_yes(),
                    any_account: signed.open().is_yes(),
                    except: except.iter().cloned().chain(excluded).collect(),
                }),
            };
            return vec![judged.party(who, at)];
        }
        let mut parties = self.services(None, at);
        if any.is_unknown() {
            let undecided = if signed.open().is_unknown() {
                &signed
            } else {
                &anonymous
            };
            parties.extend(undecided.doubt().map(|doubt| undecided.party(Who::Unknown(doubt), at)));
        } else if signed.possible() {
            parties.extend(signed.parties(self.named(&signed), at));
        } else if anonymous.possible() {
            parties.push(anonymous.party(Who::Limited, at));
        }
        parties
    }

    /// Whom the values of a statement open to everyone leave.
    fn named(&self, judged: &Judged<'_>) -> Vec<Who> {
        let view = self.view;
        if let Some(arns) = judged
            .named(Key::PrincipalArn)
            .or_else(|| judged.named(Key::PrincipalId))
        {
            let accounts = judged.named(Key::PrincipalAccount).unwrap_or_default();
            let accounts: Vec<_> = accounts.iter().map(|id| view.account(id)).collect();
            let of = |arn: &&Text| accounts.is_empty() || accounts.iter().any(|account| is_of(arn, account));
            return arns.iter().filter(of).map(|arn| principal(arn, view)).collect();
        }
        let accounts = [Key::PrincipalAccount, Key::SourceOwner, Key::AccessPointAccount];
        if let Some(ids) = accounts.iter().find_map(|key| judged.named(*key)) {
            return ids.iter().map(|id| Who::Account(view.account(id))).collect();
        }
        if let Some(arns) = judged.named(Key::AccessPointArn) {
            return arns.iter().map(|arn| Who::Account(view.account_of(arn))).collect();
        }
        let organizations = [Key::PrincipalOrg, Key::PrincipalOrgPath];
        if let Some(ids) = organizations.iter().find_map(|key| judged.named(*key)) {
            return vec![Who::Organization {
                ids: ids.to_vec(),
                standing: widest(ids.iter().map(|id| view.organization(id))),
            }];
        }
        vec![Who::Limited]
    }

    /// `{"AWS": ...}` of anything but `*`.
    fn aws(&self, entry: &Principal) -> Vec<Party> {
        let who = aws_principal(entry, self.view);
        let (account, arn) = match &who {
            Who::Account(account) => (account, None),
            Who::Principal { arn, account } => (account, Some(arn).filter(|arn| is_request_arn(arn))),
            _ => return self.other(entry, |_, _| who),
        };
        let judged = self.judge(Caller::Known { account, arn });
        if judged.open().is_no() {
            return Vec::new();
        }
        let mut whos = vec![who.clone()];
        if let (Who::Account(account), Some(group)) = (&who, self.group(Key::PrincipalArn)) {
            let named = group.judge(&Caller::Signed, self.version);
            if named.open.is_no() {
                let of = named.named.iter().filter(|arn| is_of(arn, account));
                whos = of.map(|arn| principal_of(arn, account, self.view)).collect();
            }
        }
        let member = self.asks_for_our_organization();
        let whos = whos.into_iter().map(|who| if member { trusted(who) } else { who });
        judged.parties(whos, &entry.at)
    }

    /// Whether only members of organizations that are own or trusted pass.
    fn asks_for_our_organization(&self) -> bool {
        let ours = |id: &Text| matches!(self.view.organization(id), Standing::Own | Standing::Trusted);
        [Key::PrincipalOrg, Key::PrincipalOrgPath].iter().any(|key| {
            let verdict = self.group(*key).map(|group| group.judge(&Caller::Signed, self.version));
            verdict.is_some_and(|verdict| {
                verdict.open.is_no() && !verdict.named.is_empty() && verdict.named.iter().all(ours)
            })
        })
    }

    fn group(&self, key: Key) -> Option<&'a Group<'a>> {
        self.groups.iter().find(|group| group.key == key)
    }

    fn service(&self, entry: &Principal) -> Vec<Party> {
        self.services(Some(&entry.text), &entry.at)
    }

    /// One service, or (of a statement open to everyone) any.
    fn services(&self, name: Option<&Text>, at: &Location) -> Vec<Party> {
        let judged = self.judge(Caller::Service(name));
        if !judged.possible() {
            return Vec::new();
        }
        let mut scope = self.scope(&judged);
        scope.doubt = scope.doubt.or_else(|| self.further.clone());
        let Some(name) = name else {
            return self.any_service(scope, &judged, at);
        };
        let who = Who::Service {
            name: Some(name.clone()),
            scope: Arc::new(scope),
        };
        vec![judged.party(who, at)]
    }

    /// `Principal: *` where conditions ask for a service: by name, or by what it acts for.
    fn any_service(&self, scope: Scope, judged: &Judged<'_>, at: &Location) -> Vec<Party> {
        let asked = [
            Key::IsService,
            Key::ServiceName,
            Key::SourceAccount,
            Key::SourceOwner,
            Key::SourceArn,
            Key::SourceOrg,
            Key::SourceOrgPath,
        ];
        let closed_to_others = self.judge(Caller::Signed);
        let for_services = closed_to_others
            .verdicts
            .iter()
            .any(|(group, verdict)| asked.contains(&group.key) && verdict.open.is_no());
        if !for_services {
            return Vec::new();
        }
        let by_account = !scope.accounts.is_empty() && scope.arns.is_empty() && scope.organizations.is_empty();
        if by_account && self.group(Key::IsService).is_none() && self.group(Key::ServiceName).is_none() {
            return judged.parties(scope.accounts.into_iter().map(Who::Account), at);
        }
        let names: Vec<Option<Text>> = match self.group(Key::ServiceName) {
            Some(group) => {
                let values = group.constraints.iter().flat_map(|c| &c.condition.values);
                values.map(|leaf| Some(leaf.text.clone())).collect()
            }
            None => vec![None],
        };
        let scope = Arc::new(scope);
        let with_scope = |name| Who::Service {
            name,
            scope: scope.clone(),
        };
        judged.parties(names.into_iter().map(with_scope), at)
    }

    fn scope(&self, judged: &Judged<'_>) -> Scope {
        let mut scope = Scope::default();
        for (group, verdict) in &judged.verdicts {
            if verdict.open.is_yes() || verdict.free {
                continue;
            }
            let named = verdict.named.iter();
            match group.key {
                _ if verdict.open.is_unknown() => scope.doubt = scope.doubt.or_else(|| group.doubt()),
                Key::SourceArn => scope.arns = named.map(|arn| source(arn, self.view)).collect(),
                Key::SourceAccount | Key::SourceOwner => {
                    scope.accounts = named.map(|id| self.view.account(id)).collect();
                }
                Key::SourceOrg | Key::SourceOrgPath => scope.organizations = named.cloned().collect(),
                Key::Token => scope.token = true,
                _ => {}
            }
        }
        scope
    }

    /// A party whose request keys are not known: every condition may be met and counts as a limit.
    fn other(&self, entry: &Principal, who: impl FnOnce(Text, &View) -> Who) -> Vec<Party> {
        let judged = self.judge(Caller::Other);
        vec![judged.party(who(entry.text.clone(), self.view), &entry.at)]
    }
}

/// An entry of `{"AWS": ...}`: an account id, an ARN, a unique id, or a hole for one of them.
fn aws_principal(entry: &Principal, view: &View) -> Who {
    let text = &entry.text;
    match text.as_literal() {
        Some(id) if is_account_id(id) => return Who::Account(view.account(text)),
        Some(_) => {}
        None if text.as_attribute().is_some() => return principal(text, view),
        None if Arn::parse(text).is_none() => {
            let account = view.account(text);
            return match account.standing {
                Standing::Own => Who::Account(account),
                _ => Who::Unknown(unknown(text, &entry.at)),
            };
        }
        None => {}
    }
    principal(text, view)
}

/// `aws:PrincipalArn` of the caller is the entry itself, which holds for users and roles; a session
/// shows the ARN of its role.
fn is_request_arn(arn: &Text) -> bool {
    Arn::parse(arn).is_some_and(|arn| arn.service.as_literal() == Some("iam") && !has_wildcard(&arn.resource))
}

fn principal(arn: &Text, view: &View) -> Who {
    let account = view.account_of(arn);
    match Arn::parse(arn) {
        Some(parsed) if parsed.resource.as_literal() == Some("root") => Who::Account(account),
        _ => Who::Principal {
            arn: arn.clone(),
            account,
        },
    }
}

/// A principal of an account that is known from elsewhere.
fn principal_of(arn: &Text, account: &Account, view: &View) -> Who {
    match principal(arn, view) {
        Who::Principal { arn, .. } => Who::Principal {
            arn,
            account: account.clone(),
        },
        other => other,
    }
}

/// A principal that is not of a stranger, whatever its account.
fn trusted(mut who: Who) -> Who {
    if let Who::Account(account) | Who::Principal { account, .. } = &mut who
        && matches!(account.standing, Standing::Foreign | Standing::Unknown)
    {
        account.standing = Standing::Trusted;
    }
    who
}

fn source(arn: &Text, view: &View) -> Source {
    let owner = match Arn::parse(arn) {
        Some(parsed) if parsed.account.as_literal() == Some("") || is_bucket(&parsed) => Owner::NameHolder,
        Some(parsed) if has_wildcard(&parsed.account) => Owner::AnyAccount,
        Some(parsed) => Owner::Account(view.account(&parsed.account)),
        // The ARN of a bucket has no account, also where it is not written out.
        None if arn
            .as_attribute()
            .is_some_and(|attribute| matches!(attribute.of, AnyId::Bucket(_))) =>
        {
            Owner::NameHolder
        }
        None if arn.as_attribute().is_some() => Owner::Account(view.account(&own_account())),
        None => Owner::Unknown,
    };
    Source {
        arn: arn.clone(),
        owner,
    }
}

/// The ARN of a bucket has no account, whatever the pattern has in its place.
fn is_bucket(arn: &Arn) -> bool {
    arn.service.as_literal() == Some("s3")
        && has_wildcard(&arn.account)
        && !arn.resource.prefix().starts_with("accesspoint")
}

fn own_account() -> Text {
    Text::hole(Why::Pseudo("AWS::AccountId".into()))
}

fn widest(standings: impl Iterator<Item = Standing>) -> Standing {
    standings.max().unwrap_or(Standing::Unknown)
}
