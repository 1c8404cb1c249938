//! Small estates and findings by hand, for the tests of this room.

use crate::run::{Options, Run, Tool};
use maremma_model::estate::AnyId;
use maremma_model::noun::{
    Code, DurableConfig, Function, ImageConfig, LoggingConfig, RuntimeManagement, Variable, VpcAttachment,
};
use maremma_model::*;
use std::sync::Arc;
use std::time::Duration;

pub(crate) static OPEN_URL: Rule = Rule {
    id: "url-auth-none",
    title: "Function URL without authentication",
    tier: Tier::Core,
    severity: Severity::Critical,
    confidence: Confidence::High,
    subject: "AWS::Lambda::Url",
    controls: &[Control::fsbp("Lambda.1")],
    equivalents: &[
        Equivalent::exact(Peer::Checkov, "CKV_AWS_258"),
        Equivalent::near(Peer::Trivy, "AWS-0000"),
    ],
    page: "# Function URL without authentication\n\n## What it finds\n\nA URL with `AuthType: NONE`.\n\n## Fix\n\n\
           ```yaml\nAuthType: AWS_IAM\n```\n\n## References\n\n- [AWS: auth](https://docs.aws.amazon.com/urls-auth.html)\n\n\
           ## Fixtures\n\n```yaml fail\nAuthType: NONE # finding: url-auth-none\n```\n",
};

pub(crate) static WIDE_ROLE: Rule = Rule {
    id: "role-admin",
    title: "Execution role may do everything",
    tier: Tier::Core,
    severity: Severity::High,
    confidence: Confidence::Medium,
    subject: "AWS::IAM::Role",
    controls: &[],
    equivalents: &[],
    page: "# Execution role may do everything\n",
};

/// A check that is not among those that run.
pub(crate) static LEFT_OUT: Rule = Rule {
    id: "layer-public",
    title: "Layer that anybody may use",
    tier: Tier::Core,
    severity: Severity::High,
    confidence: Confidence::High,
    subject: "AWS::Lambda::LayerVersion",
    controls: &[Control::fsbp("Lambda.10")],
    equivalents: &[],
    page: "# Layer that anybody may use\n",
};

const CHECKS: &[&Rule] = &[&OPEN_URL, &WIDE_ROLE];

pub(crate) const TEMPLATE: &str = "\
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Environment:
        Variables:
          PASSWORD: hunter2hunter2
  OrdersUrl:
    Type: AWS::Lambda::Url
    Properties:
      AuthType: NONE
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/AdministratorAccess
  Stock:
    Type: AWS::Lambda::Function
";

/// The place of the first `needle` after `after`.
pub(crate) fn place_after(estate: &Estate, file: u32, after: &str, needle: &str) -> Place {
    let text = estate.files[file as usize].text.clone().unwrap();
    let from = text.find(after).unwrap();
    let start = from + text[from..].find(needle).unwrap();
    let pos = |offset: usize| {
        let line_start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
        Pos {
            offset: offset as u32,
            line: 1 + text[..offset].matches('\n').count() as u32,
            column: 1 + text[line_start..offset].chars().count() as u32,
        }
    };
    Place {
        file: FileId(file),
        span: Span {
            start: pos(start),
            end: pos(start + needle.len()),
        },
    }
}

pub(crate) fn place(estate: &Estate, needle: &str) -> Place {
    place_after(estate, 0, "", needle)
}

/// An estate of one file and no rows.
pub(crate) fn estate_of(path: &str, text: &str) -> Estate {
    Estate {
        units: vec![Unit {
            name: path.into(),
            format: "cloudformation".into(),
            account: None,
            region: None,
        }],
        files: vec![SourceFile {
            path: path.into(),
            text: Some(text.into()),
        }],
        ..Estate::default()
    }
}

/// [`TEMPLATE`] with its two functions and the password.
pub(crate) fn estate() -> Estate {
    let mut estate = estate_of("template.yaml", TEMPLATE);
    let at = place(&estate, "hunter2hunter2");
    let mut orders = function(resource(&estate, "Orders", "AWS::Lambda::Function"));
    orders.environment.push(variable("PASSWORD", "hunter2hunter2", at));
    estate.functions.push(orders);
    let stock = function(resource(&estate, "Stock", "AWS::Lambda::Function"));
    estate.functions.push(stock);
    estate
}

pub(crate) fn variable(name: &str, value: &str, at: Place) -> Variable {
    Variable {
        name: name.into(),
        value: Setting::set(EnvValue::Clear(Secret::new(value.into())), at),
    }
}

pub(crate) fn resource(estate: &Estate, address: &str, kind: &str) -> Resource {
    let key = format!("{address}:");
    Resource {
        unit: UnitId(0),
        address: address.into(),
        kind: kind.into(),
        name: address.into(),
        arn: Text::hole(Why::Attribute(format!("{address}.Arn").into())),
        at: if estate.files[0].text.as_ref().unwrap().contains(&key) {
            place(estate, &key).into()
        } else {
            Place::default().into()
        },
        exists: Existence::Always,
        ignores: Vec::new(),
    }
}

