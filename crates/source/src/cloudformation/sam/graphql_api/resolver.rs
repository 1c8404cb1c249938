//! Functions and resolvers of a GraphQL API.

use super::super::Sam;
use super::super::handed_on::{properties, same};
use super::super::make::{Make, set};
use super::{Api, data_source};
use maremma_model::{Entry, GapKind, Node};

/// What a resolver runs before and after its functions where no code is written: nothing of its own.
const PASSING_ON: &str = "export function request(ctx) { return {}; }\n\
                          export function response(ctx) { return ctx.prev.result; }\n";

pub(super) fn functions(sam: &mut Sam<'_>, api: &Api<'_>) {
    for entry in api.entries("Functions") {
        // A function of another place is named by its id, and nothing is made for it.
        if entry.value.get("Id").is_some() {
            continue;
        }
        let make = Make(entry.key_place);
        let mut made = code(entry);
        if !has_code(&made) {
            let reason = format!("function {}: InlineCode or CodeUri is missing", entry.key);
            sam.gap(GapKind::Unparsed, reason, entry.key_place);
        }
        made.extend(same(Some(&entry.value), &["Description", "MaxBatchSize"]));
        let name = entry.value.get("Name").filter(|name| !name.is_null()).cloned();
        made.push(("Name", name.unwrap_or_else(|| make.text(&entry.key))));
        made.push(api.api_id(make));
        made.extend(data_source(sam, api, entry).map(|name| ("DataSourceName", name)));
        let function = make.resource("AWS::AppSync::FunctionConfiguration", made);
        api.add(sam, &api.id(&entry.key), function);
    }
}

/// `InlineCode` or `CodeUri`, and what runs it.
fn code(entry: &Entry) -> Vec<(&'static str, Node)> {
    let names = [
        ("InlineCode", "Code"),
        ("CodeUri", "CodeS3Location"),
        ("Sync", "SyncConfig"),
    ];
    let mut made = properties(Some(&entry.value), &names);
    if let Some(runtime) = entry.value.get("Runtime").filter(|runtime| !runtime.is_null()) {
        let names = [("Name", "Name"), ("Version", "RuntimeVersion")];
        let parts = properties(Some(runtime), &names);
        made.push(("Runtime", Make(runtime.place).map(parts)));
    }
    made
}

fn has_code(made: &[(&str, Node)]) -> bool {
    made.iter().any(|(name, _)| matches!(*name, "Code" | "CodeS3Location"))
}

/// The name of the data source that a function asks: one of the API, one of another place, or none.
fn data_source(sam: &mut Sam<'_>, api: &Api<'_>, entry: &Entry) -> Option<Node> {
    let Some(written) = entry.value.get("DataSource").filter(|node| !node.is_null()) else {
        let reason = format!("function {}: DataSource is missing", entry.key);
        sam.gap(GapKind::Unparsed, reason, entry.key_place);
        return None;
    };
    let make = Make(written.place);
    let Some(key) = written.as_str() else {
        return Some(written.clone());
    };
    if key.eq_ignore_ascii_case("NONE") {
        let id = api.id("NoneDataSource");
        let parts = vec![api.api_id(make), ("Name", make.text(&id)), ("Type", make.text("NONE"))];
        api.add(sam, &id, make.resource("AWS::AppSync::DataSource", parts));
        return Some(make.get_att(&id, "Name"));
    }
    let id = data_source::id_of(api, key);
    if id.is_none() {
        let reason = format!("function {}: the API has no data source {key}", entry.key);
        sam.gap(GapKind::Absent, reason, written.place);
    }
    id.map(|id| make.get_att(&id, "Name"))
}

pub(super) fn resolvers(sam: &mut Sam<'_>, api: &Api<'_>) {
    for of_type in api.entries("Resolvers") {
        for entry in of_type.value.entries() {
            resolver(sam, api, &of_type.key, entry);
        }
    }
}

fn resolver(sam: &mut Sam<'_>, api: &Api<'_>, of_type: &str, entry: &Entry) {
    let make = Make(entry.key_place);
    let mut made = code(entry);
    if !has_code(&made) {
        made.push(("Code", make.text(PASSING_ON)));
        if !made.iter().any(|(name, _)| *name == "Runtime") {
            let parts = [("Name", "APPSYNC_JS"), ("RuntimeVersion", "1.0.0")];
            let parts = parts.map(|(name, value)| (name, make.text(value)));
            made.push(("Runtime", make.map(parts.to_vec())));
        }
    }
    // A pipeline has no conflicts of its own: `Sync` belongs to its functions.
    made.retain(|(name, _)| *name != "SyncConfig");
    let names = [("Caching", "CachingConfig"), ("MaxBatchSize", "MaxBatchSize")];
    made.extend(properties(Some(&entry.value), &names));
    let field = entry.value.get("FieldName").filter(|name| !name.is_null()).cloned();
    made.push(("FieldName", field.unwrap_or_else(|| make.text(&entry.key))));
    made.push(("TypeName", make.text(of_type)));
    made.push(("Kind", make.text("PIPELINE")));
    made.push(api.api_id(make));
    if let Some(pipeline) = entry.value.get("Pipeline").filter(|pipeline| !pipeline.is_null()) {
        let functions = pipeline.items().iter().map(|item| function(sam, api, item)).collect();
        let make = Make(pipeline.place);
        made.push(("PipelineConfig", make.map(vec![("Functions", make.list(functions))])));
    } else {
        let reason = format!("resolver {}: Pipeline is missing", entry.key);
        sam.gap(GapKind::Unparsed, reason, entry.key_place);
    }
    let mut resolver = make.resource("AWS::AppSync::Resolver", made);
    let schema = make.list(vec![make.text(&api.id("Schema"))]);
    set(&mut resolver, "DependsOn", schema);
    api.add(sam, &api.id(&format!("{of_type}{}", entry.key)), resolver);
}

/// The id of a function of a pipeline.
fn function(sam: &Sam<'_>, api: &Api<'_>, item: &Node) -> Node {
    let Some(key) = item.as_str() else {
        return item.clone();
    };
    let entries = api.entries("Functions");
    match entries.iter().find(|entry| &*entry.key == key) {
        Some(entry) => match entry.value.get("Id") {
            Some(id) => id.clone(),
            None => Make(item.place).get_att(&api.id(key), "FunctionId"),
        },
        None => {
            let reason = format!("Pipeline: the API has no function {key}");
            sam.gap(GapKind::Absent, reason, item.place);
            item.clone()
        }
    }
}
