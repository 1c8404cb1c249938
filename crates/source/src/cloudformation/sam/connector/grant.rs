//! What a connection makes: a policy of a role, a permission of a function, a policy of a queue or topic.

use super::super::Sam;
use super::super::make::{Make, set, slot};
use super::Connector;
use super::depend;
use super::end::End;
use super::fill::Ends;
use maremma_facts::sam_connectors;
use maremma_model::{GapKind, Node};
use serde_json::Value;

/// Pairs of types whose profile lists `Write` before `Read`.
const WRITE_FIRST: &[(&str, &str)] = &[
    ("AWS::Lambda::Function", "AWS::StepFunctions::StateMachine"),
    ("AWS::SQS::Queue", "AWS::Lambda::Function"),
];

/// A connection about to be made.
struct Connection<'c> {
    connector: &'c Connector<'c>,
    suffix: &'c str,
    ends: Ends<'c>,
    /// The profile's `Properties`.
    profile: &'c Value,
}

/// Makes what lets `source` use `destination`, and gives the logical ids of that.
pub(in super::super) fn connect(
    sam: &mut Sam<'_>,
    connector: &Connector<'_>,
    suffix: &str,
    source: &End,
    destination: &End,
) -> Vec<String> {
    let Some(profile) = sam_connectors().get(&source.kind, &destination.kind) else {
        let reason = format!(
            "connector {}: from {} to {} nothing is known that connects",
            connector.id, source.kind, destination.kind
        );
        sam.gap(GapKind::Unsupported, reason, connector.place);
        return Vec::new();
    };
    let connection = Connection {
        connector,
        suffix,
        ends: Ends {
            make: Make(connector.place),
            source,
            destination,
        },
        profile: profile.get("Properties").unwrap_or(&Value::Null),
    };
    let kind = profile.get("Type").and_then(Value::as_str).unwrap_or_default();
    let made = match kind {
        "AWS_IAM_ROLE_MANAGED_POLICY" => connection.role_policy(sam),
        "AWS_LAMBDA_PERMISSION" => connection.permissions(sam),
        "AWS_SQS_QUEUE_POLICY" => connection.resource_policy(sam, "AWS::SQS::QueuePolicy", "QueuePolicy", "Queues"),
        "AWS_SNS_TOPIC_POLICY" => connection.resource_policy(sam, "AWS::SNS::TopicPolicy", "TopicPolicy", "Topics"),
        _ => Err(format!("{kind} is no kind of connection that is known here")),
    };
    match made {
        Ok(ids) => {
            let depended_by = connection.profile.get("DependedBy").and_then(Value::as_str);
            depend::add(sam, depended_by.unwrap_or_default(), source, destination, &ids);
            ids
        }
        Err(reason) => {
            let reason = format!("connector {}: {reason}", connector.id);
            sam.gap(GapKind::Unsupported, reason, connector.place);
            Vec::new()
        }
    }
}

