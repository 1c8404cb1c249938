//! Functions that read files of the configuration, and functions of their paths.

use super::super::expression;
use super::super::value::Value;
use super::string::exactly;
use super::{Call, Function, Outcome, Stop, fail, function, hash};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use globset::GlobBuilder;
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use std::fs;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

pub(super) const FUNCTIONS: &[Function] = &[
    function("abspath", 1..=1, abspath),
    function("basename", 1..=1, basename),
    function("dirname", 1..=1, dirname),
    function("file", 1..=1, file),
    function("filebase64", 1..=1, filebase64),
    function("filebase64sha256", 1..=1, filebase64sha256),
    function("filebase64sha512", 1..=1, filebase64sha512),
    function("fileexists", 1..=1, fileexists),
    function("filemd5", 1..=1, filemd5),
    function("fileset", 2..=2, fileset),
    function("filesha1", 1..=1, filesha1),
    function("filesha256", 1..=1, filesha256),
    function("filesha512", 1..=1, filesha512),
    function("pathexpand", 1..=1, pathexpand),
    function("templatefile", 2..=2, templatefile),
    function("templatestring", 2..=2, templatestring),
];

/// Bytes of a file that is taken in as text.
const MAX_TEXT: u64 = 1 << 20;
/// Bytes of a file that is hashed: the largest archive that a function is deployed from directly is 50 MB.
const MAX_HASHED: u64 = 64 << 20;
/// What asking the disk for a file counts.
const FILE_WEIGHT: usize = 500;
/// Bytes that are hashed for one unit of work.
const HASH_WEIGHT: usize = 1024;
/// Templates within templates: OpenTofu reads them, and Terraform stops.
const MAX_TEMPLATES: usize = 16;
/// Entries of directories that one `fileset` looks at, and how deep.
const MAX_ENTRIES: usize = 20_000;
const MAX_DEPTH: usize = 32;

/// Where a path leads that Terraform would read.
enum Found {
    File(PathBuf),
    Other,
    Absent,
}

/// Where the path leads: never out of the root, through no link either.
fn found(call: &Call<'_>, path: &str) -> Result<Found, Stop> {
    call.spend(FILE_WEIGHT)?;
    if path.starts_with('~') || path.contains('\0') {
        return Err(Stop::unresolved("a file outside of the configuration"));
    }
    let joined = call.scope.directory().join(path);
    let outside = || Stop::unresolved("a file outside of the configuration is not read");
    let root = fs::canonicalize(call.scope.root()).map_err(|_| outside())?;
    let Ok(whole) = fs::canonicalize(&joined) else {
        // What is not there tells nothing, but what is outside may be there elsewhere.
        return if inside(&joined, call.scope.root()) {
            Ok(Found::Absent)
        } else {
            Err(outside())
        };
    };
    if !whole.starts_with(&root) {
        return Err(outside());
    }
    match fs::metadata(&whole) {
        Ok(metadata) if metadata.is_file() => Ok(Found::File(whole)),
        Ok(_) => Ok(Found::Other),
        Err(_) => Ok(Found::Absent),
    }
}

/// Whether the path, as it is written, stays below the root.
fn inside(path: &Path, root: &Path) -> bool {
    lexical(path).starts_with(lexical(root))
}

/// The path without `.` and `..`.
fn lexical(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(clean.components().next_back(), Some(Component::Normal(_))) => {
                clean.pop();
            }
            Component::ParentDir if clean.has_root() => {}
            other => clean.push(other),
        }
    }
    clean
}

fn bytes(path: &Path, most: u64) -> Result<Vec<u8>, Stop> {
    let unread = || Stop::unresolved("a file that cannot be read");
    let mut bytes = Vec::new();
    let opened = fs::File::open(path).map_err(|_| unread())?;
    opened.take(most + 1).read_to_end(&mut bytes).map_err(|_| unread())?;
    if bytes.len() as u64 > most {
        return Err(Stop::unresolved("a file that is larger than is read here"));
    }
    Ok(bytes)
}

fn content(call: &Call<'_>, path: &str) -> Result<Vec<u8>, Stop> {
    match found(call, path)? {
        Found::File(file) => {
            let bytes = bytes(&file, MAX_TEXT)?;
            call.spend_text(bytes.len())?;
            Ok(bytes)
        }
        Found::Other => fail(format!("{path} is not a file")),
        Found::Absent => fail(format!(
            "there is no file {path}: add it, or scan where it has been built"
        )),
    }
}

fn text(call: &Call<'_>, path: &str) -> Result<String, Stop> {
    let text = String::from_utf8(content(call, path)?);
    text.map_err(|_| Stop::Failed(format!("{path} is no text in UTF-8: filebase64() takes any file")))
}

fn file(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [path] = exactly(arguments)?;
    call.string(text(call, &call.to_literal(path)?)?)
}

fn filebase64(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [path] = exactly(arguments)?;
    let path = call.to_literal(path)?;
    match found(call, &path)? {
        Found::Absent => Err(absent(&path)),
        _ => call.string(STANDARD.encode(content(call, &path)?)),
    }
}

/// What is built before Terraform runs is usually not there when the configuration is looked at.
fn absent(path: &str) -> Stop {
    Stop::unresolved(&format!("the file {path} is not there, as where it is built first"))
}

