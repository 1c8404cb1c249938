//! What follows from what was asked: of which types an account and region are known as a whole.

use super::answer::{Answer, Call, Said};
use super::operation::Operation;
use super::reading::{Home, Key, Reading, key};
use super::{table, unasked};
use maremma_model::{AnyId, Coverage, Extent, GapKind, UnitId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The resources of each type in each unit.
type Members = HashMap<(UnitId, &'static str), Vec<AnyId>>;

/// The lists that were asked for, and whether their last page is there.
#[derive(Default)]
struct Asked<'a> {
    complete: BTreeSet<(&'a Home, Key)>,
    cut: BTreeSet<(&'a Home, Key)>,
}

/// Says how much of each type the answers hold.
pub(super) fn tell(reading: &mut Reading<'_>, answers: &[Answer]) {
    let homes: Vec<(Home, UnitId)> = reading.homes().map(|(home, unit)| (home.clone(), unit)).collect();
    let asked = asked(reading, answers, &homes);
    let mut members: Members = HashMap::new();
    for (id, cfn, unit) in &reading.declared {
        members.entry((*unit, *cfn)).or_default().push(*id);
    }
    let mut found = Vec::new();
    for (home, unit) in &homes {
        let mut tables: BTreeMap<&str, Extent> = BTreeMap::new();
        // Lists of a region come first: what is asked of each of their members hangs on them.
        let (wide, narrow): (Vec<_>, Vec<_>) = table::all().partition(|operation| operation.of.is_empty());
        for operation in wide {
            if let Some(extent) = of_list(reading, &asked, home, operation) {
                join(&mut tables, operation, &extent);
            }
        }
        for operation in narrow {
            if let Some(mut extent) = of_each(reading, &tables, &members, *unit, operation) {
                if asked.cut.contains(&(home, key(operation))) {
                    extent =
                        Extent::Partial(format!("{} {}: a page is missing", operation.service, operation.name).into());
                }
                join(&mut tables, operation, &extent);
            }
        }
        found.extend(tables.into_iter().map(|(table, extent)| Coverage {
            table: table.into(),
            account: Some(home.0.clone()),
            region: home.1.clone(),
            extent,
        }));
    }
    reading.estate.coverage.extend(found);
}

/// One operation may hold a table as a whole of which another knows a part.
fn join(tables: &mut BTreeMap<&str, Extent>, operation: &'static Operation, extent: &Extent) {
    for table in operation.tables().filter(|table| *table != operation.of) {
        let known = tables.entry(table).or_insert_with(|| extent.clone());
        if *extent == Extent::Complete {
            *known = Extent::Complete;
        }
    }
}

fn of_list(reading: &Reading<'_>, asked: &Asked<'_>, home: &Home, operation: &Operation) -> Option<Extent> {
    let partial = |words: String| Some(Extent::Partial(words.into()));
    let call = key(operation);
    let (service, name) = call;
    if asked.complete.contains(&(home, call)) {
        return match operation.part {
            "" => Some(Extent::Complete),
            part => partial(part.to_owned()),
        };
    }
    if asked.cut.contains(&(home, call)) {
        return partial(format!("{service} {name}: a page is missing"));
    }
    let code = reading.errors.lists.get(&(home.clone(), call))?;
    partial(format!("{service} {name} answered {code}"))
}

/// The extent of what is asked of each resource of a type: all of it where all of them are known, and each was asked.
fn of_each(
    reading: &Reading<'_>,
    tables: &BTreeMap<&str, Extent>,
    members: &Members,
    unit: UnitId,
    operation: &'static Operation,
) -> Option<Extent> {
    let call = key(operation);
    let (service, name) = call;
    let own = members.get(&(unit, operation.of)).map_or(&[][..], Vec::as_slice);
    let all = own.len();
    let told = own.iter().filter(|id| unasked::is_told(reading, **id, call)).count();
    let around = tables.get(operation.of).cloned();
    match around {
        Some(Extent::Complete) if told == all && operation.part.is_empty() => Some(Extent::Complete),
        _ if told == 0 => None,
        Some(Extent::Partial(words)) if told == all => Some(Extent::Partial(words)),
        Some(Extent::Complete) if told == all => Some(Extent::Partial(operation.part.into())),
        _ if told == all => {
            let words = format!("whether there are more of {} was not asked", operation.of);
            Some(Extent::Partial(words.into()))
        }
        _ => {
            let words = format!("{service} {name} was answered for {told} of {all}");
            Some(Extent::Partial(words.into()))
        }
    }
}

/// The keys under which an answer says that it goes on. `Marker` counts only with `IsTruncated`.
const TOKENS: &[&str] = &[
    "NextToken",
    "nextToken",
    "NextMarker",
    "Marker",
    "position",
    "LastEvaluatedTableName",
    "ContinuationToken",
];

/// The pages of one list: where it was asked, the operation and what it is about.
type Page = (Home, Key, Vec<Arc<str>>);

fn page(call: &Call) -> Page {
    let arguments = match call.operation.of {
        "" => Vec::new(),
        _ => call.arguments.clone(),
    };
    let home = (call.account.clone(), call.region.clone());
    (home, key(call.operation), arguments)
}

/// Which lists are there as a whole: each page but the last says that there is another.
fn asked<'h>(reading: &Reading<'_>, answers: &[Answer], homes: &'h [(Home, UnitId)]) -> Asked<'h> {
    let mut pages: HashMap<Page, (usize, usize)> = HashMap::new();
    for answer in answers {
        let Said::Body(body) = &answer.said else { continue };
        let (all, going_on) = pages.entry(page(&answer.call)).or_default();
        *all += 1;
        *going_on += usize::from(goes_on(body));
    }
    let homes: HashMap<&Home, &'h Home> = homes.iter().map(|(home, _)| (home, home)).collect();
    let mut asked = Asked::default();
    for answer in answers {
        let page = page(&answer.call);
        let Some((all, going_on)) = pages.remove(&page) else {
            continue;
        };
        let Some(home) = homes.get(&page.0).copied() else {
            continue;
        };
        if going_on < all {
            asked.complete.insert((home, page.1));
            continue;
        }
        asked.cut.insert((home, page.1));
        let reason = format!(
            "{}: the answer goes on in a page that is not here: collect it without --max-items and --no-paginate",
            answer.call.words()
        );
        reading.resources.gap(GapKind::Absent, reason, answer.at.clone());
    }
    asked
}

fn goes_on(body: &maremma_model::Document) -> bool {
    let says = |body: &maremma_model::Document, key: &str| {
        body.get(key)
            .and_then(maremma_model::Document::as_str)
            .is_some_and(|token| !token.is_empty() && token != "false")
    };
    let inner = body.fields().iter().map(|field| &field.value);
    std::iter::once(body).chain(inner).any(|body| {
        if body.get("IsTruncated").is_some() {
            return says(body, "IsTruncated");
        }
        TOKENS.iter().any(|token| says(body, token)) || says(body, "HasMoreStreams")
    })
}
