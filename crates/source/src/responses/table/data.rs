//! Tables, streams, file systems, repositories, and the stores that no check inspects yet.

use super::policy::{Beside, beside};
use crate::responses::operation::{OPERATION, Operation, SHAPE, Shape};
use crate::responses::reading::{Member, Reading, value};
use crate::responses::select::capitalised;
use maremma_model::{Document, Field, Value};

const TABLE_TYPE: &str = "AWS::DynamoDB::Table";
const STREAM_TYPE: &str = "AWS::Kinesis::Stream";
const FILES_TYPE: &str = "AWS::EFS::FileSystem";
const REPOSITORY_TYPE: &str = "AWS::ECR::Repository";

static LISTED_TABLE: Shape = Shape {
    cfn: TABLE_TYPE,
    arn: "arn:{partition}:dynamodb:{region}:{account}:table/{.}",
    names: "{.}",
    properties: "TableName={.}",
    ..SHAPE
};

static TABLE: Shape = Shape {
    cfn: TABLE_TYPE,
    arn: "{TableArn}",
    names: "{TableName}",
    properties: "TableName StreamSpecification.StreamViewType SSESpecification.KMSMasterKeyId=SSEDescription.KMSMasterKeyArn",
    ..SHAPE
};

static LISTED_STREAM: Shape = Shape {
    cfn: STREAM_TYPE,
    arn: "arn:{partition}:kinesis:{region}:{account}:stream/{.}",
    names: "{.}",
    properties: "Name={.}",
    ..SHAPE
};

static STREAM: Shape = Shape {
    cfn: STREAM_TYPE,
    arn: "{StreamARN}",
    names: "{StreamName}",
    properties: "Name=StreamName StreamEncryption.KeyId=KeyId",
    ..SHAPE
};

static FILES: Shape = Shape {
    cfn: FILES_TYPE,
    arn: "{FileSystemArn}",
    names: "{FileSystemId}",
    properties: "Encrypted",
    ..SHAPE
};

static ACCESS_POINT: Shape = Shape {
    cfn: "AWS::EFS::AccessPoint",
    arn: "{AccessPointArn}",
    names: "{AccessPointId}",
    properties: "FileSystemId PosixUser RootDirectory.Path",
    ..SHAPE
};

static REPOSITORY: Shape = Shape {
    cfn: REPOSITORY_TYPE,
    arn: "{repositoryArn}",
    names: "{repositoryName}",
    properties: "RepositoryName=repositoryName ImageTagMutability=imageTagMutability \
        ImageScanningConfiguration.ScanOnPush=imageScanningConfiguration.scanOnPush \
        EncryptionConfiguration.KmsKey=encryptionConfiguration.kmsKey ImageTagMutabilityExclusionFilters=()",
    run: Some(exclusions),
    ..SHAPE
};

static SCANNING: Shape = Shape {
    cfn: "AWS::ECR::RegistryScanningConfiguration",
    arn: "arn:{partition}:ecr:{region}:{account}:registry/scanning",
    names: "{account}",
    properties: "Rules=^scanningConfiguration.rules",
    ..SHAPE
};

static DB_INSTANCE: Shape = Shape {
    cfn: "AWS::RDS::DBInstance",
    arn: "{DBInstanceArn}",
    names: "{DBInstanceIdentifier}",
    ..SHAPE
};

static DB_CLUSTER: Shape = Shape {
    cfn: "AWS::RDS::DBCluster",
    arn: "{DBClusterArn}",
    names: "{DBClusterIdentifier}",
    ..SHAPE
};

static DB_PROXY: Shape = Shape {
    cfn: "AWS::RDS::DBProxy",
    arn: "{DBProxyArn}",
    names: "{DBProxyName}",
    ..SHAPE
};

static CACHE: Shape = Shape {
    cfn: "AWS::ElastiCache::CacheCluster",
    arn: "arn:{partition}:elasticache:{region}:{account}:cluster:{CacheClusterId}",
    names: "{CacheClusterId}",
    ..SHAPE
};

