//! stub
use super::Sam;

pub(super) const KIND: &str = "AWS::Serverless::Connector";

pub(super) fn expand(_sam: &mut Sam<'_>) {}
