//! What an execution role may do: its statements, managed policies and boundary.

use super::pair::{Feature, Features};
use super::told::{Side, Statement, Told};
use crate::access::identity::identity;
use crate::context::relations::items;
use maremma_iam::{Condition, Effect, Policy, Principal, PrincipalKind, Principals, Selection};
use maremma_model::change::Aspect;
use maremma_model::{Id, Role, Setting, State, Text};

/// What a role of one estate may do.
pub(super) fn features(side: &Side<'_>, id: Id<Role>) -> Features {
    let mut features = Features::default();
    let Some(row) = side.context.estate.roles.get(id) else {
        return features;
    };
    let Some(identity) = identity(side.context, id, row) else {
        return features;
    };
    for source in identity.sources.iter().filter(|source| source.aws.is_none()) {
        let when = source.when.map(|when| &**when);
        statements(side, source.policy, when, &mut features);
    }
    let managed = &row.policies.managed;
    note_unknown(managed, Aspect::ManagedPolicy, &mut features);
    for link in items(managed) {
        let told = side.link(link);
        if told.is_unknown() {
            unknown(Aspect::PolicyStatement, told.to_string(), &mut features);
        }
        let feature = Feature::new(Aspect::ManagedPolicy, "", &managed.at);
        features.list.push(feature.key(told));
    }
    let boundary = &row.policies.boundary;
    if let Some(told) = side.setting(boundary, &|link| side.link(link)) {
        let feature = Feature::new(Aspect::PermissionsBoundary, "", &boundary.at);
        features.list.push(feature.value(told));
    }
    features
}

/// Says of a list that is not known as a whole, and of members that are not.
pub(super) fn note_unknown<T>(list: &Setting<Vec<Setting<T>>>, aspect: Aspect, features: &mut Features) {
    let members = list.possible().flatten();
    let hole = |state: &State<T>| match state {
        State::Unknown(unknown) if unknown.candidates.is_empty() => Some(unknown.why.name().to_owned()),
        _ => None,
    };
    let whole = match &list.state {
        State::Unknown(known) if known.candidates.is_empty() => Some(known.why.name().to_owned()),
        _ => None,
    };
    if let Some(why) = whole.or_else(|| members.into_iter().find_map(|member| hole(&member.state))) {
        unknown(aspect, why, features);
    }
}

pub(super) fn unknown(aspect: Aspect, why: String, features: &mut Features) {
    features.partial.entry(aspect).or_insert(why);
}

fn statements(side: &Side<'_>, policy: &Policy, when: Option<&str>, features: &mut Features) {
    if let Some(unread) = policy.unread.first() {
        unknown(Aspect::PolicyStatement, unread.why.name().to_owned(), features);
    } else if let Some(problem) = policy.problems.first() {
        unknown(Aspect::PolicyStatement, problem.to_string(), features);
    }
    for statement in &policy.statements {
        let mut feature = Feature::new(Aspect::PolicyStatement, "", &statement.at);
        feature.name = statement.sid.as_ref().map(|sid| sid.text.to_string());
        features.list.push(feature.key(told(side, statement, when)));
    }
}

/// A statement, whatever its name and the order of what it lists.
pub(super) fn told(side: &Side<'_>, statement: &maremma_iam::Statement, when: Option<&str>) -> Told {
    let mut head = match &statement.effect {
        Effect::Allow => "Allow".to_owned(),
        Effect::Deny => "Deny".to_owned(),
        Effect::Unknown(why) => format!("effect ${{{}}}", why.name()),
    };
    let worlds = statement.world.words().iter().map(|word| &**word).chain(when);
    let worlds: Vec<&str> = worlds.collect();
    if !worlds.is_empty() {
        head = format!("{head} (when {})", worlds.join(" and "));
    }
    if statement.conditions_unknown.is_some() {
        head.push_str(" (under conditions that are not known)");
    }
    let (negated, principals) = match &statement.principals {
        Principals::Unstated => (false, &[][..]),
        Principals::Only(principals) => (false, principals.as_slice()),
        Principals::AllBut(principals) => (true, principals.as_slice()),
    };
    let but = |negated: bool, text: Text| match negated {
        true => Text::concat([&"all but ".into(), &text]),
        false => text,
    };
    let selected = |selection: &Selection| -> Vec<Text> {
        let texts = selection.items.iter();
        texts
            .map(|leaf| but(selection.negated, side.text(&leaf.text)))
            .collect()
    };
    let principals = principals.iter();
    Told::Statement(Box::new(Statement {
        head,
        principals: sorted(principals.map(|one| but(negated, principal(side, one))).collect()),
        actions: sorted(selected(&statement.actions)),
        resources: sorted(statement.resources.as_ref().map(selected).unwrap_or_default()),
        conditions: sorted(
            statement
                .conditions
                .iter()
                .flat_map(|one| condition(side, one))
                .collect(),
        ),
    }))
}

fn sorted(mut texts: Vec<Text>) -> Vec<Text> {
    texts.sort();
    texts.dedup();
    texts
}

fn principal(side: &Side<'_>, principal: &Principal) -> Text {
    let text = side.text(&principal.text);
    let kind = match principal.kind {
        PrincipalKind::Everyone => return "everyone".into(),
        PrincipalKind::Aws | PrincipalKind::Service | PrincipalKind::Unknown => return text,
        PrincipalKind::Federated => "federated ",
        PrincipalKind::CanonicalUser => "canonical user ",
    };
    Text::concat([&kind.into(), &text])
}

/// One text a value: values of one test are alternatives, and have no order.
fn condition(side: &Side<'_>, condition: &Condition) -> Vec<Text> {
    let head: Text = Text::literal(format!("{} {} ", condition.operator, condition.key));
    let values = condition.values.iter();
    values
        .map(|value| Text::concat([&head, &side.text(&value.text)]))
        .collect()
}
