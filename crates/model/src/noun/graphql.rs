//! AWS AppSync.

use super::Items;
use crate::resource::Resource;
use crate::setting::Setting;
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// `AWS::AppSync::GraphQLApi`. Its functions are [`super::Trigger`]s.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GraphqlApi {
    pub resource: Resource,
    /// `API_KEY`, `AWS_IAM`, `AWS_LAMBDA`, ...: of every field that the schema does not mark otherwise.
    pub authentication_type: Setting<Text>,
    /// The types of `AdditionalAuthenticationProviders`: of fields that the schema marks.
    pub additional_types: Items<Text>,
    /// `GLOBAL` or `PRIVATE`.
    pub visibility: Setting<Text>,
}
