//! PLACEHOLDER until branch words is merged.
use maremma_model::{AnyId, Text};
pub(crate) fn attribute(_ty: &str, name: &str, of: AnyId, address: &str) -> Text {
    let name = if name == "arn" { "Arn" } else { "Ref" };
    Text::attribute(of, name, format!("{address}.{name}"))
}
