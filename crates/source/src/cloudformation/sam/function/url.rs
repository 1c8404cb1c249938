//! `FunctionUrlConfig`: the URL, and the permissions that let anyone call it without credentials.

use super::super::Sam;
use super::super::make;
use super::super::source::Source;
use super::version::Alias;
use maremma_model::GapKind;

pub(super) fn expand(sam: &mut Sam<'_>, source: Source<'_>, alias: Option<&Alias>) {
    let Some(config) = source.property("FunctionUrlConfig") else {
        return;
    };
    if make::is_no_value(config) {
        return;
    }
    if make::is_call(config) {
        let reason = "FunctionUrlConfig: AWS's transform does not look into functions here";
        sam.gap(GapKind::Unsupported, reason, config.place);
    }
    let at = source.make("FunctionUrlConfig");
    let target = at.reference(alias.map_or(source.id, |alias| &alias.id));
    let mut properties = vec![("TargetFunctionArn", target.clone())];
    for name in ["AuthType", "Cors", "InvokeMode"] {
        if let Some(value) = config.get(name) {
            properties.push((name, value.clone()));
        }
    }
    sam.add(
        source,
        &format!("{}Url", source.id),
        at.resource("AWS::Lambda::Url", properties),
    );
    // Only where it is written out: a parameter whose value is NONE makes no permission.
    let Some(open) = config.get("AuthType").filter(|kind| kind.as_str() == Some("NONE")) else {
        return;
    };
    let at = make::Make(open.place);
    let shared = |action: &str| {
        vec![
            ("Action", at.text(action)),
            ("FunctionName", target.clone()),
            ("Principal", at.text("*")),
        ]
    };
    let mut url = shared("lambda:InvokeFunctionUrl");
    url.push(("FunctionUrlAuthType", at.text("NONE")));
    let mut invoke = shared("lambda:InvokeFunction");
    invoke.push(("InvokedViaFunctionUrl", at.plain("true")));
    for (suffix, properties) in [("UrlPublicPermissions", url), ("URLInvokeAllowPublicAccess", invoke)] {
        let permission = at.resource("AWS::Lambda::Permission", properties);
        sam.add(source, &format!("{}{suffix}", source.id), permission);
    }
}
