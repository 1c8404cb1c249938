//! Services of the Serverless Framework, which become templates when all files are found.

use super::{Options, Reading, Template, one_path, start_of};
use crate::assembly::Assembled;
use crate::files::Candidate;
use crate::serverless;
use maremma_model::{GapKind, Node};
use std::path::PathBuf;
use std::sync::Arc;

/// A service of the Serverless Framework, before it is a template.
pub(super) struct Service {
    pub(super) path: PathBuf,
    pub(super) told: Arc<str>,
    pub(super) root: Arc<Node>,
}

impl Reading {
    /// Makes templates of the services. A template that a service includes is a part of it, and no root.
    pub(super) fn services(&mut self, roots: Option<&[PathBuf]>, options: &Options) {
        let services = std::mem::take(&mut self.services);
        if services.is_empty() {
            return;
        }
        let known = self
            .templates
            .iter()
            .map(|template| (one_path(&template.path), template.root.clone()));
        let mut includes = serverless::Includes::new(roots, self.estate.files.len(), known.collect());
        let mut made = Vec::new();
        for service in services {
            let template = serverless::template(&service.root, &service.path, &mut includes, &options.deployment);
            made.push(Template {
                path: service.path,
                told: service.told,
                root: Arc::new(template.root),
                assembled: Some(Assembled {
                    account: None,
                    region: template.region,
                }),
                service: true,
            });
        }
        self.templates
            .retain(|template| !includes.taken.contains(&one_path(&template.path)));
        self.templates.extend(made);
        self.estate.files.extend(includes.files);
        self.estate.gaps.extend(includes.gaps);
        self.estate.sensitive.extend(includes.sensitive);
    }

    /// A service that is written in code, unless one beside it is not: that is the one which the framework reads.
    pub(super) fn code(&mut self, candidate: &Candidate, told: &Arc<str>) {
        let beside = |ending: &&str| candidate.path.with_extension(ending).is_file();
        if candidate.named || !["yml", "yaml", "json"].iter().any(beside) {
            let file = self.add_file(told, None);
            let reason = "a service that is written in code: run `serverless package` and scan the template that it writes, or `serverless print` and scan its output";
            self.gap(Some(start_of(file)), GapKind::Unsupported, reason.to_owned());
        }
    }
}
