//! The resource types that are read, each with its noun and its reader, declared once.

use crate::cx::Cx;
use crate::map;
use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{AnyId, Estate, Noun, Resource, Table};
use std::collections::HashMap;

/// One resource type.
pub(crate) struct Kind {
    /// The noun's name in the model.
    pub(crate) noun: &'static str,
    /// The property that holds the physical name.
    pub(crate) name: Option<&'static str>,
    /// The id that the n-th row of the noun will get.
    pub(crate) id: fn(usize) -> AnyId,
    /// Reads the resource and pushes its row.
    pub(crate) read: fn(&Cx<'_>, Resource, &Props<'_>, &mut Estate),
}

macro_rules! kinds {
    ($($cfn:literal $(| $more:literal)* => $noun:ident $(($name:literal))?, $read:path;)+) => {
        /// The kind of a CloudFormation type; `None` for types that no check inspects.
        pub(crate) fn kind_of(cfn: &str) -> Option<Kind> {
            Some(match cfn {
                $($cfn $(| $more)* => Kind {
                    noun: $noun::NAME,
                    #[allow(unused_mut, unused_assignments, reason = "kinds without a name property leave it at None")]
                    name: { let mut name = None; $(name = Some($name);)? name },
                    id: |row| $noun::any(Table::<$noun>::id_at(row)),
                    read: |cx, resource, props, estate| {
                        let row = $read(cx, resource, props);
                        $noun::table_mut(estate).push(row);
                    },
                },)+
                _ => return None,
            })
        }

        /// Every type that is read.
        pub const KINDS: &[&str] = &[$($cfn, $($more,)*)+];
    };
}