/// A function of which nothing is set.
pub(crate) fn function(resource: Resource) -> Function {
    let at = resource.at.clone();
    macro_rules! unset {
        () => {
            Setting::unset(at.clone())
        };
    }
    Function {
        given_name: unset!(),
        runtime: unset!(),
        package_type: unset!(),
        handler: unset!(),
        architectures: unset!(),
        code: Code {
            s3_bucket: unset!(),
            s3_key: unset!(),
            s3_object_version: unset!(),
            image_uri: unset!(),
            repository: None,
            zip_file: unset!(),
            local_path: unset!(),
            source_kms_key: unset!(),
            sha256: unset!(),
        },
        role: unset!(),
        description: unset!(),
        timeout: unset!(),
        memory_size: unset!(),
        ephemeral_storage: unset!(),
        environment: Vec::new(),
        environment_at: unset!(),
        kms_key: unset!(),
        layers: unset!(),
        code_signing_config: unset!(),
        dead_letter_target: unset!(),
        reserved_concurrency: unset!(),
        recursive_loop: unset!(),
        tracing_mode: unset!(),
        vpc: VpcAttachment {
            subnets: unset!(),
            security_groups: unset!(),
            ipv6_allowed: unset!(),
        },
        file_systems: Vec::new(),
        image: ImageConfig {
            command: unset!(),
            entry_point: unset!(),
            working_directory: unset!(),
        },
        snap_start: unset!(),
        runtime_management: RuntimeManagement {
            update_runtime_on: unset!(),
            runtime_version_arn: unset!(),
        },
        logging: LoggingConfig {
            log_group: unset!(),
            log_format: unset!(),
            application_log_level: unset!(),
            system_log_level: unset!(),
        },
        capacity_provider: unset!(),
        durable: DurableConfig {
            execution_timeout: unset!(),
            retention_days: unset!(),
            kms_key: unset!(),
        },
        tenant_isolation: unset!(),
        tags: unset!(),
        edge: false,
        resource,
    }
}

pub(crate) fn evidence(address: &str, at: impl Into<Location>, says: &str) -> Evidence {
    Evidence {
        at: at.into(),
        address: Some(address.into()),
        says: says.to_owned(),
        fact: Fact::Resource,
    }
}

/// A failed finding of `rule` on `address` of `template.yaml`.
pub(crate) fn finding(rule: &'static Rule, address: &str, affects: &[&str], evidence: Evidence) -> Finding {
    Finding {
        rule,
        verdict: Verdict::Fail,
        severity: rule.severity,
        confidence: rule.confidence,
        subject: Subject {
            resource: None::<AnyId>,
            kind: rule.subject.into(),
            id: format!("template.yaml#{address}").into(),
            name: address.into(),
            account: None,
            region: None,
            qualifier: None,
            address: address.into(),
        },
        detail: None,
        affects: affects
            .iter()
            .map(|name| Arc::from(format!("template.yaml#{name}")))
            .collect(),
        message: format!("{} of {address}", rule.title),
        evidence,
        related: Vec::new(),
        undecided: Vec::new(),
        fix: None,
        fingerprint: format!("{}-{address}", rule.id),
        suppression: None,
    }
}

pub(crate) fn open_url(estate: &Estate) -> Finding {
    let at = place(estate, "NONE");
    let mut open = finding(
        &OPEN_URL,
        "OrdersUrl",
        &["Orders"],
        evidence("OrdersUrl", at, "AuthType is NONE"),
    );
    open.fix = Some(Fix::new("set AuthType to AWS_IAM").replace(&at.into(), "AWS_IAM"));
    open
}

pub(crate) fn wide_role(estate: &Estate) -> Finding {
    let at = place(estate, "arn:aws:iam::aws:policy/AdministratorAccess");
    let evidence = evidence("Role", at, "attached here");
    finding(&WIDE_ROLE, "Role", &["Orders", "Stock"], evidence)
}

pub(crate) fn run<'a>(estate: &'a Estate, findings: &'a [Finding]) -> Run<'a> {
    Run {
        tool: Tool {
            name: "maremma",
            version: "0.1.0",
            url: "https://example.org/maremma",
        },
        targets: &[],
        as_of: "2026-01-02",
        facts: &[],
        estate,
        findings,
        counted: maremma_model::finding::Counted::default(),
        checks: CHECKS,
        own: &[],
        not_assessed: &[],
        notes: &[],
        functions: estate.functions.len(),
        framework: None,
        options: Options {
            include_passed: false,
            fail_on: Severity::Low,
            strict: false,
            tier: Tier::Hygiene,
            named: false,
        },
        elapsed: Duration::from_millis(12),
    }
}
