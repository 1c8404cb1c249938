//! PLACEHOLDER until branch words is merged.
use maremma_model::{AnyId, Text};
pub(crate) fn attribute(_ty: &str, name: &str, of: AnyId, address: &str) -> Text {
    let name = if name == "arn" { "Arn" } else { "Ref" };
    Text::attribute(of, name, format!("{address}.{name}"))
}

pub(crate) fn cfn_type(ty: &str) -> &str { ty }
pub(crate) fn translate(_i: Vec<super::instance::Instance>, _u: maremma_model::UnitId, _s: &crate::site::Site, _r: &mut crate::resources::Resources) {}
