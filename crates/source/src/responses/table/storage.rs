//! Amazon S3: buckets.

use super::policy::{Beside, beside};
use crate::responses::operation::{OPERATION, Operation, SHAPE, Shape};
use crate::responses::reading::{Member, Reading, members, value};
use maremma_model::{Document, Field, Value};

const BUCKET_TYPE: &str = "AWS::S3::Bucket";

static BUCKET: Shape = Shape {
    cfn: BUCKET_TYPE,
    arn: "arn:{partition}:s3:::{Name}",
    names: "{Name}",
    properties: "BucketName=Name",
    ..SHAPE
};

const OF_BUCKET: Operation = Operation {
    service: "s3api",
    of: BUCKET_TYPE,
    ..OPERATION
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        service: "s3api",
        name: "list-buckets",
        lists: &[("Buckets", &BUCKET)],
        ..OPERATION
    },
    Operation {
        name: "get-bucket-policy",
        makes: &["AWS::S3::BucketPolicy"],
        run: Some(policy),
        ..OF_BUCKET
    },
    Operation {
        name: "get-public-access-block",
        tells: "PublicAccessBlockConfiguration",
        none: Some(nothing_blocked),
        ..OF_BUCKET
    },
    Operation {
        name: "get-bucket-acl",
        tells: "AccessControl=()",
        run: Some(acl),
        ..OF_BUCKET
    },
    Operation {
        name: "get-bucket-ownership-controls",
        tells: "OwnershipControls",
        none: Some(object_writer),
        ..OF_BUCKET
    },
    Operation {
        name: "get-bucket-versioning",
        tells: "VersioningConfiguration.Status=Status",
        ..OF_BUCKET
    },
    Operation {
        name: "get-bucket-encryption",
        tells: "BucketEncryption.ServerSideEncryptionConfiguration=()",
        run: Some(encryption),
        ..OF_BUCKET
    },
    Operation {
        name: "get-bucket-notification-configuration",
        tells: "NotificationConfiguration=()",
        run: Some(notifications),
        ..OF_BUCKET
    },
    Operation {
        service: "s3control",
        name: "get-public-access-block",
        run: Some(account_blocks),
        ..OPERATION
    },
];

fn policy(reading: &mut Reading<'_>, member: &Member<'_>) {
    let of = Beside {
        cfn: "AWS::S3::BucketPolicy",
        from: "Policy",
        on: "Bucket",
        document: "PolicyDocument",
    };
    beside(reading, member, &of);
}

const BLOCKS: [&str; 4] = [
    "BlockPublicAcls",
    "IgnorePublicAcls",
    "BlockPublicPolicy",
    "RestrictPublicBuckets",
];

/// A bucket without a configuration blocks nothing itself: the default of a new one is a configuration.
fn nothing_blocked(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) else {
        return;
    };
    for block in BLOCKS {
        let path = format!("PublicAccessBlockConfiguration.{block}");
        if declared
            .properties
            .get("PublicAccessBlockConfiguration")
            .and_then(|all| all.get(block))
            .is_none()
        {
            declared.set(&path, Document::string("false", member.body.at.clone()));
        }
    }
}

/// What the account blocks it blocks for every bucket.
/// Source: Amazon S3 user guide, "Blocking public access to your Amazon S3 storage".
fn account_blocks(reading: &mut Reading<'_>, member: &Member<'_>) {
    let unit = reading.unit(&member.call.account, member.call.region.as_ref());
    let buckets: Vec<_> = reading
        .declared
        .iter()
        .filter(|(_, cfn, of)| *cfn == BUCKET_TYPE && *of == unit)
        .map(|(id, _, _)| *id)
        .collect();
    for block in BLOCKS {
        let path = format!("PublicAccessBlockConfiguration.{block}");
        let Some(on) = value(member, &path).filter(|on| on.as_str() == Some("true")) else {
            continue;
        };
        for id in &buckets {
            if let Some(declared) = reading.declared_mut(*id) {
                declared.set(&path, on.clone());
            }
        }
    }
}

