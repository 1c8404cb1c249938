//! `AWS::Serverless::GraphQLApi`: an API of AppSync with its schema, keys, data sources, functions and
//! resolvers.

mod auth;
mod data_source;
mod resolver;

use super::Sam;
use super::handed_on::{created_by, properties, same, tags};
use super::make::{Make, set};
use super::source::Source;
use maremma_model::{GapKind, Node};

pub(super) fn expand(sam: &mut Sam<'_>, source: Source<'_>) {
    let api = Api { source };
    api.main(sam);
    api.schema(sam);
    auth::connectors(sam, &api);
    api.keys(sam);
    api.domain(sam);
    api.cache(sam);
    data_source::expand(sam, &api);
    resolver::functions(sam, &api);
    resolver::resolvers(sam, &api);
}

/// The API while what belongs to it is made.
struct Api<'n> {
    source: Source<'n>,
}

impl<'n> Api<'n> {
    fn id(&self, suffix: &str) -> String {
        format!("{}{suffix}", self.source.id)
    }

    /// The property by which all that belongs to the API names it.
    fn api_id(&self, make: Make) -> (&'static str, Node) {
        ("ApiId", make.get_att(self.source.id, "ApiId"))
    }

    /// The entries of a map of the API: `DataSources`' kinds, `Functions`.
    fn entries(&self, property: &str) -> &'n [maremma_model::Entry] {
        self.source.property(property).map_or(&[], Node::entries)
    }

    /// Adds what belongs to the API, with what is written on the API itself.
    fn add(&self, sam: &mut Sam<'_>, id: &str, mut resource: Node) {
        for attribute in ["DependsOn", "Metadata"] {
            if let (Some(value), None) = (self.source.node.get(attribute), resource.get(attribute)) {
                set(&mut resource, attribute, value.clone());
            }
        }
        sam.add(self.source, id, resource);
    }

    fn main(&self, sam: &mut Sam<'_>) {
        let make = Make(self.source.place);
        let mut properties = same(
            self.source.node.get("Properties"),
            &[
                "EnvironmentVariables",
                "IntrospectionConfig",
                "OwnerContact",
                "QueryDepthLimit",
                "ResolverCountLimit",
                "Visibility",
                "XrayEnabled",
            ],
        );
        let name = self.source.property("Name").cloned();
        properties.push(("Name", name.unwrap_or_else(|| make.text(self.source.id))));
        properties.extend(auth::properties(sam, self));
        properties.extend(self.logging(sam).map(|logging| ("LogConfig", logging)));
        let mut list = tags(sam, self.source.property("Tags"));
        list.push(created_by(make, "graphqlapi:createdBy"));
        properties.push(("Tags", self.source.make("Tags").list(list)));
        sam.add_main(self.source, make.resource("AWS::AppSync::GraphQLApi", properties));
    }

    /// What is logged: everything where nothing else is written, nothing where that is `false`.
    fn logging(&self, sam: &mut Sam<'_>) -> Option<Node> {
        let written = self.source.property("Logging");
        let make = self.source.make("Logging");
        let parts = match written {
            Some(logging) if logging.is_map() => same(
                Some(logging),
                &["CloudWatchLogsRoleArn", "ExcludeVerboseContent", "FieldLogLevel"],
            ),
            Some(switch) if sam.truth(switch) == Some(false) => return None,
            _ => vec![("FieldLogLevel", make.text("ALL"))],
        };
        let mut config = make.map(parts);
        if config.get("CloudWatchLogsRoleArn").is_none() {
            let policy = make.managed_policy("service-role/AWSAppSyncPushToCloudWatchLogs");
            let role = make.resource(
                "AWS::IAM::Role",
                vec![
                    ("AssumeRolePolicyDocument", make.trust(&["appsync.amazonaws.com"])),
                    ("ManagedPolicyArns", make.list(vec![policy])),
                ],
            );
            let id = self.id("CloudWatchRole");
            self.add(sam, &id, role);
            set(&mut config, "CloudWatchLogsRoleArn", make.get_att(&id, "Arn"));
        }
        Some(config)
    }

    fn schema(&self, sam: &mut Sam<'_>) {
        let names = [("SchemaInline", "Definition"), ("SchemaUri", "DefinitionS3Location")];
        let mut schema = properties(self.source.node.get("Properties"), &names);
        if schema.is_empty() {
            let reason = format!("API {}: SchemaInline or SchemaUri is missing", self.source.id);
            sam.gap(GapKind::Unparsed, reason, self.source.place);
        }
        let make = Make(schema.first().map_or(self.source.place, |(_, node)| node.place));
        schema.push(self.api_id(make));
        let schema = make.resource("AWS::AppSync::GraphQLSchema", schema);
        self.add(sam, &self.id("Schema"), schema);
    }

    fn keys(&self, sam: &mut Sam<'_>) {
        for entry in self.entries("ApiKeys") {
            let make = Make(entry.key_place);
            let names = [
                ("ApiKeyId", "ApiKeyId"),
                ("Description", "Description"),
                ("ExpiresOn", "Expires"),
            ];
            let mut key = properties(Some(&entry.value), &names);
            key.push(self.api_id(make));
            self.add(sam, &self.id(&entry.key), make.resource("AWS::AppSync::ApiKey", key));
        }
    }

    fn domain(&self, sam: &mut Sam<'_>) {
        let Some(domain) = self.source.property("DomainName") else {
            return;
        };
        let make = Make(domain.place);
        let id = self.id("DomainName");
        let parts = same(Some(domain), &["CertificateArn", "Description", "DomainName"]);
        self.add(sam, &id, make.resource("AWS::AppSync::DomainName", parts));
        let parts = vec![self.api_id(make), ("DomainName", make.reference(&id))];
        let association = make.resource("AWS::AppSync::DomainNameApiAssociation", parts);
        self.add(sam, &self.id("DomainNameApiAssociation"), association);
    }

    fn cache(&self, sam: &mut Sam<'_>) {
        let Some(cache) = self.source.property("Cache") else {
            return;
        };
        let make = Make(cache.place);
        let mut parts = same(
            Some(cache),
            &[
                "ApiCachingBehavior",
                "AtRestEncryptionEnabled",
                "TransitEncryptionEnabled",
                "Ttl",
                "Type",
            ],
        );
        parts.push(self.api_id(make));
        self.add(
            sam,
            &self.id("ApiCache"),
            make.resource("AWS::AppSync::ApiCache", parts),
        );
    }
}
