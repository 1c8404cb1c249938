//! An evaluated instance of a resource: what every format of Terraform comes to before it is translated.

use maremma_model::{AnyId, Document, Existence, Place};
use std::sync::Arc;

/// One instance of a resource of the AWS provider.
pub(crate) struct Instance {
    /// The row that it has been promised.
    pub(crate) id: AnyId,
    /// `aws_lambda_function`.
    pub(crate) ty: Arc<str>,
    /// `module.api.aws_lambda_function.orders["eu"]`.
    pub(crate) address: Arc<str>,
    /// The header of its block.
    pub(crate) at: Place,
    pub(crate) exists: Existence,
    /// Where its provider deploys it.
    pub(crate) region: Option<Arc<str>>,
    /// Its attributes by Terraform's names. Nested blocks are lists of maps, also where there can be only
    /// one; what is encoded as JSON is the value itself; default tags are among its tags.
    pub(crate) body: Document,
}
