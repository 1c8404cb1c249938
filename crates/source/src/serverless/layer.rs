//! `layers`: layers whose content stands on disk, and the accounts that may use them.

use super::naming;
use super::service::{Service, entries, handed, listed, part};
use crate::cloudformation::make::Make;

pub(super) fn compile(service: &mut Service<'_>) {
    let layers = service.layers.clone();
    for entry in entries(&layers) {
        let (at, layer) = (Make(entry.key_place), &entry.value);
        if !layer.is_map() {
            let what = format!("layer {}", entry.key);
            service.unreadable(&what, "a map", layer);
            continue;
        }
        let content = part(layer, "path")
            .or_else(|| part(part(layer, "package")?, "artifact"))
            .cloned();
        let names = [
            ("name", "LayerName"),
            ("description", "Description"),
            ("licenseInfo", "LicenseInfo"),
            ("compatibleRuntimes", "CompatibleRuntimes"),
            ("compatibleArchitectures", "CompatibleArchitectures"),
        ];
        let mut properties = handed(layer, &names);
        if part(layer, "name").is_none() {
            properties.push(("LayerName", at.text(&entry.key)));
        }
        properties.push(("Content", content.unwrap_or_else(|| at.text("."))));
        let base = naming::normal(&entry.key);
        let id = format!("{base}LambdaLayer");
        service.add(&id, at.resource("AWS::Lambda::LayerVersion", properties));
        for account in part(layer, "allowedAccounts").map(listed).unwrap_or_default() {
            let at = Make(account.place);
            let named = service.text(&account).unwrap_or_default().replace('*', "Wild");
            let properties = vec![
                ("Action", at.text("lambda:GetLayerVersion")),
                ("LayerVersionArn", at.reference(&id)),
                ("Principal", account),
            ];
            let id = format!("{base}{named}LambdaLayerPermission");
            service.add(&id, at.resource("AWS::Lambda::LayerVersionPermission", properties));
        }
    }
}