static CACHE_GROUP: Shape = Shape {
    cfn: "AWS::ElastiCache::ReplicationGroup",
    arn: "arn:{partition}:elasticache:{region}:{account}:replicationgroup:{ReplicationGroupId}",
    names: "{ReplicationGroupId}",
    ..SHAPE
};

pub(super) const OPERATIONS: &[Operation] = &[
    operation!("dynamodb", "list-tables", "", [("TableNames", LISTED_TABLE)]),
    operation!("dynamodb", "describe-table", TABLE_TYPE, [("Table", TABLE)], named_by: "Table.TableArn"),
    Operation {
        service: "dynamodb",
        name: "get-resource-policy",
        of: TABLE_TYPE,
        tells: "ResourcePolicy.PolicyDocument=Policy",
        ..OPERATION
    },
    operation!("kinesis", "list-streams", "", [("StreamNames", LISTED_STREAM)]),
    operation!("kinesis", "describe-stream-summary", STREAM_TYPE, [("StreamDescriptionSummary", STREAM)], named_by: "StreamDescriptionSummary.StreamARN"),
    Operation {
        service: "kinesis",
        name: "get-resource-policy",
        of: STREAM_TYPE,
        makes: &["AWS::Kinesis::ResourcePolicy"],
        run: Some(stream_policy),
        ..OPERATION
    },
    operation!("efs", "describe-file-systems", "", [("FileSystems", FILES)]),
    operation!("efs", "describe-access-points", "", [("AccessPoints", ACCESS_POINT)]),
    Operation {
        service: "efs",
        name: "describe-file-system-policy",
        of: FILES_TYPE,
        named_by: "FileSystemId",
        tells: "FileSystemPolicy=Policy",
        ..OPERATION
    },
    operation!("ecr", "describe-repositories", "", [("repositories", REPOSITORY)]),
    Operation {
        service: "ecr",
        name: "get-repository-policy",
        of: REPOSITORY_TYPE,
        named_by: "repositoryName",
        tells: "RepositoryPolicyText=policyText",
        ..OPERATION
    },
    operation!("ecr", "get-registry-scanning-configuration", "", [("", SCANNING)]),
    operation!("rds", "describe-db-instances", "", [("DBInstances", DB_INSTANCE)]),
    operation!("rds", "describe-db-clusters", "", [("DBClusters", DB_CLUSTER)]),
    operation!("rds", "describe-db-proxies", "", [("DBProxies", DB_PROXY)]),
    operation!("elasticache", "describe-cache-clusters", "", [("CacheClusters", CACHE)]),
    operation!(
        "elasticache",
        "describe-replication-groups",
        "",
        [("ReplicationGroups", CACHE_GROUP)]
    ),
];

fn stream_policy(reading: &mut Reading<'_>, member: &Member<'_>) {
    let of = Beside {
        cfn: "AWS::Kinesis::ResourcePolicy",
        from: "Policy",
        on: "ResourceArn",
        document: "ResourcePolicy",
    };
    beside(reading, member, &of);
}

/// CloudFormation puts the name of the type before the names of its parts.
fn exclusions(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(filters) = value(member, "imageTagMutabilityExclusionFilters") else {
        return;
    };
    let named = |field: Field| Field {
        key: format!("ImageTagMutabilityExclusion{}", field.key).into(),
        ..field
    };
    let filter = |item: Document| match item.value {
        Value::Map(fields) => Document::new(Value::Map(fields.into_iter().map(named).collect()), item.at),
        _ => item,
    };
    let filters = capitalised(filters);
    let list = match filters.value {
        Value::List(items) => Value::List(items.into_iter().map(filter).collect()),
        other => other,
    };
    if let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) {
        declared.set("ImageTagMutabilityExclusionFilters", Document::new(list, filters.at));
    }
}