kinds! {
    "AWS::Lambda::Function" => Function("FunctionName"), map::lambda::function;
    "AWS::Lambda::Version" => Version, map::lambda::version;
    "AWS::Lambda::Alias" => Alias, map::lambda::alias;
    "AWS::Lambda::Url" => Url, map::lambda::url;
    "AWS::Lambda::Permission" => Permission, map::permission::permission;
    "AWS::Lambda::LayerVersion" => LayerVersion("LayerName"), map::lambda::layer_version;
    "AWS::Lambda::LayerVersionPermission" => LayerPermission, map::permission::layer_permission;
    "AWS::Lambda::EventInvokeConfig" => InvokeConfig, map::lambda::invoke_config;
    "AWS::Lambda::CodeSigningConfig" => CodeSigningConfig, map::lambda::code_signing_config;
    "AWS::Lambda::CapacityProvider" => CapacityProvider("CapacityProviderName"), map::lambda::capacity_provider;
    "AWS::Signer::SigningProfile" => SigningProfile, map::lambda::signing_profile;
    "AWS::IAM::Role" => Role("RoleName"), map::iam::role;
    "AWS::IAM::User" => User("UserName"), map::iam::user;
    "AWS::IAM::Group" => Group("GroupName"), map::iam::group;
    "AWS::IAM::Policy" | "AWS::IAM::RolePolicy" | "AWS::IAM::UserPolicy" | "AWS::IAM::GroupPolicy" => Policy, map::iam::inline_policy;
    "AWS::ApiGateway::RestApi" => RestApi, map::api::rest_api;
    "AWS::ApiGateway::Method" => RestMethod, map::api::method;
    "AWS::ApiGateway::Authorizer" => Authorizer, map::api::authorizer;
    "AWS::ApiGateway::Stage" => Stage, map::stage::stage;
    "AWS::ApiGateway::Deployment" => Other, map::stage::deployment;
    "AWS::ApiGateway::DomainName" | "AWS::ApiGatewayV2::DomainName" => Domain("DomainName"), map::api::domain;
    "AWS::ApiGateway::BasePathMapping" | "AWS::ApiGatewayV2::ApiMapping" => Other, map::api::mapping;
    "AWS::ApiGatewayV2::Api" => HttpApi, map::api_v2::api;
    "AWS::ApiGatewayV2::Route" => HttpRoute, map::api_v2::route;
    "AWS::ApiGatewayV2::Authorizer" => Authorizer, map::api_v2::authorizer;
    "AWS::ApiGatewayV2::Stage" => Stage, map::stage::stage_v2;
    "AWS::WAFv2::WebACLAssociation" | "AWS::WAFRegional::WebACLAssociation" => WebAclAssociation, map::api::web_acl_association;
    "AWS::ApiGateway::UsagePlan" => UsagePlan("UsagePlanName"), map::api::usage_plan;
    "AWS::S3::BucketPolicy" => ResourcePolicy, map::policy::bucket;
    "AWS::SQS::QueuePolicy" | "AWS::SQS::QueueInlinePolicy" => ResourcePolicy, map::policy::queue;
    "AWS::SNS::TopicPolicy" | "AWS::SNS::TopicInlinePolicy" => ResourcePolicy, map::policy::topic;
    "AWS::Events::EventBusPolicy" => ResourcePolicy, map::policy::bus;
    "AWS::SecretsManager::ResourcePolicy" => ResourcePolicy, map::policy::secret;
    "AWS::SSM::ResourcePolicy" => ResourcePolicy, map::policy::parameter;
    "AWS::Kinesis::ResourcePolicy" => ResourcePolicy, map::policy::stream;
    "AWS::Lambda::EventSourceMapping" => Trigger, map::event::mapping;
    "AWS::Events::Rule" => Other, map::event::rule;
    "AWS::Scheduler::Schedule" => Other, map::event::schedule;
    "AWS::Pipes::Pipe" => Other, map::event::pipe;
    "AWS::SNS::Subscription" => Other, map::event::subscription;
    "AWS::Logs::SubscriptionFilter" => Other, map::caller::log_subscription;
    "AWS::IoT::TopicRule" => Other, map::caller::iot_rule;
    "AWS::Cognito::UserPool" => Other, map::caller::user_pool;
    "AWS::AppSync::DataSource" => Other, map::graphql::data_source;
    "AWS::AppSync::GraphQLApi" => GraphqlApi, map::graphql::api;
    "AWS::VpcLattice::Service" => LatticeService, map::balancer::lattice_service;
    "AWS::VpcLattice::ServiceNetwork" => ServiceNetwork, map::balancer::service_network;
    "AWS::VpcLattice::ServiceNetworkServiceAssociation" => Other, map::balancer::service_association;
    "AWS::VpcLattice::Listener" => Other, map::balancer::lattice_listener;
    "AWS::VpcLattice::Rule" => Other, map::balancer::lattice_rule;
    "AWS::VpcLattice::TargetGroup" => Other, map::balancer::lattice_target_group;
    "AWS::Config::ConfigRule" | "AWS::Config::OrganizationConfigRule" => Other, map::caller::config_rule;
    "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm" => Other, map::caller::alarm;
    "AWS::Lex::BotAlias" => Other, map::caller::bot_alias;
    "AWS::KinesisFirehose::DeliveryStream" => Other, map::caller::delivery_stream;
    "AWS::SES::ReceiptRule" => Other, map::caller::receipt_rule;
    "AWS::S3ObjectLambda::AccessPoint" => Other, map::caller::object_lambda;
    "AWS::Bedrock::Agent" => Other, map::caller::agent;
    "AWS::ElasticLoadBalancingV2::TargetGroup" => TargetGroup, map::balancer::target_group;
    "AWS::ElasticLoadBalancingV2::Listener" => Listener, map::balancer::listener;
    "AWS::ElasticLoadBalancingV2::ListenerRule" => ListenerRule, map::balancer::listener_rule;
    "AWS::ElasticLoadBalancingV2::LoadBalancer" => LoadBalancer, map::balancer::load_balancer;
    "AWS::SecretsManager::Secret" => ManagedSecret("Name"), map::key::secret;
    "AWS::SecretsManager::RotationSchedule" => SecretRotation, map::caller::rotation;
    "AWS::KMS::Key" | "AWS::KMS::ReplicaKey" => Key, map::key::key;
    "AWS::SSM::Parameter" => Parameter("Name"), map::key::parameter;
    "AWS::S3::Bucket" => Bucket("BucketName"), map::data::bucket;
    "AWS::DynamoDB::Table" => DataTable("TableName"), map::data::table;
    "AWS::DynamoDB::GlobalTable" => DataTable("TableName"), map::data::global_table;
    "AWS::Kinesis::Stream" => Stream("Name"), map::data::stream;
    "AWS::EFS::FileSystem" => FileSystem, map::data::file_system;
    "AWS::EFS::AccessPoint" => AccessPoint, map::data::access_point;
    "AWS::ECR::Repository" => Repository("RepositoryName"), map::data::repository;
    "AWS::SQS::Queue" => Queue("QueueName"), map::messaging::queue;
    "AWS::SNS::Topic" => Topic("TopicName"), map::messaging::topic;
    "AWS::Events::EventBus" => Bus("Name"), map::messaging::bus;
    "AWS::StepFunctions::StateMachine" => StateMachine("StateMachineName"), map::messaging::state_machine;
    "AWS::ECR::RegistryScanningConfiguration" => RegistryScanning, map::delivery::registry_scanning;
    "AWS::CodeDeploy::Application" => DeploymentApplication("ApplicationName"), map::delivery::deployment_application;
    "AWS::CodeDeploy::DeploymentGroup" => DeploymentGroup("DeploymentGroupName"), map::delivery::deployment_group;
    "AWS::CloudFront::Distribution" => Distribution, map::delivery::distribution;
    "AWS::Logs::LogGroup" => LogGroup("LogGroupName"), map::watch::log_group;
    "Custom::LogRetention" => LogGroup("LogGroupName"), map::watch::log_retention;
    "AWS::CloudTrail::Trail" => Trail("TrailName"), map::watch::trail;
    "AWS::CloudTrail::EventDataStore" => Trail("Name"), map::watch::event_data_store;
    "AWS::GuardDuty::Detector" => Detector, map::watch::detector;
    "AWS::GuardDuty::PublishingDestination" => Other, map::watch::publishing_destination;
    "AWS::EC2::VPC" => Vpc, map::network::vpc;
    "AWS::EC2::Subnet" => Subnet, map::network::subnet;
    "AWS::EC2::SecurityGroup" => SecurityGroup, map::network::security_group;
    "AWS::EC2::SecurityGroupIngress" => SecurityGroupRule, map::network::security_group_ingress;
    "AWS::EC2::SecurityGroupEgress" => SecurityGroupRule, map::network::security_group_egress;
    "AWS::EC2::RouteTable" => RouteTable, map::network::route_table;
    "AWS::EC2::Route" => Route, map::network::route;
    "AWS::EC2::SubnetRouteTableAssociation" => RouteTableAssociation, map::network::route_table_association;
    "AWS::EC2::VPCEndpoint" => VpcEndpoint, map::network::vpc_endpoint;
    "AWS::EC2::FlowLog" => FlowLog, map::network::flow_log;
    "AWS::IAM::ManagedPolicy" => Policy("ManagedPolicyName"), map::iam::managed_policy;
}

/// The kind of everything else.
pub(crate) fn other() -> Kind {
    Kind {
        noun: Other::NAME,
        name: None,
        id: |row| Other::any(Table::<Other>::id_at(row)),
        read: |cx, resource, props, estate| {
            let row = map::caller::custom_or_other(cx, resource, props);
            estate.others.push(row);
        },
    }
}

/// How many rows of each noun have been promised.
#[derive(Default)]
pub(crate) struct Counts(HashMap<&'static str, usize>);

impl Counts {
    /// How many rows of a noun have been promised.
    pub(crate) fn of(&self, noun: &str) -> usize {
        self.0.get(noun).copied().unwrap_or(0)
    }

    /// The id of the next row of a kind.
    pub(crate) fn next(&mut self, kind: &Kind) -> AnyId {
        let row = self.0.entry(kind.noun).or_default();
        let id = (kind.id)(*row);
        *row += 1;
        id
    }
}
