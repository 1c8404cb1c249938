//! Every check, family by family. The lists are alphabetical, and a test holds them, the folders and
//! the pages together.

mod api;
mod code;
mod environment;
mod execution;
mod exposure;
mod file_system;
mod flow;
mod keys;
mod layer;
mod network;
mod policy;
mod role;
mod runtime;
mod setting;
mod trigger;
mod url;
mod version;
mod watch;

use crate::Check;
use std::sync::LazyLock;

/// Every check, sorted by id.
pub fn all() -> &'static [&'static Check] {
    static ALL: LazyLock<Vec<&'static Check>> = LazyLock::new(|| {
        let mut all: Vec<_> = [
            api::CHECKS,
            code::CHECKS,
            environment::CHECKS,
            execution::CHECKS,
            exposure::CHECKS,
            file_system::CHECKS,
            flow::CHECKS,
            keys::CHECKS,
            layer::CHECKS,
            network::CHECKS,
            policy::CHECKS,
            role::CHECKS,
            runtime::CHECKS,
            setting::CHECKS,
            trigger::CHECKS,
            url::CHECKS,
            version::CHECKS,
            watch::CHECKS,
        ]
        .into_iter()
        .flatten()
        .copied()
        .collect();
        all.sort_by_key(|check| check.rule.id);
        all
    });
    &ALL
}

/// Declares a family: the modules of its checks and their list.
macro_rules! family {
    ($($module:ident),+ $(,)?) => {
        $(mod $module;)+

        pub(super) const CHECKS: &[&crate::Check] = &[$(&$module::CHECK),+];
    };
}
use family;