impl Connection<'_> {
    /// The parts of the profile for what is permitted, in the profile's order; what the profile does
    /// not know is told.
    fn categories(&self, sam: &Sam<'_>) -> Vec<(&str, &Value)> {
        let all = self.profile.get("AccessCategories").and_then(Value::as_object);
        let mut categories: Vec<_> = all
            .into_iter()
            .flatten()
            .map(|(name, value)| (&**name, value))
            .collect();
        let (source, destination) = (&*self.ends.source.kind, &*self.ends.destination.kind);
        if WRITE_FIRST.contains(&(source, destination)) {
            categories.reverse();
        }
        let asked = &self.connector.permissions;
        let known = |name: &str| categories.iter().any(|(category, _)| *category == name);
        if let Some(unknown) = asked.iter().find(|name| !known(name)) {
            self.refuse(sam, &format!("{source} cannot be given {unknown} of {destination}"));
        }
        categories.retain(|(name, _)| asked.iter().any(|asked| asked == name));
        let names: Vec<_> = categories.iter().map(|(name, _)| *name).collect();
        let valid = self.profile.get("ValidAccessCategories").and_then(Value::as_array);
        let fits = |combination: &Value| {
            let items = combination.as_array().map_or(&[][..], Vec::as_slice);
            items.len() == names.len() && items.iter().filter_map(Value::as_str).all(|name| names.contains(&name))
        };
        if valid.is_some_and(|valid| !valid.iter().any(fits)) {
            self.refuse(
                sam,
                "these Permissions are not given together or alone between these types",
            );
        }
        categories
    }

    /// The transform refuses this; what can be made of it is made all the same.
    fn refuse(&self, sam: &Sam<'_>, reason: &str) {
        let reason = format!("connector {}: {reason}", self.connector.id);
        sam.gap(GapKind::Unparsed, reason, self.connector.place);
    }

    fn document(&self, sam: &Sam<'_>) -> Result<Node, String> {
        let mut statements = Vec::new();
        for (_, category) in self.categories(sam) {
            let list = category.get("Statement").and_then(Value::as_array);
            for statement in list.map_or(&[][..], Vec::as_slice) {
                statements.push(self.ends.fill(statement)?);
            }
        }
        let make = self.ends.make;
        Ok(make.map(vec![
            ("Version", make.text("2012-10-17")),
            ("Statement", make.list(statements)),
        ]))
    }

    /// A managed policy of the role of the source, or of the destination where that is what acts.
    fn role_policy(&self, sam: &mut Sam<'_>) -> Result<Vec<String>, String> {
        let of_source = self.profile.get("SourcePolicy").and_then(Value::as_bool) == Some(true);
        let (end, word) = if of_source {
            (self.ends.source, "source")
        } else {
            (self.ends.destination, "destination")
        };
        let role = end
            .role_name
            .clone()
            .ok_or_else(|| format!("it is not known by which role the {word} acts"))?;
        let make = self.ends.make;
        let policy = make.resource(
            "AWS::IAM::ManagedPolicy",
            vec![
                ("PolicyDocument", self.document(sam)?),
                ("Roles", make.list(vec![role])),
            ],
        );
        let id = format!("{}Policy{}", self.connector.id, self.suffix);
        Ok(vec![self.put(sam, id, policy)])
    }

    /// A permission of the function for each category.
    fn permissions(&self, sam: &mut Sam<'_>) -> Result<Vec<String>, String> {
        let mut made = Vec::new();
        for (name, category) in self.categories(sam) {
            let function = &self.ends.destination.arn;
            let function = function.clone().ok_or("Arn of the destination is not known")?;
            let mut permission = self.ends.make.resource("AWS::Lambda::Permission", Vec::new());
            if let Some(properties) = slot(&mut permission, "Properties", |make| make.map(Vec::new())) {
                *properties = self.ends.fill(category)?;
                set(properties, "FunctionName", function);
            }
            let id = format!("{}{name}LambdaPermission{}", self.connector.id, self.suffix);
            made.push((id, permission));
        }
        Ok(made
            .into_iter()
            .map(|(id, permission)| self.put(sam, id, permission))
            .collect())
    }

    /// A policy of the destination itself.
    fn resource_policy(&self, sam: &mut Sam<'_>, kind: &str, suffix: &str, list: &str) -> Result<Vec<String>, String> {
        let end = self.ends.destination;
        let named = if list == "Queues" { &end.queue_url } else { &end.arn };
        let named = named.clone().ok_or("it is not known what the policy is attached to")?;
        let make = self.ends.make;
        let policy = make.resource(
            kind,
            vec![("PolicyDocument", self.document(sam)?), (list, make.list(vec![named]))],
        );
        let id = format!("{}{suffix}{}", self.connector.id, self.suffix);
        Ok(vec![self.put(sam, id, policy)])
    }

    /// Puts in what was made, with the attributes of the connector, and says what it connects.
    fn put(&self, sam: &mut Sam<'_>, id: String, mut resource: Node) -> String {
        let make = self.ends.make;
        let written = self.connector.node;
        for attribute in [
            "Condition",
            "DeletionPolicy",
            "DependsOn",
            "Metadata",
            "UpdateReplacePolicy",
        ] {
            if let Some(value) = written.and_then(|node| node.get(attribute)) {
                set(&mut resource, attribute, value.clone());
            }
        }
        let kind = |end: &End| make.map(vec![("Type", make.text(&end.told))]);
        let ends = make.map(vec![
            ("Source", kind(self.ends.source)),
            ("Destination", kind(self.ends.destination)),
        ]);
        if let Some(metadata) = slot(&mut resource, "Metadata", |make| make.map(Vec::new())) {
            let connectors = make.map(vec![(&*self.connector.id, ends)]);
            set(metadata, "aws:sam:connectors", connectors);
        }
        sam.insert(maremma_model::Entry {
            key: id.as_str().into(),
            key_place: self.connector.place,
            value: resource,
        });
        id
    }
}
