//! Which functions share a role, a layer version or a security group: what one of them can, all of them can.

use super::Page;
use super::escape::fragment;
use maremma_model::noun::{AnyLink, Function};
use maremma_model::{AnyId, Estate, Items, Link, Noun, Setting, UnitId};
use std::cmp::Reverse;
use std::collections::BTreeMap;

#[derive(Debug)]
pub(super) struct Kind<'a> {
    pub(super) title: &'static str,
    pub(super) word: &'static str,
    /// What two functions or more have, that of most first.
    pub(super) groups: Vec<Group<'a>>,
    /// How many of them one function has for itself.
    pub(super) alone: usize,
    /// `2 functions have`, where one that some function has is not known.
    pub(super) unknown: Option<String>,
}

#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) name: String,
    pub(super) fragment: String,
    /// Where it stands, if that is in this estate.
    pub(super) place: Option<String>,
    /// Addresses and names.
    pub(super) functions: Vec<(&'a str, &'a str)>,
}

/// What functions share. Names outside of the estate join nothing across units, unless they are ARNs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Here(AnyId),
    Outside(Option<UnitId>, String),
}

pub(super) fn shared<'a>(page: &'a Page<'a>) -> Vec<Kind<'a>> {
    vec![
        kind(page, "Execution roles", "role", |function| {
            keys(function, one(&function.role, &any))
        }),
        kind(page, "Layer versions", "layer", |function| {
            keys(function, many(&function.layers, &any))
        }),
        kind(page, "Security groups", "security-group", |function| {
            keys(function, many(&function.vpc.security_groups, &AnyLink::clone))
        }),
    ]
}

/// The links of a setting, and whether some are not known.
type Links = (Vec<AnyLink>, bool);

fn any<T: Noun>(link: &Link<T>) -> AnyLink {
    match link {
        Link::Here(id) => AnyLink::Here(T::any(*id)),
        Link::Outside(text) => AnyLink::Outside(text.clone()),
        Link::Unknown(why) => AnyLink::Unknown(why.clone()),
    }
}

fn one<L>(setting: &Setting<L>, any: &dyn Fn(&L) -> AnyLink) -> Links {
    let links: Vec<_> = setting.possible().map(any).collect();
    let unknown = setting.is_unknown() && links.is_empty();
    (links, unknown)
}

fn many<L>(items: &Items<L>, any: &dyn Fn(&L) -> AnyLink) -> Links {
    let entries: Vec<_> = items.possible().flatten().map(|entry| one(entry, any)).collect();
    let unknown = items.is_unknown() && entries.is_empty();
    let open = entries.iter().any(|(_, open)| *open);
    (
        entries.into_iter().flat_map(|(links, _)| links).collect(),
        unknown || open,
    )
}

fn keys(function: &Function, (links, mut unknown): Links) -> (Vec<Key>, bool) {
    let mut keys = Vec::new();
    for link in links {
        match link {
            AnyLink::Here(id) => keys.push(Key::Here(id)),
            AnyLink::Outside(text) => {
                let everywhere = text.as_literal().is_some_and(|text| text.starts_with("arn:"));
                keys.push(Key::Outside(
                    (!everywhere).then_some(function.resource.unit),
                    text.to_string(),
                ));
            }
            AnyLink::Unknown(_) => unknown = true,
        }
    }
    keys.sort();
    keys.dedup();
    (keys, unknown)
}

fn kind<'a>(
    page: &'a Page<'a>,
    title: &'static str,
    word: &'static str,
    keys: impl Fn(&Function) -> (Vec<Key>, bool),
) -> Kind<'a> {
    let mut members: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    let mut unknown = 0;
    for (at, row) in page.functions.rows.iter().enumerate() {
        let (keys, open) = keys(row.function);
        unknown += usize::from(open);
        for key in keys {
            members.entry(key).or_default().push(at);
        }
    }
    let alone = members.values().filter(|rows| rows.len() == 1).count();
    let mut groups: Vec<Group<'a>> = members
        .into_iter()
        .filter(|(_, rows)| rows.len() > 1)
        .map(|(key, rows)| group(page, word, &key, &rows))
        .collect();
    groups.sort_by(|a, b| (Reverse(a.functions.len()), &a.name).cmp(&(Reverse(b.functions.len()), &b.name)));
    Kind {
        title,
        word,
        groups,
        alone,
        unknown: match unknown {
            0 => None,
            1 => Some("1 function has".to_owned()),
            n => Some(format!("{n} functions have")),
        },
    }
}

fn group<'a>(page: &'a Page<'a>, word: &str, key: &Key, rows: &[usize]) -> Group<'a> {
    let estate: &Estate = page.run.estate;
    let unit = |id: UnitId| estate.unit(id).map_or("", |unit| &unit.name);
    let (name, id, place) = match key {
        Key::Here(id) => {
            let resource = estate.resource(*id);
            let address = resource.map_or("?", |resource| &resource.address);
            let id = format!(
                "{word}/{}#{address}",
                resource.map_or("", |resource| unit(resource.unit))
            );
            (
                address.to_owned(),
                id,
                resource.map(|resource| page.sources.words(&resource.at)),
            )
        }
        Key::Outside(within, name) => {
            let within = within.map_or("", unit);
            (name.clone(), format!("{word}/{within}#{name}"), None)
        }
    };
    Group {
        name: page.sources.masks.scrub(&name).into_owned(),
        fragment: fragment("shared", &id),
        place,
        functions: rows.iter().filter_map(|row| page.functions.link(*row)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{estate, run};
    use maremma_model::Text;

    #[test]
    fn names_outside_join_functions_of_one_unit_and_arns_all() {
        let mut estate = estate();
        let at = estate.functions.values().next().unwrap().resource.at.clone();
        let mut other = estate.functions.values().next().unwrap().clone();
        other.resource.unit = UnitId(1);
        estate.functions.push(other);
        let mut links = ["plain", "plain", "plain"]
            .map(|name| Link::Outside(Text::literal(name)))
            .into_iter();
        for function in estate.functions.values_mut() {
            function.role = Setting::set(links.next().unwrap(), at.clone());
        }
        let findings = [];
        let named = run(&estate, &findings);
        let page = Page::of(&named);
        let roles = &shared(&page)[0];
        assert_eq!((roles.groups.len(), roles.alone), (1, 1));
        assert_eq!(roles.groups[0].functions.len(), 2);

        let mut arns = estate.clone();
        for function in arns.functions.values_mut() {
            let arn = Text::literal("arn:aws:iam::111122223333:role/all");
            function.role = Setting::set(Link::Outside(arn), at.clone());
        }
        let named = run(&arns, &findings);
        let page = Page::of(&named);
        assert_eq!(shared(&page)[0].groups[0].functions.len(), 3);
    }
}