fn hashed(call: &Call<'_>, arguments: &[Value], hash: fn(&[u8]) -> String) -> Outcome {
    let [path] = exactly(arguments)?;
    let path = call.to_literal(path)?;
    match found(call, &path)? {
        Found::File(file) => {
            let length = fs::metadata(&file).map_or(0, |metadata| metadata.len());
            call.spend(usize::try_from(length).unwrap_or(usize::MAX) / HASH_WEIGHT + 1)?;
            call.string(hash(&bytes(&file, MAX_HASHED)?))
        }
        Found::Other => fail(format!("{path} is not a file")),
        Found::Absent => Err(absent(&path)),
    }
}

fn filemd5(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    hashed(call, arguments, hash::hex::<Md5>)
}

fn filesha1(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    hashed(call, arguments, hash::hex::<Sha1>)
}

fn filesha256(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    hashed(call, arguments, hash::hex::<Sha256>)
}

fn filesha512(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    hashed(call, arguments, hash::hex::<Sha512>)
}

fn filebase64sha256(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    hashed(call, arguments, hash::base64::<Sha256>)
}

fn filebase64sha512(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    hashed(call, arguments, hash::base64::<Sha512>)
}

/// What is not there may be there where Terraform runs.
fn fileexists(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [path] = exactly(arguments)?;
    let path = call.to_literal(path)?;
    match found(call, &path)? {
        Found::File(_) => call.bool(true),
        Found::Other => fail(format!("{path} is not a file")),
        Found::Absent => Err(absent(&path)),
    }
}

/// The files below a directory that a pattern names, `**` any number of directories.
fn fileset(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [path, pattern] = exactly(arguments)?;
    let (path, pattern) = (call.to_literal(path)?, call.to_literal(pattern)?);
    let pattern = pattern.strip_prefix("./").unwrap_or(&pattern);
    if pattern.split('/').any(|part| part == "..") {
        return Err(Stop::unresolved("a pattern that leads out of its directory"));
    }
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    let matcher = glob
        .map_err(|_| Stop::Failed(format!("{pattern:?} is no pattern")))?
        .compile_matcher();
    let directory = lexical(&call.scope.directory().join(&*path));
    let root = fs::canonicalize(call.scope.root()).ok();
    let whole = fs::canonicalize(&directory).ok();
    let within = whole.zip(root).filter(|(whole, root)| whole.starts_with(root));
    let Some((whole, _)) = within else {
        return if inside(&directory, call.scope.root()) && !directory.exists() {
            call.list(Vec::new())
        } else {
            Err(Stop::unresolved("a directory outside of the configuration is not read"))
        };
    };
    let mut names = Vec::new();
    let mut open = vec![(whole, String::new(), 0usize)];
    let mut seen = 0usize;
    while let Some((directory, prefix, depth)) = open.pop() {
        for entry in fs::read_dir(&directory).into_iter().flatten().filter_map(Result::ok) {
            seen += 1;
            if seen > MAX_ENTRIES || depth > MAX_DEPTH {
                return Err(Stop::unresolved("a directory with more files than are looked at"));
            }
            call.spend(1)?;
            let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else {
                continue;
            };
            let name = format!("{prefix}{name}");
            if kind.is_dir() {
                open.push((entry.path(), format!("{name}/"), depth + 1));
            } else if kind.is_file() && matcher.is_match(&name) {
                names.push(name);
            } else if kind.is_symlink() && matcher.is_match(&name) {
                return Err(Stop::unresolved("a directory with links, which are not followed"));
            }
        }
    }
    names.sort();
    call.list(names.into_iter().map(|name| Value::text(name, call.at)).collect())
}

fn templatefile(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [path, variables] = exactly(arguments)?;
    let text = text(call, &call.to_literal(path)?)?;
    rendered(call, &text, variables)
}

fn templatestring(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text, variables] = exactly(arguments)?;
    rendered(call, &call.to_literal(text)?, variables)
}

fn rendered(call: &Call<'_>, text: &str, variables: &Value) -> Outcome {
    if call.scope.templates() >= MAX_TEMPLATES {
        return Err(Stop::unresolved(
            "templates that stand in each other deeper than is read here",
        ));
    }
    let variables = call.to_entries(variables)?;
    Ok(expression::template(text, (*variables).clone(), call.scope, call.at))
}

/// Which directory the configuration stands in is not told by what it says.
fn abspath(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [path] = exactly(arguments)?;
    let whole = lexical(&call.scope.directory().join(&*call.to_literal(path)?));
    match whole.to_str() {
        Some(whole) if whole.starts_with('/') => call.string(whole),
        _ => Err(Stop::unresolved("the directory that the configuration stands in")),
    }
}

fn pathexpand(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [path] = exactly(arguments)?;
    let path = call.to_literal(path)?;
    if path.starts_with('~') {
        return Err(Stop::unresolved("the home directory of whoever runs Terraform"));
    }
    call.string(path)
}

fn basename(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [path] = exactly(arguments)?;
    let path = call.to_literal(path)?;
    let trimmed = path.trim_end_matches('/');
    call.string(match (path.is_empty(), trimmed.is_empty()) {
        (true, _) => ".",
        (false, true) => "/",
        _ => trimmed.rsplit('/').next().unwrap_or(trimmed),
    })
}

fn dirname(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [path] = exactly(arguments)?;
    let path = call.to_literal(path)?;
    let Some((directory, _)) = path.rsplit_once('/') else {
        return call.string(".");
    };
    let rooted = path.starts_with('/');
    let clean = lexical(Path::new(directory));
    call.string(match clean.to_str() {
        Some("") | None => {
            if rooted {
                "/"
            } else {
                "."
            }
        }
        Some(clean) => clean,
    })
}
