//! Which configuration of its provider a resource uses: its region, and the tags that it gives to all.

use super::body::{Block, Written};
use super::evaluation::{Evaluation, Key, What};
use super::module::Module;
use super::names::Names;
use super::resource::Resident;
use super::value::{Kind, Value};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// A provider block, and the module that it stands in.
pub(super) struct Provider<'a> {
    module: Rc<Module>,
    row: usize,
    block: &'a Block,
}

fn alias(block: &Block) -> Option<&str> {
    block.body.value("alias").and_then(Written::literal)
}

impl<'a> Evaluation<'a> {
    /// The configuration that a resource uses, where it is written.
    pub(super) fn provider(&self, resident: &Resident<'a>) -> Option<Provider<'a>> {
        let named = resident.block.body.value("provider");
        let name = match named {
            Some(written) => written.dotted(&self.loaded.sources),
            // Without a name it is the one that the type begins with.
            None => resident.ty.split('_').next().unwrap_or_default().to_owned(),
        };
        self.configuration(&resident.module, &name)
    }

    /// The configuration that a module knows by a name: what its call hands it, else its own, else that of the
    /// module around it. Source: Terraform's language reference, "Providers Within Modules".
    fn configuration(&self, module: &Rc<Module>, name: &str) -> Option<Provider<'a>> {
        let (mut module, mut name) = (module.clone(), name.to_owned());
        loop {
            let handed = module.parent.as_ref().and_then(|(parent, row)| {
                let providers = self.call(parent, *row)?.body.value("providers")?;
                Some((parent.clone(), handed(providers, &name, &self.loaded.sources)?))
            });
            if let Some((parent, theirs)) = handed {
                (module, name) = (parent, theirs);
                continue;
            }
            let (own, own_alias) = match name.split_once('.') {
                Some((own, alias)) => (own, Some(alias)),
                None => (&*name, None),
            };
            let blocks = &self.directory(&module)?.providers;
            let mut blocks = blocks.iter().enumerate();
            let found = blocks.find(|(_, block)| block.label(0) == own && alias(block) == own_alias);
            if let Some((row, block)) = found {
                return Some(Provider { module, row, block });
            }
            // Only what has no alias is inherited.
            let (parent, _) = module.parent.as_ref().filter(|_| own_alias.is_none())?;
            module = parent.clone();
        }
    }

    /// The region that a resource is made in: its own word comes before its provider's.
    pub(super) fn region(&self, resident: &Resident<'a>) -> Option<Arc<str>> {
        let body = &resident.block.body;
        if let Some(row) = body.arguments.iter().position(|argument| &*argument.name == "region") {
            return literal(&self.argument(resident, row));
        }
        let provider = self.provider(resident)?;
        let written = provider.block.body.value("region")?;
        literal(&Names::of_module(self, &provider.module).evaluate(written))
    }

    /// The tags that the provider gives to everything, by key.
    pub(super) fn default_tags(&self, resident: &Resident<'a>) -> Option<Rc<BTreeMap<Arc<str>, Value>>> {
        let provider = self.provider(resident)?;
        let names = Names::of_module(self, &provider.module);
        let key = Key {
            what: What::Tags,
            of: provider.module.number,
            row: provider.row,
            undecided: false,
        };
        let body = &provider.block.body;
        let value = self.value(key, provider.block.at, || {
            let in_block = body.block("default_tags").and_then(|block| block.body.value("tags"));
            if let Some(written) = in_block {
                return names.evaluate(written);
            }
            // In JSON the block looks like an argument.
            let given = body.value("default_tags").map(|written| names.evaluate(written));
            given
                .and_then(|value| tags_of(&value))
                .unwrap_or(Value::new(Kind::Null, provider.block.at))
        });
        match value.kind {
            Kind::Map(tags) => Some(tags),
            _ => None,
        }
    }
}

fn tags_of(value: &Value) -> Option<Value> {
    match &value.kind {
        Kind::Map(entries) => entries.get("tags").cloned(),
        Kind::List(items) => items.first().and_then(tags_of),
        _ => None,
    }
}

fn literal(value: &Value) -> Option<Arc<str>> {
    match &value.kind {
        Kind::Text(text) => text.as_literal().map(Arc::from),
        _ => None,
    }
}

/// What a call hands to its module under a name: `providers = { aws = aws.west }`.
fn handed(providers: &Written, name: &str, sources: &[super::source::Source]) -> Option<String> {
    use super::body::Syntax;
    use hcl_edit::Span;
    use hcl_edit::expr::ObjectKey;
    match &providers.syntax {
        Syntax::Json(node) => node.get(name)?.as_str().map(str::to_owned),
        Syntax::Hcl(expression) => {
            let source = sources.get(providers.source)?;
            let words = |span: Option<std::ops::Range<usize>>| span.map(|span| source.words(source.place(span)));
            expression.as_object()?.iter().find_map(|(key, value)| {
                let key = match key {
                    ObjectKey::Ident(key) => key.as_str().to_owned(),
                    ObjectKey::Expression(key) => words(key.span())?,
                };
                (key == name).then(|| words(value.expr().span()))?
            })
        }
    }
}
