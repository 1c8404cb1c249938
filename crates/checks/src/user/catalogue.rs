//! The members of every noun, for the table in the documents.

use super::{kinds, relate, types};
use maremma_model::Estate;

/// One noun as expressions see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noun {
    /// What messages call it: `layer_version`.
    pub name: String,
    /// The name of its table: `estate.functions`.
    pub table: &'static str,
    /// The CloudFormation types that a check may be about; none where it is only looked at from elsewhere.
    pub kinds: Vec<&'static str>,
    /// Paths and what is there: `vpc.subnets`, `list of subnet`.
    pub members: Vec<(String, String)>,
}

/// Every noun with its members. Those that every row has are left out.
pub fn members() -> Vec<Noun> {
    let nouns = Estate::TABLES.iter().filter_map(|(table, noun)| {
        let record = types::noun(noun)?;
        let mut members = Vec::new();
        for (name, of) in &record.members {
            let head = types::HEAD.contains(name) && *of == types::Type::Text;
            if !head || relate::find(noun, name).is_some() {
                paths(name, of, &mut members);
            }
        }
        Some(Noun {
            name: types::variable(noun),
            table,
            kinds: kinds::of(noun).collect(),
            members,
        })
    });
    nouns.collect()
}

fn paths(path: &str, of: &types::Type, found: &mut Vec<(String, String)>) {
    match of {
        types::Type::Record(record) => {
            for (name, of) in &record.members {
                paths(&format!("{path}.{name}"), of, found);
            }
        }
        types::Type::List(item) if matches!(**item, types::Type::Record(_)) => paths(&format!("{path}[]"), item, found),
        types::Type::Nothing => {}
        of => found.push((path.to_owned(), of.to_string())),
    }
}
