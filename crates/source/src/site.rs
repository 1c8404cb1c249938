//! Where the resources of a unit are deployed, as far as that is given.

use std::collections::BTreeMap;
use std::sync::Arc;

/// What the user says about the deployment.
#[derive(Clone, Debug, Default)]
pub struct Deployment {
    /// `--parameter KEY=VALUE`.
    pub parameters: BTreeMap<String, String>,
    pub account: Option<String>,
    pub region: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Site {
    pub(crate) account: Option<Arc<str>>,
    pub(crate) region: Option<Arc<str>>,
}

impl Site {
    pub(crate) const NOWHERE: Site = Site {
        account: None,
        region: None,
    };

    /// What the user says comes before what the input says of itself.
    pub(crate) fn of(deployment: &Deployment, account: Option<&str>, region: Option<&str>) -> Self {
        let first = |given: &Option<String>, own: Option<&str>| given.as_deref().or(own).map(Arc::from);
        Site {
            account: first(&deployment.account, account),
            region: first(&deployment.region, region),
        }
    }
}
