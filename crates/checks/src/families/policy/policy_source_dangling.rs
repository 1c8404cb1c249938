//! A permission for a route that the API does not have.

use crate::access::permission::{Case, judge_permissions};
use crate::verdict::answer::{Answer, gravest};
use crate::{Check, Context, Findings};
use maremma_iam::{Leaf, overlap};
use maremma_model::noun::{HttpApi, RestApi};
use maremma_model::{
    AnyId, Confidence, Control, Fix, Id, Link, Noun, Piece, Rule, Setting, Severity, State, Text, Tier, UnitId, Why,
};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "policy-source-dangling",
        title: "Permission for a route that does not exist",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Permission",
        controls: &[Control::nist("AC-6"), Control::owasp("SAS-11")],
        equivalents: &[],
        page: include_str!("policy_source_dangling.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let bad = |case: &Case| {
        format!(
            "A permission of {} is for a route that its API does not have",
            case.function
        )
    };
    let known = RefCell::new(Known::default());
    judge_permissions(context, findings, bad, |case, statement, _| {
        let conditions = statement.conditions.iter();
        let sources = conditions.filter(|condition| condition.is_on("aws:SourceArn") && !condition.operator.negated());
        let answers = sources
            .flat_map(|condition| &condition.values)
            .filter_map(|source| answer(context, &known, case, source));
        gravest(answers).unwrap_or_else(|| {
            Answer::not_applicable(&statement.at, "SourceArn names no route of an API of this input")
        })
    });
    if known.borrow().compared > MOST_COMPARED {
        findings.not_assessed("an API has more routes, and permissions for them, than are compared");
    }
}

/// In pairs of bytes that a pattern and a route put side by side, over all permissions: some seconds of work.
const MOST_COMPARED: usize = 200_000_000;

#[derive(Default)]
struct Known {
    /// The routes of the APIs that were asked for: many permissions are for the routes of one.
    routes: HashMap<AnyId, Result<BTreeSet<String>, Why>>,
    compared: usize,
}

/// `None` where the source is no route of an API of this input.
fn answer(context: &Context<'_>, known: &RefCell<Known>, case: &Case, source: &Leaf) -> Option<Answer> {
    let (api, tail) = route(&source.text)?;
    let name = context.name(api);
    let bad = format!(
        "The permission to invoke {} is for a route that API {name} does not have: {tail}",
        case.function
    );
    let Known { routes, compared } = &mut *known.borrow_mut();
    let routes = routes.entry(api).or_insert_with(|| match api {
        AnyId::RestApi(id) => rest_routes(context, id),
        AnyId::HttpApi(id) => http_routes(context, id),
        _ => Err(Why::NotKept),
    });
    let told = match routes {
        Ok(routes) if routes.is_empty() => {
            Answer::not_applicable(&source.at, format!("API {name} has no route in this input"))
        }
        Ok(routes) if routes.contains(&tail) => Answer::pass(&source.at, format!("API {name} has a route {tail}")),
        Ok(routes) if is_too_much(compared, &tail, routes) => {
            Answer::not_applicable(&source.at, "there are too many routes and permissions to compare")
        }
        Ok(routes) if routes.iter().any(|route| meet(&tail, route)) => {
            Answer::pass(&source.at, format!("API {name} has a route {tail}"))
        }
        Ok(_) => {
            let fix = Fix::new("Remove the permission, or name the route that is meant");
            Answer::fail(
                &source.at,
                bad,
                format!("SourceArn is for {tail}, which no route of API {name} is"),
            )
            .fix(fix)
        }
        Err(why) => Answer::undetermined(
            &source.at,
            &bad,
            "which routes the API has is not all known",
            Some(why.clone()),
        ),
    };
    Some(told)
}