/// Buckets from before there were ownership controls have none: whoever writes an object owns it.
/// Source: Amazon S3 user guide, "Controlling ownership of objects and disabling ACLs for your bucket".
fn object_writer(reading: &mut Reading<'_>, member: &Member<'_>) {
    let at = || member.body.at.clone();
    let rule = Document::map(vec![("ObjectOwnership", Document::string("ObjectWriter", at()))], at());
    if let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) {
        declared.set("OwnershipControls.Rules", Document::new(Value::List(vec![rule]), at()));
    }
}

/// The canned ACL that grants as much to groups as the grants do.
/// Source: Amazon S3 user guide, "Access control list (ACL) overview".
fn acl(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(grants) = value(member, "Grants") else { return };
    let (mut canned, mut at) = ("Private", grants.at.clone());
    for grant in grants.items() {
        let text = |path: &str| crate::responses::select::select(grant, path);
        let uri = text("Grantee.URI").and_then(|uri| uri.as_str().map(str::to_owned));
        let permission = text("Permission").and_then(|permission| permission.as_str().map(str::to_owned));
        let group = uri.as_deref().map(crate::responses::select::last);
        let found = match (group, permission.as_deref()) {
            (Some("AllUsers"), Some("WRITE" | "WRITE_ACP" | "FULL_CONTROL")) => "PublicReadWrite",
            (Some("AllUsers"), Some(_)) => "PublicRead",
            (Some("AuthenticatedUsers"), Some(_)) => "AuthenticatedRead",
            _ => continue,
        };
        let rank = |name: &str| {
            ["Private", "AuthenticatedRead", "PublicRead", "PublicReadWrite"]
                .iter()
                .position(|known| *known == name)
        };
        if rank(found) > rank(canned) {
            (canned, at) = (found, grant.at.clone());
        }
    }
    if let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) {
        declared.set("AccessControl", Document::string(canned, at));
    }
}

fn encryption(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(rules) = value(member, "ServerSideEncryptionConfiguration.Rules") else {
        return;
    };
    let rule = |rule: &Document| {
        let fields = rule.fields().iter().map(|field| match &*field.key {
            "ApplyServerSideEncryptionByDefault" => Field {
                key: "ServerSideEncryptionByDefault".into(),
                ..field.clone()
            },
            _ => field.clone(),
        });
        Document::new(Value::Map(fields.collect()), rule.at.clone())
    };
    let list = match &rules.value {
        Value::List(items) => Value::List(items.iter().map(rule).collect()),
        other => other.clone(),
    };
    if let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) {
        let path = "BucketEncryption.ServerSideEncryptionConfiguration";
        declared.set(path, Document::new(list, rules.at.clone()));
    }
}

/// A template has one configuration for each event, S3 lists the events of each.
fn notifications(reading: &mut Reading<'_>, member: &Member<'_>) {
    let lists = [
        (
            "LambdaFunctionConfigurations",
            "LambdaFunctionArn",
            "LambdaConfigurations",
            "Function",
        ),
        ("QueueConfigurations", "QueueArn", "QueueConfigurations", "Queue"),
        ("TopicConfigurations", "TopicArn", "TopicConfigurations", "Topic"),
    ];
    let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) else {
        return;
    };
    for (from, target, list, property) in lists {
        for configuration in members(member.body, from) {
            for event in members(configuration, "Events") {
                let mut fields = vec![("Event", event.clone())];
                fields.extend(configuration.get(target).map(|target| (property, target.clone())));
                fields.extend(filter(configuration).map(|filter| ("Filter", filter)));
                let own = Document::map(fields, configuration.at.clone());
                declared.append(&format!("NotificationConfiguration.{list}"), own);
            }
        }
    }
    if let Some(bridge) = member.body.get("EventBridgeConfiguration") {
        let on = Document::string("true", bridge.at.clone());
        let path = "NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled";
        declared.set(path, on);
    }
}

fn filter(configuration: &Document) -> Option<Document> {
    let rules = crate::responses::select::select(configuration, "Filter.Key.FilterRules")?;
    let at = rules.at.clone();
    let key = Document::map(vec![("Rules", rules)], at.clone());
    Some(Document::map(vec![("S3Key", key)], at))
}
