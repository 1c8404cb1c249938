//! A stage that keeps the answers of its functions unencrypted.

use crate::subject::api::{Protocol, Staged, judge_stages};
use crate::verdict::judge::{attribute, whole};
use crate::verdict::possible::{Told, is};
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::MethodSetting;
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Setting, Severity, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "apigw-cache-unencrypted",
        title: "REST API cache without encryption",
        tier: Tier::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::ApiGateway::Stage",
        controls: &[
            Control::fsbp("APIGateway.5"),
            Control::nist("SC-28"),
            Control::pci("3.5.1"),
            Control::owasp("SAS-3"),
        ],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV_AWS_308"),
            Equivalent::exact(Peer::Trivy, "AWS-0002"),
            Equivalent::near(Peer::Trivy, "AWS-0110"),
            Equivalent::near(Peer::CfnNag, "W87"),
            Equivalent::exact(Peer::Prowler, "apigateway_restapi_cache_encrypted"),
            Equivalent::exact(Peer::SecurityHub, "FSBP APIGateway.5"),
            Equivalent::near(Peer::Kics, "37cca703-b74c-48ba-ac81-595b53398e9b"),
            Equivalent::near(Peer::ControlTower, "CT.APIGATEWAY.PR.3"),
            Equivalent::near(Peer::Guard, "API_GW_CACHE_ENABLED_AND_ENCRYPTED"),
            Equivalent::near(Peer::Config, "api-gw-cache-enabled-and-encrypted"),
            Equivalent::near(Peer::CloudSploit, "apiStageLevelCacheEncryption"),
        ],
        page: include_str!("apigw_cache_unencrypted.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    judge_stages(context, findings, |staged| {
        if staged.protocol != Protocol::Rest {
            return Err("HTTP and WebSocket APIs have no cache");
        }
        let stage = staged.stage;
        let cached = on(&stage.cache_enabled);
        if cached.is.is_no() {
            return Err("the stage has no cache");
        }
        let (draft, open) = draft(staged);
        let draft = match cached.is {
            Match::Unknown => draft.doubted(&cached.words("CacheClusterEnabled", "is"), cached.why.cloned()),
            Match::Yes | Match::No => draft,
        };
        let draft = match open {
            Some(told) => draft.doubted(&told.words("CacheDataEncrypted", "is"), told.why.cloned()),
            None => draft,
        };
        let fix = Fix::new("Encrypt what is cached").snippet(
            "MethodSettings:\n  - {ResourcePath: /*, HttpMethod: \"*\", CachingEnabled: true, CacheDataEncrypted: true}",
        );
        Ok(draft.fix(fix))
    });
}

/// The draft for a stage with a cache, and the setting that would decide it.
fn draft<'s>(staged: &'s Staged<'_, '_>) -> (Draft, Option<Told<'s, bool>>) {
    let stage = staged.stage;
    let bad = format!("{} keeps the answers of its functions unencrypted", staged.name);
    let encrypted = |setting: &'s MethodSetting| on(&setting.cache_data_encrypted);
    let every = staged.wide().map(encrypted).find(|told| !told.is.is_no());
    // Only GET is cached unless a setting says otherwise.
    // Source: API Gateway developer guide, "Cache settings for REST APIs".
    let caches = |setting: &MethodSetting| is(&setting.caching_enabled, &|on| on.is_none_or(|&on| on).into()).is;
    let own = stage.methods.iter().filter(|setting| {
        // What is not written of one method holds as it does of all.
        let silent = setting.cache_data_encrypted.is_unset() && every.is_some();
        !silent && !caches(setting).is_no()
    });
    let worst = own.clone().find(|setting| encrypted(setting).is.is_no());
    let worst = worst.or_else(|| own.clone().find(|setting| encrypted(setting).is.is_unknown()));
    let off = stage.methods.iter().any(|setting| {
        let all = matches!(setting.selector.as_literal(), Some("*/*"));
        all && caches(setting).is_no()
    });
    match worst {
        Some(setting) => {
            let show = ToString::to_string;
            let evidence = attribute(
                &stage.resource,
                "CacheDataEncrypted",
                &setting.cache_data_encrypted,
                &show,
            );
            let told = Some(encrypted(setting)).filter(|told| told.is.is_unknown());
            (Draft::new(staged.id, Verdict::Fail, bad, evidence), told)
        }
        None if every.is_some() || off => {
            let says = if off {
                "no method is cached"
            } else {
                "what is cached is encrypted"
            };
            (
                Draft::new(staged.id, Verdict::Pass, says, whole(&stage.resource, says)),
                None,
            )
        }
        None => {
            let show = ToString::to_string;
            let evidence = attribute(&stage.resource, "CacheClusterEnabled", &stage.cache_enabled, &show);
            (Draft::new(staged.id, Verdict::Fail, bad, evidence), None)
        }
    }
}

fn on(setting: &Setting<bool>) -> Told<'_, bool> {
    is(setting, &|on| on.map_or(Match::No, |&on| on.into()))
}