/// The API, and what stands behind its id: stage, method and path, with a wildcard for what is not known.
fn route(source: &Text) -> Option<(AnyId, String)> {
    if !source.prefix().starts_with("arn:") {
        return None;
    }
    let pieces = source.pieces();
    let (place, api) = pieces.iter().enumerate().find_map(|(place, piece)| match piece {
        Piece::Hole(hole) => {
            let of = hole.stands_for.as_ref()?.of;
            matches!(of, AnyId::RestApi(_) | AnyId::HttpApi(_)).then_some((place, of))
        }
        Piece::Literal(_) => None,
    })?;
    let tail = Text::from_pieces(pieces.into_iter().skip(place + 1)).marked('*');
    // An authorizer is no route, and what is for every route of a stage is for those that there are.
    let every = tail.split('/').skip(2).all(|part| part.is_empty() || part == "*");
    (tail.starts_with('/') && !tail.starts_with("/authorizers/") && !every).then_some((api, tail))
}

/// The sources that API Gateway names when it calls for the routes of an API, with wildcards for the stage
/// and for parameters in paths; or why they are not all known.
/// Source: API Gateway developer guide, "ARN format of API execution".
fn rest_routes(context: &Context<'_>, id: Id<RestApi>) -> Result<BTreeSet<String>, Why> {
    let api = context.estate.rest_apis.get(id).ok_or(Why::NotKept)?;
    read_whole(&api.body)?;
    let rows = context.estate.rest_methods.values();
    let rows = rows.map(|row| (row.resource.unit, &row.api, (row, &row.method)));
    let own = of_api(id, api.resource.unit, rows)?;
    let shown = own.into_iter().map(|(row, method)| {
        let method = method
            .value()
            .map_or_else(|| "*".to_owned(), |method| method.marked('*'));
        format!(
            "/*/{}{}",
            if method == "ANY" { "*" } else { &method },
            open(&row.path.marked('*'))
        )
    });
    Ok(shown.collect())
}

/// As [`rest_routes`], of HTTP and WebSocket APIs.
fn http_routes(context: &Context<'_>, id: Id<HttpApi>) -> Result<BTreeSet<String>, Why> {
    let api = context.estate.http_apis.get(id).ok_or(Why::NotKept)?;
    read_whole(&api.body)?;
    let rows = context.estate.http_routes.values();
    let rows = rows.map(|row| (row.resource.unit, &row.api, &row.route_key));
    let own = of_api(id, api.resource.unit, rows)?;
    let shown = own.into_iter().map(|key| {
        let key = key.value().map_or_else(|| "*".to_owned(), |key| key.marked('*'));
        match key.split_once(' ') {
            Some(("ANY", path)) => format!("/*/*{}", open(path)),
            Some((method, path)) => format!("/*/{method}{}", open(path)),
            None => format!("/*/{key}"),
        }
    });
    Ok(shown.collect())
}

fn read_whole(body: &Setting<()>) -> Result<(), Why> {
    match &body.state {
        State::Unknown(unknown) => Err(unknown.why.clone()),
        _ => Ok(()),
    }
}

/// What is known of the rows that are of an API; an error where one may be.
fn of_api<'c, T: Noun + 'c, V>(
    id: Id<T>,
    unit: UnitId,
    rows: impl Iterator<Item = (UnitId, &'c Setting<Link<T>>, V)>,
) -> Result<Vec<V>, Why> {
    let mut own = Vec::new();
    for (of, api, row) in rows {
        match &api.state {
            State::Unknown(unknown) if of == unit => return Err(unknown.why.clone()),
            _ if api.possible().any(|link| link.here() == Some(id)) => own.push(row),
            _ => {}
        }
    }
    Ok(own)
}

/// A path with wildcards for its parameters.
fn open(path: &str) -> String {
    let segments = path
        .split('/')
        .map(|segment| if segment.contains('{') { "*" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

fn is_too_much(compared: &mut usize, tail: &str, routes: &BTreeSet<String>) -> bool {
    let bytes: usize = routes.iter().map(String::len).sum();
    *compared = compared.saturating_add(bytes.saturating_mul(tail.len()));
    *compared > MOST_COMPARED
}

/// Whether some call is of both the pattern of the permission and the route.
fn meet(tail: &str, route: &str) -> bool {
    !overlap(&Text::literal(tail), &Text::literal(route)).is_no()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_a_path_stand_for_anything() {
        assert_eq!(open("/orders/{id}/lines/{line+}"), "/orders/*/lines/*");
        assert_eq!(open("/"), "/");
    }
}
