//! The CloudFormation types that a check of one's own may be about, each with its noun.

use maremma_model::Noun;
use maremma_model::noun::*;

macro_rules! kinds {
    ($($noun:ident: $($kind:literal)+;)+) => {
        const KINDS: &[(&str, &str)] = &[$($(($kind, $noun::NAME),)+)+];
    };
}

kinds! {
    Function: "AWS::Lambda::Function";
    Version: "AWS::Lambda::Version";
    Alias: "AWS::Lambda::Alias";
    Url: "AWS::Lambda::Url";
    Permission: "AWS::Lambda::Permission";
    LayerVersion: "AWS::Lambda::LayerVersion";
    LayerPermission: "AWS::Lambda::LayerVersionPermission";
    InvokeConfig: "AWS::Lambda::EventInvokeConfig";
    CodeSigningConfig: "AWS::Lambda::CodeSigningConfig";
    CapacityProvider: "AWS::Lambda::CapacityProvider";
    Trigger: "AWS::Lambda::EventSourceMapping";
    SigningProfile: "AWS::Signer::SigningProfile";
    Role: "AWS::IAM::Role";
    User: "AWS::IAM::User";
    Group: "AWS::IAM::Group";
    Policy: "AWS::IAM::Policy" "AWS::IAM::ManagedPolicy" "AWS::IAM::RolePolicy" "AWS::IAM::UserPolicy" "AWS::IAM::GroupPolicy";
    RestApi: "AWS::ApiGateway::RestApi";
    RestMethod: "AWS::ApiGateway::Method";
    HttpApi: "AWS::ApiGatewayV2::Api";
    HttpRoute: "AWS::ApiGatewayV2::Route";
    Authorizer: "AWS::ApiGateway::Authorizer" "AWS::ApiGatewayV2::Authorizer";
    Stage: "AWS::ApiGateway::Stage" "AWS::ApiGatewayV2::Stage";
    Domain: "AWS::ApiGateway::DomainName" "AWS::ApiGatewayV2::DomainName";
    UsagePlan: "AWS::ApiGateway::UsagePlan";
    WebAclAssociation: "AWS::WAFv2::WebACLAssociation" "AWS::WAFRegional::WebACLAssociation";
    ResourcePolicy: "AWS::S3::BucketPolicy" "AWS::SQS::QueuePolicy" "AWS::SQS::QueueInlinePolicy" "AWS::SNS::TopicPolicy"
        "AWS::SNS::TopicInlinePolicy" "AWS::Events::EventBusPolicy" "AWS::SecretsManager::ResourcePolicy"
        "AWS::SSM::ResourcePolicy" "AWS::Kinesis::ResourcePolicy";
    GraphqlApi: "AWS::AppSync::GraphQLApi";
    LatticeService: "AWS::VpcLattice::Service";
    ServiceNetwork: "AWS::VpcLattice::ServiceNetwork";
    TargetGroup: "AWS::ElasticLoadBalancingV2::TargetGroup";
    Listener: "AWS::ElasticLoadBalancingV2::Listener";
    ListenerRule: "AWS::ElasticLoadBalancingV2::ListenerRule";
    LoadBalancer: "AWS::ElasticLoadBalancingV2::LoadBalancer";
    ManagedSecret: "AWS::SecretsManager::Secret";
    SecretRotation: "AWS::SecretsManager::RotationSchedule";
    Key: "AWS::KMS::Key" "AWS::KMS::ReplicaKey";
    Parameter: "AWS::SSM::Parameter";
    Bucket: "AWS::S3::Bucket";
    DataTable: "AWS::DynamoDB::Table" "AWS::DynamoDB::GlobalTable";
    Stream: "AWS::Kinesis::Stream";
    FileSystem: "AWS::EFS::FileSystem";
    AccessPoint: "AWS::EFS::AccessPoint";
    Repository: "AWS::ECR::Repository";
    RegistryScanning: "AWS::ECR::RegistryScanningConfiguration";
    Queue: "AWS::SQS::Queue";
    Topic: "AWS::SNS::Topic";
    Bus: "AWS::Events::EventBus";
    StateMachine: "AWS::StepFunctions::StateMachine";
    DeploymentApplication: "AWS::CodeDeploy::Application";
    DeploymentGroup: "AWS::CodeDeploy::DeploymentGroup";
    Distribution: "AWS::CloudFront::Distribution";
    LogGroup: "AWS::Logs::LogGroup";
    Trail: "AWS::CloudTrail::Trail" "AWS::CloudTrail::EventDataStore";
    Detector: "AWS::GuardDuty::Detector";
    Vpc: "AWS::EC2::VPC";
    Subnet: "AWS::EC2::Subnet";
    SecurityGroup: "AWS::EC2::SecurityGroup";
    SecurityGroupRule: "AWS::EC2::SecurityGroupIngress" "AWS::EC2::SecurityGroupEgress";
    RouteTable: "AWS::EC2::RouteTable";
    Route: "AWS::EC2::Route";
    RouteTableAssociation: "AWS::EC2::SubnetRouteTableAssociation";
    VpcEndpoint: "AWS::EC2::VPCEndpoint";
    FlowLog: "AWS::EC2::FlowLog";
}

/// The noun of a CloudFormation type, and the type as the model keeps it.
pub(crate) fn find(kind: &str) -> Option<(&'static str, &'static str)> {
    KINDS.iter().find(|(own, _)| *own == kind).copied()
}

/// The types of a noun.
pub(crate) fn of(noun: &str) -> impl Iterator<Item = &'static str> {
    KINDS.iter().filter(move |(_, own)| *own == noun).map(|(kind, _)| *kind)
}

pub(crate) fn all() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(kind, _)| *kind)
}
