//! The layout of a directory of answers: which call the path of a file says that it answers.
//!
//! `<account>/<region>/<service>/<operation>.json` answers a call without arguments,
//! `<account>/<region>/<service>/<operation>/<argument>.json` one with them: several have `,` between them, and what is
//! not a letter, a digit, `-` or `_` is percent-encoded. `.2` before the ending is a second page, `.error` an error.

use super::operation::Operation;
use super::table;
use std::path::Path;
use std::sync::Arc;

/// What a path says.
pub(super) struct Told {
    pub(super) account: Arc<str>,
    /// `None` where the directory is called `global` or `aws-global`.
    pub(super) region: Option<Arc<str>>,
    pub(super) service: String,
    pub(super) name: String,
    pub(super) arguments: Vec<Arc<str>>,
    pub(super) is_error: bool,
    pub(super) page: u32,
}

impl Told {
    /// The operation, where it is one that is read.
    pub(super) fn operation(&self) -> Option<&'static Operation> {
        table::find(&self.service, &self.name)
    }
}

/// What the path of a file says of the call; `None` where it is not of the layout.
pub(super) fn told(path: &Path) -> Option<Told> {
    let mut parts: Vec<&str> = path.iter().map(|part| part.to_str()).collect::<Option<_>>()?;
    let file = parts.pop()?.strip_suffix(".json")?;
    let (stem, is_error, page) = match file.strip_suffix(".error") {
        Some(stem) => (stem, true, 1),
        None => {
            let (stem, page) = paged(file);
            (stem, false, page)
        }
    };
    let with_arguments = || of_directories(&parts, 4).map(|told| (told, decoded(stem)));
    let without = || {
        let mut parts = parts.clone();
        parts.push(stem);
        of_directories(&parts, 4).map(|told| (told, Vec::new()))
    };
    let ((account, region, service, name), arguments) = with_arguments().or_else(without)?;
    Some(Told {
        account: account.into(),
        region: (!matches!(region, "global" | "aws-global")).then(|| region.into()),
        service: service.to_owned(),
        name: name.to_owned(),
        arguments,
        is_error,
        page,
    })
}

/// Account, region, service and operation as the last directories.
fn of_directories<'p>(parts: &[&'p str], count: usize) -> Option<(&'p str, &'p str, &'p str, &'p str)> {
    let start = parts.len().checked_sub(count)?;
    match parts.get(start..)? {
        [account, region, service, name]
            if is_account(account) && is_region(region) && is_word(service) && is_word(name) =>
        {
            Some((account, region, service, name))
        }
        _ => None,
    }
}

pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `eu-west-1`, `us-gov-west-1`, `global`, `aws-global`.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    matches!(text, "global" | "aws-global")
        || parts.len() >= 3
            && parts
                .last()
                .is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()))
            && is_word(text)
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// The name of a file without the number of its page, and that number.
fn paged(stem: &str) -> (&str, u32) {
    let page = stem.rsplit_once('.').and_then(|(before, page)| {
        let digits = page.bytes().all(|byte| byte.is_ascii_digit());
        Some((before, page.parse().ok().filter(|_| digits)?))
    });
    page.unwrap_or((stem, 1))
}

fn decoded(stem: &str) -> Vec<Arc<str>> {
    stem.split(',').map(|part| percent_decoded(part).into()).collect()
}

/// A text with its `%41` in the place of `A`; what is no such code stays as it is.
pub(super) fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut made = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                made.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                at += 3;
            }
            _ => {
                made.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&made).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Service, operation and region, arguments, page, and whether it is an error; in words.
    fn shown(path: &str) -> Option<String> {
        let told = told(Path::new(path))?;
        let region = told.region.as_deref().unwrap_or("global");
        let error = if told.is_error { " error" } else { "" };
        Some(format!(
            "{} {} {region} {:?} {}{error}",
            told.service, told.name, told.arguments, told.page
        ))
    }

    #[test]
    fn paths_say_which_call_they_answer() {
        let root = "a/b/111122223333/eu-west-1/lambda/get-policy";
        for (rest, told) in [
            ("/orders.json", r#"eu-west-1 ["orders"] 1"#),
            ("/orders,live.2.json", r#"eu-west-1 ["orders", "live"] 2"#),
            ("/arn%3Aa%2Fb%2Cc.json", r#"eu-west-1 ["arn:a/b,c"] 1"#),
            ("/orders.error.json", r#"eu-west-1 ["orders"] 1 error"#),
            (".json", "eu-west-1 [] 1"),
            ("/%zz%.json", r#"eu-west-1 ["%zz%"] 1"#),
        ] {
            assert_eq!(
                shown(&format!("{root}{rest}")),
                Some(format!("lambda get-policy {told}"))
            );
        }
        let global = shown("111122223333/aws-global/lambda/get-policy.json");
        assert_eq!(global.as_deref(), Some("lambda get-policy global [] 1"));
    }

    #[test]
    fn other_paths_say_nothing() {
        for path in [
            "lambda/list-functions.json",
            "11112222333/eu-west-1/lambda/list-functions.json",
            "111122223333/europe/lambda/list-functions.json",
            "111122223333/eu-west-1/Lambda/list-functions.json",
            "111122223333/eu-west-1/lambda/list-functions.yaml",
            "111122223333/eu-west-1/lambda/get-policy/a/b.json",
            "",
        ] {
            assert!(shown(path).is_none(), "{path}");
        }
    }
}
